"""Accept a push, decline it, or let its time run out."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import PUSH, PushAction, PushState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Missing, Refused
from dispatch.operations.pool.days import first_fit
from dispatch.operations.push.send import left_over, try_on
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import touch_days
from dispatch.store.database import Database
from dispatch.store.jobs import follow_visits
from dispatch.store.placing import hold_route, place_routes, tell_taker
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.waiting import hold_order
from dispatch.store.work import Work

AT_ONCE = 50


def accept_push(
    database: Database, actor: Actor, push_id: UUID, technician_id: UUID, travel: TravelTimes
) -> UUID:
    """Take the visit, on the first day on which it fits the route; answers the visit.

    Raises
    ------
    Missing
        There is no such push to this technician.
    Refused
        ``state.push``: it is answered, withdrawn or over; ``claim.misfit``: it fits no longer, and
        why.
    """
    with database.work(actor) as work:
        push = _theirs(work, push_id, technician_id)
        hold_order(work, push.visit_id)
        technician = work.get(TechnicianRow, technician_id, lock=True)
        hold_route(work, technician_id, push.visit_id)
        visit = work.get(VisitRow, push.visit_id, lock=True)
        job = work.get(JobRow, visit.job_id, lock=True)
        push = work.get(PushRow, push_id, lock=True)
        over = push.state is PushState.SENT and push.answer_by <= work.now
        accepted = PUSH.after(PushAction.ACCEPT, PushState.TIMED_OUT if over else push.state)
        if visit.state is not VisitState.UNSCHEDULED:
            raise Refused("claim.misfit", reason=visit.state.value)
        fit, day = first_fit(work, technician, job, travel)
        push.state, push.answered_at = accepted, work.now
        work.note("push.accepted", push)
        place_routes(work, technician, fit.routes, day.span)
        tell_taker(work, visit)
        follow_visits(work, [job])
        touch_days(work.session, [day.date])
        return work.commit(visit.id)


def decline_push(
    database: Database,
    actor: Actor,
    push_id: UUID,
    technician_id: UUID,
    travel: TravelTimes,
    *,
    reason: str,
) -> None:
    """Leave it to somebody else; the next one is asked. Raises as :func:`accept_push`."""
    with database.work(actor) as work:
        push = _theirs(work, push_id, technician_id)
        push = work.get(PushRow, push.id, lock=True)
        push.state = PUSH.after(PushAction.DECLINE, push.state)
        push.answered_at, push.reason = work.now, reason
        work.note("push.declined", push, why=reason or None)
        work.commit()
    # What follows is another unit of work: the receipt was for the answer.
    try_on(database, replace(actor, receipt=None), push_id, travel)


def time_out_pushes(database: Database, actor: Actor, travel: TravelTimes) -> int:
    """End those that were not answered in time, and ask the next one each; how many there were."""
    with database.work(actor) as work:
        over = (
            select(PushRow)
            .where(PushRow.state == PushState.SENT, PushRow.answer_by <= work.now)
            .order_by(PushRow.id)
            .limit(AT_ONCE)
            .with_for_update(of=PushRow, skip_locked=True)
        )
        pushes = list(work.session.scalars(over))
        for push in pushes:
            push.state = PUSH.after(PushAction.TIME_OUT, push.state)
            push.answered_at = work.now
            work.note("push.timed_out", push)
        work.commit()
    for left in left_over(database, actor):
        try_on(database, actor, left, travel)
    return len(pushes)


def _theirs(work: Work, push_id: UUID, technician: UUID) -> PushRow:
    push = work.get(PushRow, push_id)
    if push.technician_id != technician:
        raise Missing("store.missing", kind="push", id=str(push_id))
    return push
