"""Writing down where visits are: with whom, in which shift, in which order and when."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager

from dispatch.domain.plan import PlannedVisit, Route
from dispatch.domain.states.visit import COMMITTED, ENDED, UNDER_WAY, VISIT, VisitAction
from dispatch.store.kinds.kind import Span
from dispatch.store.kinds.technicians import named_shifts
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.shifts import keep_breaks
from dispatch.store.work import Work, all_outlets


def place(row: VisitRow, technician: UUID, shift: UUID, number: int, planned: PlannedVisit) -> None:
    """Give a visit its place in a route."""
    row.state = VISIT.after(VisitAction.SCHEDULE, row.state)
    row.technician_id, row.shift_id, row.place = technician, shift, number
    row.arrive_at, row.start_at, row.end_at = planned.arrive, planned.start, planned.end


def free(row: VisitRow) -> None:
    """Take a visit off its route; what held it there holds it no longer."""
    row.state = VISIT.after(VisitAction.UNSCHEDULE, row.state)
    row.technician_id = row.shift_id = row.place = None
    row.arrive_at = row.start_at = row.end_at = row.pin = None


def expect_end(work: Work, row: VisitRow, planned: PlannedVisit) -> None:
    """Let a visit under way end when it is planned to: who does it may have become quicker.

    One that should be over is planned as if it had begun later, and stays as it is.
    """
    if row.start_at == planned.start:
        row.end_at = planned.end
        work.note("visit.expected", row)


def tell_taker(work: Work, row: VisitRow) -> None:
    """Let whoever has taken a visit, or got it from somebody, see it without a release."""
    if row.state in VISIT.moves[VisitAction.RELEASE]:
        row.state = VISIT.after(VisitAction.RELEASE, row.state)
        work.note("visit.told", row)


def hold_people(work: Work, *technicians: UUID | None) -> None:
    """Let nobody else give these anything to do; to be called before any visit is held.

    They are held in one order: of two dispatchers who let two visits change places the
    second waits for the first.
    """
    query = (
        select(TechnicianRow.id)
        .where(TechnicianRow.id.in_({one for one in technicians if one is not None}))
        .order_by(TechnicianRow.id)
        .with_for_update()
    )
    work.session.execute(query, execution_options=UNSCOPED)


def hold_route(work: Work, technician: UUID, visit: UUID) -> None:
    """Let nobody else change what somebody has to do, nor a visit that is to come to it.

    What is seen to fit now fits when it is written down: nothing is taken off meanwhile. Whoever
    calls holds the technician's row, so that nothing is added either.
    """
    theirs = and_(VisitRow.technician_id == technician, VisitRow.state.in_(COMMITTED))
    query = (
        select(VisitRow.id)
        .where(or_(VisitRow.id == visit, theirs))
        .order_by(VisitRow.id)
        .with_for_update()
    )
    work.session.execute(query, execution_options=UNSCOPED)


def place_routes(
    work: Work, technician: TechnicianRow, routes: Sequence[Route], span: Span
) -> None:
    """Write down all that a technician has to do, and their breaks.

    Whoever calls has held the route (:func:`hold_route`) since before it was looked at. No more is
    held: not what others of a crew have to do.

    Visits under way stay where they are. Those of outlets that the actor does not see stay when
    they are; where that cannot be any more, since their technician is late, they come later.
    """
    shifts = dict(named_shifts(technician, span))
    keys = [visit.job for route in routes for visit in route.visits]
    query = (
        select(VisitRow)
        .join(VisitRow.job)
        .where(JobRow.key.in_(keys), VisitRow.state.not_in(ENDED))
        .order_by(VisitRow.id)
        .options(contains_eager(VisitRow.job))
        .execution_options(populate_existing=True, **UNSCOPED)
    )
    rows = {(row.job.key, row.technician_id): row for row in work.session.scalars(query)}
    unseen: list[tuple[VisitRow, UUID, int, PlannedVisit]] = []
    for route in routes:
        shift = shifts[route.shift]
        keep_breaks(work, shift, route.breaks)
        for number, planned in enumerate(route.visits):
            row = rows.get((planned.job, technician.id)) or rows.get((planned.job, None))
            if row is None:
                continue
            if not work.sees(row.outlet_id):
                if row.state not in UNDER_WAY and _is_late(row, planned):
                    unseen.append((row, shift.id, number, planned))
                continue
            if row.state in UNDER_WAY:
                expect_end(work, row, planned)
                continue
            place(row, technician.id, shift.id, number, planned)
            work.note("visit.scheduled", row)
    if not unseen:
        return
    with all_outlets(work):
        for row, shift_id, number, planned in unseen:
            place(row, technician.id, shift_id, number, planned)
            work.note("visit.scheduled", row)


def _is_late(row: VisitRow, planned: PlannedVisit) -> bool:
    return row.start_at is not None and row.start_at < planned.start
