"""Publish a plan: what still fits of it holds from now on, as an immutable schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from dispatch.domain.actor import Actor
from dispatch.domain.plan import PlannedVisit, Route
from dispatch.domain.published import Published as Told
from dispatch.domain.states.run import PLAN, PlanAction, PlanState
from dispatch.domain.states.visit import UNDER_WAY
from dispatch.errors import Stale
from dispatch.operations.fit_draft import FittedDraft, fit_draft, is_same
from dispatch.planning.publish import is_kept, promises
from dispatch.planning.rebase import Conflict
from dispatch.planning.standing import Seat
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import hold_board, visits_of
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.jobs import follow_visits
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.offers import close_offers
from dispatch.store.placing import expect_end, free, place
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.plans import PlanRow, RunRow, ScheduleRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said
from dispatch.store.scope import UNSCOPED
from dispatch.store.seats import planned_seats
from dispatch.store.shifts import keep_breaks, shifts_of
from dispatch.store.waiting import hold_all_order
from dispatch.store.work import Work

ATTEMPTS = 3
"""A board that changes faster than a plan can be fitted to it is given up on."""
PROMISE_S = 7_200
"""How long a window each customer is promised, if nothing is said."""


@dataclass(frozen=True, slots=True)
class Published:
    """What has come of it."""

    schedule: UUID
    number: int
    board_version: int
    conflicts: tuple[Conflict, ...]


def publish_plan(
    database: Database,
    actor: Actor,
    plan_id: UUID,
    travel: TravelTimes,
    *,
    expect: int | None = None,
    promise_s: int = PROMISE_S,
) -> Published:
    """Let a draft hold, as far as it fits the board as it is now.

    Parameters
    ----------
    travel
        As the plan was made with.
    expect
        The version of the board that was looked at; None takes it as it is.

    Raises
    ------
    Stale
        The board is not at that version, or changes too fast.
    Refused
        The plan is no draft (``state.plan``), or ``publish.unverified``: the checker does not
        confirm it as it would be; ``publish.broken``: a rule is broken by what is on no route.

    Routes that break a rule as they stand stay as they are, with all that is tied to them; which
    they are, and what nobody has any more, is named among the conflicts.
    """
    for _ in range(ATTEMPTS):
        fitted = fit_draft(database, actor, plan_id, travel)
        with database.work(actor) as work:
            hold_all_order(work)
            visits = _hold_visits(work, fitted.run)
            board = hold_board(work.session, fitted.run.board_id)
            plan = work.get(PlanRow, plan_id, lock=True)
            if expect is not None and board.version != expect:
                raise Stale("store.stale", kind="board", version=board.version)
            if not is_same(work, visits, fitted):
                continue
            plan.state = PLAN.after(PlanAction.PUBLISH, plan.state)
            work.note("plan.published", plan)
            board.version += 1
            _place(work, plan.run, fitted, visits, promise_s)
            schedule = _schedule(work, plan, fitted)
            _overtake(work, plan)
            told = Published(schedule.id, schedule.number, board.version, fitted.conflicts)
            return work.commit(told)
    raise Stale("store.stale", kind="board")


def _hold_visits(work: Work, run: RunRow) -> list[VisitRow]:
    """Nobody else changes a route of this day until the work ends."""
    technicians = select(TechnicianRow.id).order_by(TechnicianRow.id).with_for_update()
    work.session.execute(technicians)
    return visits_of(work.session, Span(run.start_at, run.end_at), lock=True)


def _place(
    work: Work, run: RunRow, fitted: FittedDraft, visits: Sequence[VisitRow], promise_s: int
) -> None:
    """Write down where each visit is now; those that the plan leaves out are free again."""
    frame = Frame(work.session, Span(run.start_at, run.end_at))
    plan, frozen = fitted.plan, fitted.frozen
    told = promises(fitted.left, plan, promise_s=promise_s)
    shifts = shifts_of(work.session, frame.span)
    planned = {
        Seat(visit.job, visit.seat): (route, number, visit)
        for route in plan.routes
        for number, visit in enumerate(route.visits)
    }
    taken = {(route.technician, route.shift): route.breaks for route in plan.routes}
    for where, shift in shifts.items():
        if where not in frozen.routes:
            keep_breaks(work, shift, taken.get(where, ()))
    seats = planned_seats(visits)
    for row in visits:
        if row.id not in seats:
            continue
        seat = Seat(row.job.key, seats[row.id])
        if seat.job in frozen.jobs:
            continue
        if row.state in UNDER_WAY:
            _expect(work, frame, row, planned.get(seat))
            continue
        if seat not in planned:
            if row.technician_id is not None:
                free(row)
            work.note("visit.freed", row)
            continue
        route, number, visit = planned[seat]
        shift = shifts[route.technician, route.shift]
        place(row, frame.of(TechnicianRow, route.technician), shift.id, number, visit)
        _promise(row, told[seat])
        work.note("visit.scheduled", row)
    for row in visits:
        close_offers(work, row)
    follow_visits(work, {row.job for row in visits})


def _expect(
    work: Work, frame: Frame, row: VisitRow, planned: tuple[Route, int, PlannedVisit] | None
) -> None:
    """What somebody is at ends when they are planned to be done with it."""
    if planned is None:
        return
    route, _, visit = planned
    if row.technician_id == frame.of(TechnicianRow, route.technician):
        expect_end(work, row, visit)


def _promise(row: VisitRow, told: Told) -> None:
    """A promise that is kept is not given anew."""
    if row.start_at is None or told.start is None or told.end is None:
        return
    if not is_kept(row.promised_from, row.promised_to, row.start_at):
        row.promised_from, row.promised_to = told.start, told.end


def _schedule(work: Work, plan: PlanRow, fitted: FittedDraft) -> ScheduleRow:
    # A board counts the schedules of all outlets.
    newest = select(func.max(ScheduleRow.number)).where(ScheduleRow.board_id == plan.run.board_id)
    number = work.session.scalar(newest, execution_options=UNSCOPED) or 0
    schedule = ScheduleRow(
        id=new_id(),
        outlet_id=plan.outlet_id,
        board_id=plan.run.board_id,
        number=number + 1,
        plan_id=plan.id,
        published_at=work.now,
        published_by=work.actor.id,
        routes=[said(route) for route in (*fitted.plan.routes, *fitted.kept)],
        conflicts=[said(conflict) for conflict in fitted.conflicts],
    )
    work.session.add(schedule)
    work.note("schedule.published", schedule)
    return schedule


def _overtake(work: Work, plan: PlanRow) -> None:
    """Other drafts of the same day and outlet were made from what is no longer so."""
    others = (
        select(PlanRow)
        .join(PlanRow.run)
        .where(
            RunRow.board_id == plan.run.board_id,
            PlanRow.outlet_id == plan.outlet_id,
            PlanRow.id != plan.id,
            PlanRow.state == PlanState.DRAFT,
        )
        .order_by(PlanRow.id)
        .with_for_update(of=PlanRow)
    )
    for other in work.session.scalars(others):
        other.state = PLAN.after(PlanAction.OVERTAKE, other.state)
        work.note("plan.overtaken", other)
