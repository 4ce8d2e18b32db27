"""What the pool is besides the first who comes: bids, leaders, limits and scores."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from tests.databases import OWNER
from tests.operations.boards import TRAVEL
from tests.proofs.simulation.wanted import NOTHING, Deed
from tests.proofs.simulation.world import MANAGER, Ask, Wish, World

from dispatch.domain.pool import PoolRules
from dispatch.domain.states.offer import ClaimState, OfferMode, OfferState
from dispatch.errors import DispatchError
from dispatch.operations.credit.correct import correct_score
from dispatch.operations.pool.bid import bid_for_offer, withdraw_bid
from dispatch.operations.pool.lead import claim_for, people_for
from dispatch.operations.pool.settings import open_for_work, set_part, set_rules
from dispatch.operations.pool.win import Claimed
from dispatch.store.pool_rules import rules_version
from dispatch.store.rows.pool import ClaimRow, OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said

IN_VAIN = 0.3
"""How often somebody bids for what their telephone does not show as theirs to have."""


def bid(world: World) -> Wish | None:
    found = world.offered(OfferMode.BATCHED) if world.draw.random() < 0.85 else None
    if found is None and world.draw.random() < IN_VAIN:
        row = world.any(open_offers(OfferMode.BATCHED), OWNER)
        found = None if row is None else (row.id, world.near(row.outlet_id))
    if found is None:
        return None
    offer, person = found
    return Wish(
        world.phone(person),
        lambda by: bid_for_offer(world.database, by, offer, person, TRAVEL),
        UUID,
        whole=False,  # what is due is decided first
        ask=Ask(path=f"/me/pool/{offer}/bid"),
    )


def unbid(world: World) -> Wish | None:
    query = select(ClaimRow).where(ClaimRow.state == ClaimState.OPEN)
    row = world.any(query.order_by(ClaimRow.id.desc()), OWNER)
    if row is None:
        return None
    person = world.one_of((row.technician_id, world.person()), (0.9, 0.1))
    return Wish(
        world.phone(person),
        lambda by: withdraw_bid(world.database, by, row.id, person),
        NOTHING,
        ask=Ask(path=f"/me/claims/{row.id}/withdraw"),
    )


def lead(world: World) -> Wish | None:
    """A leader takes an offer for one of theirs, or tries to for somebody else."""
    row = world.any(open_offers(OfferMode.LEADERS), OWNER)
    if row is None:
        return None
    query = select(TechnicianRow).where(
        TechnicianRow.leader, TechnicianRow.outlet_id == row.outlet_id
    )
    leader = world.any(query.order_by(TechnicianRow.key), OWNER)
    boss = world.person() if leader is None else leader.id
    person = world.near(row.outlet_id)
    if world.draw.random() < 0.8:  # they look first, and leave what nobody of theirs can take
        if leader is None or not leader.active:
            return None
        try:
            asked = people_for(world.database, world.phone(boss), boss, row.id, TRAVEL)
        except DispatchError:  # it is for other leaders
            return None
        fits = [one.technician for one in asked if one.reason is None]
        if not fits:
            return None
        person = fits[0]
    return Wish(
        world.phone(boss),
        lambda by: claim_for(world.database, by, boss, row.id, TRAVEL, technician=person),
        Claimed,
        ask=Ask(path=f"/me/lead/pool/{row.id}/claim", body={"technician": str(person)}),
    )


def want_work(world: World) -> Wish | None:
    person, wanted = world.person(), bool(world.draw.random() < 0.8)
    return Wish(
        world.phone(person),
        lambda by: open_for_work(world.database, by, person, wanted=wanted),
        NOTHING,
        ask=Ask(path="/me/open-for-work", body={"open": wanted}),
    )


def part(world: World) -> Wish | None:
    """Who leads, and how much somebody may claim."""
    row = world.row(TechnicianRow, world.person())
    leader = row.leader if world.draw.random() < 0.9 else not row.leader
    daily, at_once = world.one_of((None, 5, 0), (0.7, 0.25, 0.05)), world.one_of((None, 4))
    expected = row.version - int(world.draw.random() < 0.2)
    return Wish(
        MANAGER,
        lambda by: set_part(
            world.database,
            by,
            row.id,
            leader=leader,
            claims_a_day=daily,
            claims_open=at_once,
            expected=expected,
        ),
        ask=Ask(
            method="PUT",
            path=f"/technicians/{row.id}/pool",
            body={"leader": leader, "claims_a_day": daily, "claims_open": at_once},
            expected=expected,
        ),
    )


def rules(world: World) -> Wish | None:
    wanted = PoolRules(
        bids_s=int(world.draw.integers(60, 600)),
        claims_open=world.one_of((None, 6)),
        push_lead_s=world.one_of((1_800, 7_200)),
        fairness_percent=world.one_of((0, 10, 50)),
    )
    with world.database.work(OWNER) as work:
        version = rules_version(work.session)
    return Wish(
        OWNER,
        lambda by: set_rules(world.database, by, wanted, expected=version),
        ask=Ask(method="PUT", path="/pool-rules", body=said(wanted), expected=version),
    )


def correct(world: World) -> Wish | None:
    person, points = world.person(), int(world.draw.integers(-15, 25))
    return Wish(
        MANAGER,
        lambda by: correct_score(world.database, by, person, points=points, reason="a mistake"),
        int,
        ask=Ask(
            path=f"/technicians/{person}/credit", body={"points": points, "reason": "a mistake"}
        ),
    )


def open_offers(mode: OfferMode) -> Select[tuple[OfferRow]]:
    """Those that are decided so, the youngest first."""
    query = select(OfferRow).where(OfferRow.mode == mode, OfferRow.state == OfferState.OPEN)
    return query.order_by(OfferRow.id.desc())


POOL: dict[Deed, float] = {
    bid: 4,
    unbid: 0.5,
    lead: 2.5,
    want_work: 0.7,
    part: 0.4,
    rules: 0.2,
    correct: 0.5,
}
"""How often each is wanted."""
