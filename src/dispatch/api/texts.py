"""Bounded types: no request is taken in that is longer than it need be."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from dispatch.domain import checks
from dispatch.domain.position import Position
from dispatch.errors import InvalidValue


def _identifier(text: str) -> str:
    checks.identifier("id", text)
    return text


def _seen(text: str) -> str:
    if not checks.has_print(text):
        raise InvalidValue("text.unseen")
    return text


def _moment(moment: AwareDatetime) -> AwareDatetime:
    checks.aware("time", moment)
    return moment


def _day(day: date) -> date:
    checks.within("day", day.year, checks.EARLIEST_YEAR, checks.LATEST_YEAR)
    return day


Key = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_identifier)]
"""What people know a thing by."""
Words = Annotated[str, StringConstraints(max_length=2_000)]
Name = Annotated[str, StringConstraints(max_length=200)]
Why = Annotated[
    str, StringConstraints(min_length=1, max_length=500, pattern=r"\S"), AfterValidator(_seen)
]
"""A reason that somebody can read."""
Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
OnDay = Annotated[date, AfterValidator(_day)]
Money = Annotated[int, Field(ge=0, le=checks.MOST_MINOR, description="In minor units.")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="WGS-84.")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="WGS-84.")]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def position_of(lat: float | None, lon: float | None) -> Position | None:
    """A place, if both are given.

    Raises
    ------
    InvalidValue
        ``position.half``: one of the two is missing.
    """
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        raise InvalidValue("position.half")
    return Position(lat, lon)
