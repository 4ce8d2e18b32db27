"""Of those who bid exactly one wins, all others are told, and every route can be driven."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text, update
from tests.databases import SetClock
from tests.proofs.bids import auction, wrong_bids
from tests.proofs.claims import opened
from tests.proofs.size import kinds, sized

from dispatch.domain.states.offer import OfferMode, OfferState
from dispatch.operations.pool import award, win
from dispatch.operations.pool.win import Bid
from dispatch.store.database import Database
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

OFFERS = sized(small=8, full=60)
RACERS = sized(small=6, full=16)


@pytest.mark.slow
def test_every_offer_has_one_winner_and_every_bid_an_answer(
    database: Database, clock: SetClock
) -> None:
    offers = opened(database, OFFERS, RACERS // 2, mode=OfferMode.BATCHED)
    told = auction(database, clock, offers, RACERS)
    assert told["taken"] >= OFFERS
    assert wrong_bids(database, offers, told) == []


def test_the_proof_sees_a_route_that_is_not_looked_at_again(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each offer goes to the cheapest bid, by the route as it was before the others were given."""
    looked: dict[Any, Any] = {}
    fitted, bids_of = award.fitting, award._bids

    def look_first(database: Database, offers: Any, travel: Any, *more: Any) -> list[Bid]:
        found = bids_of(database, offers, travel, *more)
        with database.work(award.POOL) as work:
            for bid in found:
                offer = work.get(OfferRow, bid.offer)
                technician = work.get(TechnicianRow, bid.technician)
                looked[bid.offer, bid.technician] = fitted(work, offer, technician, travel)
        return found

    def as_before(work: Work, offer: OfferRow, technician: TechnicianRow, travel: Any) -> Any:
        return looked[offer.id, technician.id]

    def cheapest(database: Database, bids: Sequence[Bid]) -> list[Bid]:
        return list(
            {bid.offer: bid for bid in sorted(bids, key=lambda bid: -bid.cost_minor)}.values()
        )

    monkeypatch.setattr(award, "_bids", look_first)
    monkeypatch.setattr(award, "fitting", as_before)
    monkeypatch.setattr(award, "_matched", cheapest)
    offers = opened(database, 4, 2, mode=OfferMode.BATCHED)
    assert "history" in kinds(wrong_bids(database, offers, auction(database, clock, offers, 2)))


def test_the_proof_sees_two_winners_and_who_is_not_told(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An offer is given to two who bid, and the third hears nothing."""
    matched = award._matched

    def give_away(work: Work, offer: OfferRow, technician: TechnicianRow) -> None:
        work.session.execute(
            update(OfferRow)
            .where(OfferRow.id == offer.id)
            .values(state=OfferState.CLAIMED, technician_id=technician.id, claimed_at=work.now)
        )

    def twice(database: Database, bids: Sequence[Bid]) -> list[Bid]:
        chosen = matched(database, bids)
        return [*chosen, *(bid for bid in bids if bid not in chosen)][:2]

    def put(work: Work, technician: TechnicianRow, routes: Any, span: Any) -> None: ...

    with database.engine.begin() as connection:
        connection.execute(text("DROP INDEX uq_claim_won"))
    monkeypatch.setattr(award, "_matched", twice)
    monkeypatch.setattr(win, "_take", give_away)
    monkeypatch.setattr(win, "place_routes", put)
    monkeypatch.setattr(win, "lose_claims", lambda *_: None)
    monkeypatch.setattr(award, "fitting", fitting_anything(award.fitting))
    offers = opened(database, 1, 3, mode=OfferMode.BATCHED)
    found = kinds(wrong_bids(database, offers, auction(database, clock, offers, 2)))
    assert {"winners", "untold", "states"} <= found


def fitting_anything(real: Any) -> Any:
    """As it is, but for that nobody asks whether the offer is open still."""

    def fitting(work: Work, offer: OfferRow, technician: TechnicianRow, travel: Any) -> Any:
        state, offer.state = offer.state, OfferState.OPEN
        try:
            with work.session.no_autoflush:
                return real(work, offer, technician, travel)
        finally:
            offer.state = state

    return fitting
