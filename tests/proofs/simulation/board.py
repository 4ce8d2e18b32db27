"""What dispatchers do to visits."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from tests.operations.boards import TRAVEL
from tests.proofs.simulation.wanted import NOTHING, Deed, visits_of
from tests.proofs.simulation.world import Ask, Wish, World

from dispatch.domain.action import NotDone, Outcome
from dispatch.domain.actor import Actor
from dispatch.domain.job import PinLevel
from dispatch.domain.states.job import JobState
from dispatch.domain.states.offer import OfferMode, OfferState, PushState
from dispatch.domain.states.visit import COMMITTED, UNDER_WAY, VisitState
from dispatch.errors import DispatchError
from dispatch.operations.board.assign import assign_visit, pin_visit, unassign_visit
from dispatch.operations.board.candidates import candidates
from dispatch.operations.board.release import release_day, release_visit
from dispatch.operations.execute.on_behalf import end_for_technician
from dispatch.operations.execute.settle import settle_conflict
from dispatch.operations.pool.offer import offer_visit, withdraw_offer
from dispatch.operations.push.send import send_push, withdraw_push
from dispatch.operations.push.transfer import transfer_visit
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow

ASKED_FIRST = 0.3
"""So often a dispatcher asks first who could do it."""


def assign(world: World) -> Wish | None:
    """To whomever, or as dispatchers do it: to one of those who are told."""
    if world.draw.random() < ASKED_FIRST:
        visit = world.any(visits_of(VisitState.UNSCHEDULED))
        told = None if visit is None else _told(world, visit.id)
    else:
        visit, told = world.any(visits_of(VisitState.UNSCHEDULED, *COMMITTED)), None
    if visit is None:
        return None
    person, day = told or (world.near(visit.outlet_id), None)
    body = {"technician": str(person)} | ({} if day is None else {"day": day.isoformat()})
    return Wish(
        world.desk(),
        lambda by: assign_visit(world.database, by, visit.id, person, TRAVEL, day=day),
        NOTHING,
        ask=Ask(path=f"/visits/{visit.id}/assign", body=body, expected=visit.version),
    )


def _told(world: World, visit: UUID) -> tuple[UUID, date] | None:
    try:
        choice = candidates(world.database, world.desk(), visit, TRAVEL)
    except DispatchError:
        return None
    return (choice.able[0].technician, choice.day) if choice.able else None


def unassign(world: World) -> Wish | None:
    visit = world.any(visits_of(*COMMITTED))
    if visit is None:
        return None
    return Wish(
        world.desk(),
        lambda by: unassign_visit(world.database, by, visit.id),
        NOTHING,
        ask=Ask(path=f"/visits/{visit.id}/unassign", body={}, expected=visit.version),
    )


def pin(world: World) -> Wish | None:
    visit = world.any(visits_of(*COMMITTED))
    level = world.one_of((None, *PinLevel))
    if visit is None:
        return None
    return Wish(
        world.desk(),
        lambda by: pin_visit(world.database, by, visit.id, level),
        NOTHING,
        ask=Ask(path=f"/visits/{visit.id}/pin", body={"level": level}, expected=visit.version),
    )


def release(world: World) -> Wish | None:
    if world.draw.random() < 0.3:
        visit = world.any(visits_of(VisitState.SCHEDULED))
        if visit is not None:
            return Wish(
                world.desk(), lambda by: release_visit(world.database, by, visit.id), NOTHING
            )
    day = world.day
    return Wish(
        world.desk(),
        lambda by: release_day(world.database, by, day),
        int,
        ask=Ask(path=f"/boards/{day}/release", body={}),
    )


def offer(world: World) -> Wish | None:
    visit = world.any(visits_of(VisitState.UNSCHEDULED))
    ends = world.clock() + timedelta(minutes=int(world.draw.integers(-5, 240)))
    fee, mode = world.money(), world.one_of(tuple(OfferMode), (0.55, 0.28, 0.17))
    least = world.one_of((None, 60), (0.8, 0.2))
    then_push = bool(world.draw.random() < 0.7)
    if visit is None:
        return None

    def do(by: Actor) -> UUID:
        return offer_visit(
            world.database,
            by,
            visit.id,
            fee_minor=fee,
            expires_at=ends,
            mode=mode,
            min_score=least,
            then_push=then_push,
        )

    body = {"visit": str(visit.id), "fee_minor": fee, "expires_at": ends.isoformat()}
    body |= {"mode": mode, "min_score": least, "then_push": then_push}
    return Wish(world.desk(), do, UUID, ask=Ask(path="/offers", body=body))


def withdraw(world: World) -> Wish | None:
    row = world.any(select(OfferRow).where(OfferRow.state == OfferState.OPEN).order_by(OfferRow.id))
    if row is None:
        return None
    return Wish(
        world.desk(),
        lambda by: withdraw_offer(world.database, by, row.id),
        NOTHING,
        ask=Ask(path=f"/offers/{row.id}/withdraw", body={}),
    )


def push(world: World) -> Wish | None:
    """Mostly of what the pool does not have, and nobody is asked to take."""
    query = visits_of(VisitState.UNSCHEDULED)
    if world.draw.random() < 0.9:
        query = query.where(VisitRow.job.has(JobRow.state == JobState.OPEN))
    visit = world.any(query)
    whom = world.one_of((None, world.person()))
    if visit is None:
        return None

    def do(by: Actor) -> UUID:
        return send_push(world.database, by, visit.id, TRAVEL, technician=whom, patience_s=1_200)

    body = {"visit": str(visit.id), "technician": whom and str(whom), "patience_s": 1_200}
    return Wish(world.desk(), do, UUID, ask=Ask(path="/pushes", body=body))


def unpush(world: World) -> Wish | None:
    row = world.any(select(PushRow).where(PushRow.state == PushState.SENT).order_by(PushRow.id))
    if row is None:
        return None
    return Wish(
        world.desk(),
        lambda by: withdraw_push(world.database, by, row.id),
        NOTHING,
        ask=Ask(path=f"/pushes/{row.id}/withdraw"),
    )


def transfer(world: World) -> Wish | None:
    visit = world.any(visits_of(*COMMITTED))
    to = world.one_of((None, world.person()))
    limited = bool(world.draw.random() < 0.8)
    if visit is None:
        return None

    def do(by: Actor) -> UUID:
        return transfer_visit(
            world.database, by, visit.id, TRAVEL, reason="ill", to=to, limited=limited
        )

    body = {"to": to and str(to), "reason": "ill"}
    ask = Ask(path=f"/visits/{visit.id}/transfer", body=body, expected=visit.version)
    return Wish(world.desk(), do, UUID, ask=ask)


def give_up(world: World) -> Wish | None:
    """The desk ends a visit for somebody who cannot."""
    visit = world.any(visits_of(*UNDER_WAY))
    if visit is None:
        return None
    reason = NotDone.TECHNICIAN_UNABLE
    return Wish(
        world.desk(),
        lambda by: end_for_technician(
            world.database, by, visit.id, reason=reason, why="an accident"
        ),
        NOTHING,
        ask=Ask(path=f"/visits/{visit.id}/not-done", body={"why": "ill"}, expected=visit.version),
    )


def settle(world: World) -> Wish | None:
    query = select(ActionRow).where(
        ActionRow.outcome == Outcome.CONFLICT, ActionRow.settled_at.is_(None)
    )
    row = world.any(query.order_by(ActionRow.id.desc()))
    accept = bool(world.draw.random() < 0.5)
    if row is None:
        return None
    return Wish(
        world.desk(),
        lambda by: settle_conflict(world.database, by, row.id, accept=accept, why="asked"),
        NOTHING,
        ask=Ask(path=f"/conflicts/{row.id}/settle", body={"accept": accept, "why": "asked"}),
    )


BOARD: dict[Deed, float] = {
    assign: 7,
    unassign: 2,
    pin: 2,
    release: 5,
    offer: 8,
    withdraw: 1,
    push: 3,
    unpush: 1,
    transfer: 3,
    settle: 2,
    give_up: 0.3,
}
"""How often each is wanted."""
