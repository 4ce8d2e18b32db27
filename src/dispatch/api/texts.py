"""Bounded types: no request is taken in that is longer than it need be."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from dispatch.domain import checks


def _identifier(text: str) -> str:
    checks.identifier("id", text)
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
Why = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
OnDay = Annotated[date, AfterValidator(_day)]
Money = Annotated[int, Field(ge=0, le=checks.MOST_MINOR, description="In minor units.")]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]
