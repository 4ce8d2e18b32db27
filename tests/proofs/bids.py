"""Many bid at one moment, several decide at one moment, and what has to hold afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import UUID

import numpy as np
from sqlalchemy import func, select
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL
from tests.proofs.claims import WON, Told, wrong_claims

from dispatch.domain.pool import PoolRules
from dispatch.domain.states.offer import ClaimState, OfferState
from dispatch.errors import Refused, Unavailable
from dispatch.operations.pool.award import award_offers
from dispatch.operations.pool.bid import bid_for_offer
from dispatch.store.database import Database
from dispatch.store.rows.pool import ClaimRow, OfferRow
from dispatch.store.rows.technicians import TechnicianRow

MOST_ROUNDS = 20
DECIDERS = 4
WINDOW = timedelta(seconds=PoolRules().bids_s)
TAKEN = {"taken", "claim.lost", "claim.misfit", "claim.twice"}
"""What somebody who bids may be told."""


def auction(
    database: Database, clock: SetClock, offers: Sequence[UUID], racers: int, seed: int = 1
) -> Counter[str]:
    """Bid for everything and decide, again and again until nothing is open; what bids were told.

    While one half of the racers bids for what is open, the other half decides what is due.
    """
    generator = np.random.default_rng(seed)
    with database.work(OWNER) as work:
        people = work.session.scalars(select(TechnicianRow.id).order_by(TechnicianRow.key)).all()
    told: Counter[str] = Counter()
    for _ in range(MOST_ROUNDS):
        wishes = [
            (offers[number], person)
            for person in people
            for number in generator.permutation(len(offers))
        ]
        with ThreadPoolExecutor(racers + DECIDERS) as threads:
            deciding = [threads.submit(_decide, database) for _ in range(DECIDERS)]
            order = [wishes[at] for at in generator.permutation(len(wishes))]
            told.update(threads.map(partial(_bid, database), order))
            for one in deciding:
                one.result()
        clock.now += WINDOW
        with ThreadPoolExecutor(DECIDERS) as threads:
            list(threads.map(lambda _: _decide(database), range(DECIDERS)))
        if not _open(database):
            break
    return told


def _open(database: Database) -> int:
    with database.work(OWNER) as work:
        query = select(func.count()).where(OfferRow.state == OfferState.OPEN)
        return work.session.scalar(query) or 0


def _decide(database: Database) -> None:
    while award_offers(database, TRAVEL):
        pass


def _bid(database: Database, wish: tuple[UUID, UUID]) -> str:
    try:
        bid_for_offer(database, OWNER, *wish, TRAVEL)
    except (Refused, Unavailable) as refused:
        return refused.code
    return "taken"


def wrong_bids(database: Database, offers: Sequence[UUID], told: Counter[str]) -> list[str]:
    """Everything that does not hold after an auction; nothing if all does."""
    with database.work(OWNER) as work:
        rows = work.session.scalars(select(ClaimRow).order_by(ClaimRow.id)).all()
    ends = [
        Told(row.offer_id, row.technician_id, WON if row.state is ClaimState.WON else row.reason)
        for row in rows
        if row.state is not ClaimState.OPEN
    ]
    return [
        *(f"untold: {row.id} is open still" for row in rows if row.state is ClaimState.OPEN),
        *_wrong_answers(told, len(rows)),
        *wrong_claims(database, offers, ends),
    ]


def _wrong_answers(told: Counter[str], rows: int) -> Iterator[str]:
    for outcome, count in told.items():
        if outcome not in TAKEN and outcome != "store.busy":
            yield f"answers: {count} were told {outcome}"
    if told["taken"] != rows:
        yield f"answers: {told['taken']} bids were taken, {rows} are on record"
