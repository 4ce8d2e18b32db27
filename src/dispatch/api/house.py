"""What every route works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database


@dataclass(frozen=True, slots=True)
class House:
    """A record, and the travel times that all of it goes by."""

    database: Database
    travel: TravelTimes


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(_house)]
