"""What a value object demands of its fields. Each check raises :class:`InvalidValue`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sized
from datetime import datetime

from dispatch.domain.documents import fault_in
from dispatch.errors import InvalidValue

DAY_S = 86_400
LONGEST_S = 31 * DAY_S
"""No duration, delay or horizon is longer."""
MOST_MINOR = 10**12
"""No price is higher, in minor units."""
MOST_UNITS = 10**9
"""No load or capacity is higher."""
MOST_NAME = 500
"""Characters of what people call something."""
MOST_WINDOWS = 100
MOST_NEEDS = 50
"""Skills of each of the three kinds that a visit needs or rules out."""
MOST_PARTS = 200
"""Parts of a job or a job type, and of what a van carries ten times as many."""
MOST_NAMED = 500
"""Technicians whom a job wants, likes or keeps away."""
MOST_DEPENDENCIES = 50
MOST_BREAKS = 20
"""Of a shift."""
MOST_SHIFTS = 500
MOST_ABSENCES = 2_000
MOST_HELD = 1_000
"""Skills, territories and factors of one technician."""
MOST_SPEEDS = 500
MOST_LISTED = 50_000
"""Of each kind of thing that a network has a few of, in one day."""
MOST_JOBS = 200_000
MOST_SITES = 500_000
MOST_ADDRESS = 2_000
"""Characters."""

EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
"""Far enough from both ends of the calendar that a change of offset cannot leave it."""


def within(field: str, value: float, low: float, high: float) -> None:
    """``low <= value <= high``; so it is finite, and a number."""
    if not low <= value <= high:
        raise InvalidValue("value.range", field=field, value=value, low=low, high=high)


def duration(field: str, seconds: float) -> None:
    """A number of seconds, not negative, at most 31 days."""
    within(field, seconds, 0, LONGEST_S)


def price(field: str, minor: float) -> None:
    """An amount in minor units, not negative."""
    within(field, minor, 0, MOST_MINOR)


def few(field: str, entries: Sized, most: int) -> None:
    """At most so many: one list may not slow down everybody's day."""
    within(field, len(entries), 0, most)


def amounts(field: str, units: Mapping[str, int]) -> None:
    """Loads or capacities by part, not negative."""
    few(field, units, 10 * MOST_PARTS)
    for part, count in units.items():
        identifier(field, part)
        within(f"{field}.{part}", count, 0, MOST_UNITS)


def identifier(field: str, value: str) -> None:
    """1 to 120 printable characters without space around them."""
    if not (0 < len(value) <= 120 and value.isprintable() and value == value.strip()):
        raise InvalidValue("value.identifier", field=field, value=value[:120])


def has_print(text: str) -> bool:
    """Whether there is anything in it that can be seen."""
    return any(letter.isprintable() and not letter.isspace() for letter in text)


def words(field: str, text: str, most: int) -> None:
    """Up to so many characters, one of which can be seen."""
    within(field, len(text.strip()) if has_print(text) else 0, 1, most)


def name(field: str, value: str) -> None:
    """At most 500 characters, or none."""
    within(field, len(value), 0, MOST_NAME)


def kept(document: object) -> None:
    """JSON that is not too deep, with numbers that are the same for everybody."""
    found = fault_in(document)
    if found is not None:
        raise InvalidValue(found.code, **found.values)


def size(field: str, document: Mapping[str, object], most: int) -> None:
    """A document that can be kept, of at most so many characters, written as JSON."""
    kept(document)
    within(field, len(json.dumps(document, ensure_ascii=False)), 0, most)


def aware(field: str, *moments: datetime | None) -> None:
    """Every moment knows its offset from UTC and lies in a year that clocks can reckon with."""
    for moment in moments:
        if moment is not None and moment.utcoffset() is None:
            raise InvalidValue("time.naive", field=field, value=moment.isoformat())
        if moment is not None and not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise InvalidValue("time.year", field=field, value=moment.isoformat())


def distinct(field: str, values: Iterable[str]) -> None:
    """No value stands twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise InvalidValue("value.twice", field=field, value=value)
        seen.add(value)
