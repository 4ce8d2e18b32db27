"""What every route works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from dispatch.gateways.identity import IdentityProvider
from dispatch.gateways.payments import PaymentGateway
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database
from dispatch.store.files import Files


@dataclass(frozen=True, slots=True)
class House:
    """A record, the travel times that all of it goes by, and what is shared with others."""

    database: Database
    travel: TravelTimes
    payment_secret: str | None = field(default=None, repr=False)
    """Shared with the payment provider; without one nobody is heard who tells of payments."""
    payments: PaymentGateway | None = None
    """Whoever asks customers for money; without one nobody does but ourselves."""
    identity: IdentityProvider | None = None
    """Whoever knows the people that sign in; without one they sign in with a password alone."""
    files: Files | None = None
    """Where photos and signatures lie; without it none are taken."""


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(_house)]
