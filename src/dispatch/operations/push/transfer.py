"""Hand a visit to somebody else."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.plan import Reason
from dispatch.domain.states.visit import ENDED
from dispatch.errors import Missing, Refused
from dispatch.operations.credit.follow import handed_back
from dispatch.operations.pool.route import route_day
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import day_of, span_of, touch_days, zone_of
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.jobs import follow_visits
from dispatch.store.kinds.kind import Span
from dispatch.store.offers import close_offers
from dispatch.store.placing import free, hold_people, hold_route, place_routes, tell_taker
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pushes import TransferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.waiting import hold_order
from dispatch.store.work import Work, expect

MOST = 3
"""Times that a visit is handed on; after that a manager decides."""
MOST_REASON = 500


def transfer_visit(
    database: Database,
    actor: Actor,
    visit_id: UUID,
    travel: TravelTimes,
    *,
    reason: str,
    to: UUID | None = None,
    owner: UUID | None = None,
    limited: bool = True,
    expected: int | None = None,
) -> UUID:
    """Take a visit from whoever has it, and give it to somebody else on the same day.

    Whoever gets it is told at once.

    Parameters
    ----------
    to
        Who gets it, at the time that costs least; if nothing is said, it is free for anybody.
    owner
        Who must have it now: a technician hands on only their own, and if they had claimed or
        accepted it, their credit score knows.
    limited
        Whether it may not be handed on more than three times.

    Raises
    ------
    Missing
        There is no such visit or technician, or the visit is not ``owner``'s.
    Stale
        The visit is not at the version that is expected.
    InvalidValue
        There is no reason.
    Refused
        ``transfer.limit``; ``state.visit``: somebody is at it, or nobody has it; ``claim.misfit``:
        it does not fit, and why; ``transfer.same``; ``assign.crew``.
    """
    checks.words("transfer.reason", reason, MOST_REASON)
    with database.work(actor) as work:
        hold_order(work, visit_id)
        hold_people(work, owner, to, work.get(VisitRow, visit_id).technician_id)
        people = {person: work.get(TechnicianRow, person, lock=True) for person in _held(owner, to)}
        receiver = None if to is None else people[to]
        if to is not None:
            hold_route(work, to, visit_id)
        visit = work.get(VisitRow, visit_id, lock=True)
        expect(visit, expected)
        job = work.get(JobRow, visit.job_id, lock=True)
        before = _giver(visit, owner, to)
        if limited and _count(work, visit_id) >= MOST:
            raise Refused("transfer.limit", most=MOST)
        day = day_of(work.session, visit)
        if owner is not None and visit.start_at is not None:
            handed_back(work, people[owner], visit, visit.start_at)
        free(visit)
        work.note("visit.freed", visit, why=reason)
        work.session.flush()
        if receiver is not None:
            _give(work, receiver, job, span_of(day, zone_of(work.session)), travel)
            tell_taker(work, visit)
        close_offers(work, visit)
        row = TransferRow(
            id=new_id(),
            outlet_id=visit.outlet_id,
            visit_id=visit.id,
            from_id=before,
            to_id=to,
            at=work.now,
            by=actor.id,
            reason=reason,
        )
        work.session.add(row)
        work.note("transfer.made", row)
        follow_visits(work, [job])
        touch_days(work.session, [day])
        return work.commit(row.id)


def _held(*people: UUID | None) -> list[UUID]:
    """In one order, so that nobody waits in a circle."""
    return sorted({person for person in people if person is not None})


def _giver(visit: VisitRow, owner: UUID | None, to: UUID | None) -> UUID:
    """Whoever has it; nobody else hands it on, and not to themselves."""
    if owner is not None and visit.technician_id != owner:
        raise Missing("store.missing", kind="visit", id=str(visit.id))
    if visit.technician_id is None:
        raise Refused("pin.nowhere", job=visit.job.key)
    if visit.technician_id == to:
        raise Refused("transfer.same", job=visit.job.key)
    return visit.technician_id


def _give(
    work: Work, receiver: TechnicianRow, job: JobRow, span: Span, travel: TravelTimes
) -> None:
    if len([visit for visit in job.visits if visit.state not in ENDED]) > 1:
        raise Refused("assign.crew", job=job.key)
    fit = route_day(work, receiver.id, [job.id], span, travel).fit(job.key)
    if isinstance(fit, Reason):
        raise Refused("claim.misfit", reason=fit.code)
    place_routes(work, receiver, fit.routes, span)


def _count(work: Work, visit: UUID) -> int:
    query = select(func.count()).where(TransferRow.visit_id == visit)
    return work.session.scalar(query) or 0
