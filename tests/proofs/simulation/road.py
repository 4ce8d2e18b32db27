"""What technicians do, by phones that are now and then without a signal."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import TRAVEL
from tests.planning.made import spot
from tests.proofs.simulation.evidence import shown
from tests.proofs.simulation.wanted import NOTHING, Deed, theirs
from tests.proofs.simulation.world import Ask, Phone, Wish, World

from dispatch.domain.action import Action, ActionKind, NotDone
from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OfferMode, OfferState, PushState
from dispatch.domain.states.visit import UNDER_WAY, VisitState
from dispatch.operations.execute.batch import take_batch
from dispatch.operations.pool.claim import Claimed, claim_offer
from dispatch.operations.pool.look import look_at_pool
from dispatch.operations.push.answer import accept_push, decline_push
from dispatch.operations.push.taker import check_taker
from dispatch.operations.push.transfer import transfer_visit
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.said import said

NEXT = {
    VisitState.DISPATCHED: ActionKind.DEPART,
    VisitState.EN_ROUTE: ActionKind.CHECK_IN,
    VisitState.ON_SITE: ActionKind.START,
}
LAST = (ActionKind.COMPLETE, ActionKind.SUSPEND, ActionKind.NOT_DONE)
NO_SIGNAL, ODD, AGAIN = 0.5, 0.15, 0.2
"""How often there is no signal, something odd is said, and something old is sent again."""


def claim(world: World) -> Wish | None:
    if world.draw.random() < 0.7:
        found = world.offered(OfferMode.FIRST_COME)
        return None if found is None else _claim(world, *found)
    query = select(OfferRow).where(OfferRow.state.in_((OfferState.OPEN, OfferState.CLAIMED)))
    if world.draw.random() < 0.9:
        query = query.where(OfferRow.mode == OfferMode.FIRST_COME)
    row = world.any(query.order_by(OfferRow.state.desc(), OfferRow.id.desc()), OWNER)
    if row is None:
        return None
    return _claim(world, row.id, world.near(row.outlet_id))


def _claim(world: World, offer: UUID, person: UUID) -> Wish:
    return Wish(
        world.phone(person),
        lambda by: claim_offer(world.database, by, offer, person, TRAVEL),
        Claimed,
        whole=False,  # bids that are due are decided first
        ask=Ask(path=f"/me/pool/{offer}/claim"),
    )


def look(world: World) -> Wish | None:
    person = world.person()
    return Wish(
        world.phone(person),
        lambda by: look_at_pool(world.database, by, person, TRAVEL),
        ask=Ask(method="GET", path="/me/pool"),
    )


def answer(world: World) -> Wish | None:
    query = select(PushRow).where(PushRow.state != PushState.WITHDRAWN)
    if world.draw.random() < 0.8:
        query = query.where(PushRow.state == PushState.SENT)
    row = world.any(query.order_by(PushRow.id.desc()), OWNER)
    if row is None:
        return None
    database, person = world.database, row.technician_id
    if world.draw.random() < 0.3:

        def decline(by: Actor) -> None:
            decline_push(database, by, row.id, person, TRAVEL, reason="too far")

        return Wish(
            world.phone(person),
            decline,
            NOTHING,
            whole=False,
            ask=Ask(path=f"/me/pushes/{row.id}/decline", body={"reason": "too far"}),
        )
    return Wish(
        world.phone(person),
        lambda by: accept_push(database, by, row.id, person, TRAVEL),
        UUID,
        ask=Ask(path=f"/me/pushes/{row.id}/accept"),
    )


def hand_on(world: World) -> Wish | None:
    visit = world.any(theirs((VisitState.SCHEDULED, VisitState.DISPATCHED)), OWNER)
    to = world.one_of((None, world.person()))
    if visit is None:
        return None
    owner = world.one_of((visit.technician_id, world.person()), (0.9, 0.1))

    def do(by: Actor) -> UUID:
        if to is not None:
            check_taker(world.database, by, visit.id, owner, to)
        return transfer_visit(
            world.database, by, visit.id, TRAVEL, reason="flat tyre", to=to, owner=owner
        )

    body = {"to": to and str(to), "reason": "flat tyre"}
    ask = Ask(path=f"/me/visits/{visit.id}/transfer", body=body)
    return Wish(world.phone(owner), do, UUID, ask=ask)


def say(world: World) -> Wish | None:
    """Say what is done, and send what waits, if there is a signal."""
    visit = world.any(theirs((VisitState.DISPATCHED, *UNDER_WAY)), OWNER)
    if visit is None or visit.technician_id is None:
        return None
    owner = visit.technician_id
    if world.draw.random() < 0.04:
        owner = world.person()
    phone = world.phones[owner]
    phone.said.append(_action(world, phone, visit))
    if world.draw.random() < NO_SIGNAL:
        return None
    first = phone.sent
    if world.draw.random() < AGAIN:
        first = max(0, first - 2)
    batch, phone.sent = phone.said[first:], len(phone.said)
    sent_at = world.clock() + phone.ahead
    mixed = [batch[place] for place in world.draw.permutation(len(batch))]

    def do(by: Actor) -> object:
        return take_batch(world.database, by, owner, phone.device, mixed, sent_at=sent_at)

    body = {"device": phone.device, "sent_at": sent_at.isoformat()}
    return Wish(
        world.phone(owner),
        do,
        ask=Ask(path="/me/actions", body={**body, "actions": [said(one) for one in mixed]}),
        then=world.hear,
    )


def _action(world: World, phone: Phone, visit: VisitRow) -> Action:
    before = [action.kind for action in phone.said[phone.sent :] if action.visit == visit.id]
    kind = NEXT.get(visit.state) or world.one_of(LAST, (0.7, 0.1, 0.2))
    if before:  # without a signal it goes on all the same
        steps = (*NEXT.values(), world.one_of(LAST, (0.7, 0.1, 0.2)))
        last = before[-1]
        kind = steps[min(len(steps) - 1, 1 + steps.index(last))] if last in steps else kind
    if world.draw.random() < ODD:
        kind = world.one_of(tuple(ActionKind))
    reason = world.one_of(
        (NotDone.CUSTOMER_ABSENT, NotDone.NO_ACCESS, NotDone.CUSTOMER_DECLINED), (0.4, 0.35, 0.25)
    )
    near = world.draw.random() < 0.7
    sequence = 1 + len(phone.said)
    more = shown(world, phone, visit, sequence) if kind is ActionKind.COMPLETE else {}
    return Action(
        **more,
        sequence=sequence,
        kind=kind,
        visit=visit.id,
        happened_at=world.clock() + phone.ahead - timedelta(minutes=int(world.draw.integers(3))),
        position=spot(*world.draw.integers(0, 12, 2).tolist()) if near else None,
        reason=reason if kind is ActionKind.NOT_DONE else None,
        note=f"the {len(phone.said)}th" if world.draw.random() < 0.8 else "",
    )


ROAD: dict[Deed, float] = {claim: 7, look: 1, answer: 4, hand_on: 1, say: 26}
"""How often each is wanted."""
