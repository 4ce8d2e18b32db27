"""Ask a technician to take a visit, and the next one if they do not."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import PUSH, PushAction
from dispatch.errors import DispatchError, Refused
from dispatch.operations.board.candidates import candidates
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.jobs import follow_visits
from dispatch.store.offers import is_for_anybody
from dispatch.store.pushes import is_to_follow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

log = logging.getLogger(__name__)

PATIENCE_S = 300
SHORTEST_S, LONGEST_S = 30, 86_400
AT_ONCE = 50


def send_push(
    database: Database,
    actor: Actor,
    visit_id: UUID,
    travel: TravelTimes,
    *,
    technician: UUID | None = None,
    patience_s: int = PATIENCE_S,
) -> UUID:
    """Ask somebody to take a visit; who does not answer in time is followed by the next.

    Parameters
    ----------
    technician
        Whom to ask first; who adds the least to the day, if nothing is said.
    patience_s
        How long each may think.

    Raises
    ------
    Missing
        There is no such visit or technician.
    Refused
        ``push.not-free``: somebody has it, is asked already, or the pool holds it; it is one of a
        crew's, or waits for another job; ``push.nobody``: nobody can take it; who is named works
        here no longer (``technician.ended``), or is not open for work (``push.closed``).
    Unavailable
        The travel times did not answer.
    """
    checks.within("push.patience_s", patience_s, SHORTEST_S, LONGEST_S)
    chosen = technician or next_candidate(database, actor, visit_id, travel, chain=None)
    if chosen is None:
        raise Refused("push.nobody")
    with database.work(actor) as work:
        person = work.get(TechnicianRow, chosen, lock=True)
        if not person.active:
            raise Refused("technician.ended")
        if not person.open_for_work:
            raise Refused("push.closed", technician=person.key)
        visit = work.get(VisitRow, visit_id, lock=True)
        job = work.get(JobRow, visit.job_id, lock=True)
        if not is_for_anybody(work, visit, job):
            raise Refused("push.not-free", job=job.key, state=visit.state.value)
        push = ask(work, visit, chosen, patience_s, chain=None)
        follow_visits(work, [job])
        return work.commit(push.id)


def withdraw_push(database: Database, actor: Actor, push_id: UUID) -> None:
    """Ask them no longer, nor anybody after them; raises Missing, and Refused ``state.push``."""
    with database.work(actor) as work:
        visit = work.get(VisitRow, work.get(PushRow, push_id).visit_id, lock=True)
        job = work.get(JobRow, visit.job_id, lock=True)
        push = work.get(PushRow, push_id, lock=True)
        push.state = PUSH.after(PushAction.WITHDRAW, push.state)
        push.answered_at = work.now
        work.note("push.withdrawn", push)
        follow_visits(work, [job])
        work.commit()


def ask(
    work: Work, visit: VisitRow, technician: UUID, patience_s: int, *, chain: UUID | None
) -> PushRow:
    """Write down that somebody is asked."""
    identity = new_id()
    push = PushRow(
        id=identity,
        outlet_id=visit.outlet_id,
        visit_id=visit.id,
        technician_id=technician,
        state=PUSH.first,
        chain=chain or identity,
        patience_s=patience_s,
        sent_at=work.now,
        answer_by=work.now + timedelta(seconds=patience_s),
    )
    work.session.add(push)
    work.note("push.sent", push)
    return push


def go_on(database: Database, actor: Actor, before: UUID, travel: TravelTimes) -> UUID | None:
    """Ask the next one, after somebody did not take it; None if nobody is left to ask.

    Done once for each push, by whoever is first; what a process that ended has left, or what fails
    now and may not later, is found again by :func:`left_over`. Raises as :func:`next_candidate`.
    """
    with database.work(actor) as work:
        last = work.get(PushRow, before)
        if last.followed:
            return None
    chosen = next_candidate(database, actor, last.visit_id, travel, chain=last.chain)
    with database.work(actor) as work:
        visit = work.get(VisitRow, last.visit_id, lock=True)
        job = work.get(JobRow, visit.job_id, lock=True)
        last = work.get(PushRow, before, lock=True)
        if last.followed:
            return None
        wanted = is_for_anybody(work, visit, job)
        last.followed = True
        push = None
        if wanted and chosen is not None:
            work.note("push.followed", last)
            push = ask(work, visit, chosen, last.patience_s, chain=last.chain)
        else:
            work.note("push.exhausted" if wanted else "push.followed", last)
        follow_visits(work, [job])
        return work.commit(push.id if push is not None else None)


def try_on(database: Database, actor: Actor, before: UUID, travel: TravelTimes) -> None:
    """As :func:`go_on`; if the day cannot be looked at now, it is left to the next round."""
    try:
        go_on(database, actor, before, travel)
    except DispatchError as error:
        code = getattr(error, "code", type(error).__name__)
        log.warning("nobody could be asked after push %s: %s", before, code)


def left_over(database: Database, actor: Actor) -> list[UUID]:
    """Pushes that nobody took, after which nobody was asked yet."""
    with database.work(actor) as work:
        query = select(PushRow.id).where(is_to_follow()).order_by(PushRow.id).limit(AT_ONCE)
        return list(work.session.scalars(query))


def next_candidate(
    database: Database, actor: Actor, visit: UUID, travel: TravelTimes, *, chain: UUID | None
) -> UUID | None:
    """Who adds the least to the first day on which there is one, of those who may be asked.

    These are open for work, and were not asked yet.

    None: nobody is left who can. That the day cannot be looked at now (the travel times do not
    answer, or whatever else passes) is raised, since it says nothing of anybody.
    """
    with database.work(actor) as work:
        closed = select(TechnicianRow.id).where(TechnicianRow.open_for_work.is_(False))
        asked = set(work.session.scalars(closed))
        if chain is not None:
            before = select(PushRow.technician_id).where(PushRow.chain == chain)
            asked |= set(work.session.scalars(before))
    try:
        found = candidates(database, actor, visit, travel, but=asked)
    except Refused as refused:
        if refused.code != "assign.not-this-day":
            raise
        return None  # it is not to be done any more
    return next((able.technician for able in found.able if able.technician not in asked), None)
