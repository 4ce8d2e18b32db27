"""The jobs of a sample day, each on its own; what ties them comes in :mod:`.ties`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch.demo import bookings
from dispatch.demo.draw import apportion, chance, some, weighted
from dispatch.demo.sizes import Size
from dispatch.demo.trades import DEMAND, OFFERS, Offer, Trade
from dispatch.domain.job import Job

BY_TYPE = {offer.type.id: offer for offer in OFFERS}


def jobs(rng: np.random.Generator, size: Size, sites: Sequence[str]) -> list[Job]:
    """One job for each entry of ``sites``, in the order of their numbers."""
    trades = some(rng, apportion(DEMAND, size.jobs), size.jobs)
    numbered = enumerate(zip(sites, trades, strict=True), start=1)
    return [
        _job(rng, _offer(rng, trade, size.long_share), f"J{number:04}", site)
        for number, (site, trade) in numbered
    ]


def _job(rng: np.random.Generator, offer: Offer, identifier: str, site: str) -> Job:
    booked = bookings.windows(rng)
    urgency = bookings.priority(rng)
    return Job(
        id=identifier,
        type=offer.type.id,
        site=site,
        name=offer.type.name,
        duration_s=_duration_s(rng, offer),
        windows=booked,
        sla_due=bookings.sla_due(rng, urgency, booked),
        priority=urgency,
        mandatory=urgency == 1 and chance(rng, 0.5),
    )


def _offer(rng: np.random.Generator, trade: Trade, long_share: float) -> Offer:
    """A long one as often as the size says, then by how often each is asked for."""
    long = chance(rng, long_share)
    weights = {
        name: offer.weight
        for name, offer in BY_TYPE.items()
        if offer.trade is trade and offer.long is long
    }
    return BY_TYPE[weighted(rng, weights)]


def _duration_s(rng: np.random.Generator, offer: Offer) -> int | None:
    """One single visit in six is known to be easier or harder than usual, in steps of 5 min."""
    if offer.type.crew is not None or not chance(rng, 1 / 6):
        return None
    minutes = offer.type.duration_s / 60 * weighted(rng, {0.75: 0.4, 1.3: 0.6})
    return 300 * max(2, round(minutes / 5))
