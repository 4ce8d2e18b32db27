"""Give a visit to somebody by hand, take it off, hold it where it is."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.job import Pin, PinLevel
from dispatch.domain.states.visit import ENDED, UNDER_WAY, VisitState
from dispatch.errors import Refused
from dispatch.operations.pool.days import fit_on
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import PlannedDay, day_of, span_of, touch_days, zone_of
from dispatch.store.database import Database
from dispatch.store.days import is_of_day
from dispatch.store.jobs import follow_visits
from dispatch.store.offers import close_offers
from dispatch.store.placing import free, hold_people, hold_route, place_routes, tell_taker
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said
from dispatch.store.snapshot import TO_PLAN
from dispatch.store.waiting import hold_order
from dispatch.store.work import expect


def assign_visit(
    database: Database,
    actor: Actor,
    visit_id: UUID,
    technician_id: UUID,
    travel: TravelTimes,
    *,
    day: date | None = None,
    expected: int | None = None,
) -> None:
    """Put a visit into a technician's route, where it costs least; nothing else is moved.

    Parameters
    ----------
    day
        On which; the first on which it fits their route, if nothing is said.

    Raises
    ------
    Missing, Stale
        There is no such visit or technician; the visit is not at the version that is expected.
    Refused
        ``claim.misfit``: it does not fit, and why; ``assign.crew``: it is one of a crew's, whom
        only a plan brings together; ``assign.begun``: somebody is at it, or it has ended;
        ``assign.not-this-day``: the job is not to be done on it.
    """
    with database.work(actor) as work:
        hold_order(work, visit_id)
        hold_people(work, technician_id, work.get(VisitRow, visit_id).technician_id)
        technician = work.get(TechnicianRow, technician_id, lock=True)
        hold_route(work, technician_id, visit_id)
        visit = work.get(VisitRow, visit_id, lock=True)
        expect(visit, expected)
        job = work.get(JobRow, visit.job_id, lock=True)
        _see_free(job, visit)
        before = {day_of(work.session, visit)} if visit.start_at else set()
        wanted = None if day is None else PlannedDay(day, span_of(day, zone_of(work.session)))
        if wanted is not None and not is_of_day(work.session, job, wanted.span):
            raise Refused("assign.not-this-day", job=job.key, state=job.state.value)
        told = visit.state is VisitState.DISPATCHED
        if visit.technician_id is not None:
            free(visit)
            work.note("visit.freed", visit, why="assigned")
            work.session.flush()
        fit, planned = fit_on(work, technician, job, travel, wanted)
        place_routes(work, technician, fit.routes, planned.span)
        if told:  # whoever had it sees it no longer, and nobody may be without it until a release
            tell_taker(work, visit)
        close_offers(work, visit)
        follow_visits(work, [job])
        touch_days(work.session, {planned.date} | before)
        work.commit()


def unassign_visit(
    database: Database, actor: Actor, visit_id: UUID, *, why: str = "", expected: int | None = None
) -> None:
    """Take a visit off its route; it is free again.

    Raises
    ------
    Missing, Stale
        There is no such visit; it is not at the version that is expected.
    Refused
        ``state.visit``: it is on no route, or somebody is at it.
    """
    with database.work(actor) as work:
        visit = work.get(VisitRow, visit_id, lock=True)
        expect(visit, expected)
        job = work.get(JobRow, visit.job_id, lock=True)
        day = day_of(work.session, visit)
        free(visit)
        work.note("visit.freed", visit, why=why or None)
        close_offers(work, visit)
        follow_visits(work, [job])
        touch_days(work.session, [day])
        work.commit()


def pin_visit(
    database: Database,
    actor: Actor,
    visit_id: UUID,
    level: PinLevel | None,
    *,
    expected: int | None = None,
) -> None:
    """Let no plan move a visit from its technician, its order or its time; None lets go of it.

    Raises
    ------
    Missing, Stale
        There is no such visit; it is not at the version that is expected.
    Refused
        ``pin.nowhere``: it is on no route.
    """
    with database.work(actor) as work:
        visit = work.get(VisitRow, visit_id, lock=True)
        expect(visit, expected)
        visit.pin = None if level is None else said(_pin(visit, level))
        work.note("visit.pinned" if level else "visit.unpinned", visit)
        touch_days(work.session, [day_of(work.session, visit)])
        work.commit()


def _pin(visit: VisitRow, level: PinLevel) -> Pin:
    if visit.technician is None or visit.state in ENDED:
        raise Refused("pin.nowhere", job=visit.job.key)
    return Pin(
        technician=visit.technician.key,
        seat=visit.seat,
        level=level,
        shift=visit.shift.key if visit.shift else None,
        order=visit.place if level is PinLevel.ORDER else None,
        start=visit.start_at if level is PinLevel.TIME else None,
    )


def _see_free(job: JobRow, visit: VisitRow) -> None:
    if visit.state in ENDED or visit.state in UNDER_WAY or job.state not in TO_PLAN:
        raise Refused("assign.begun", job=job.key, state=visit.state.value)
    if len([other for other in job.visits if other.state not in ENDED]) > 1:
        raise Refused("assign.crew", job=job.key)
