"""What every implementation asks of its parameters and of the places it is given."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeVar

from dispatch.domain.position import Place
from dispatch.errors import Finding, InvalidInput, InvalidValue

MAX_PLACES = 15_000
"""Two matrices of this size take 1.8 GB."""
MAX_FINDINGS = 100

Known = TypeVar("Known")


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Refuse a parameter outside ``low`` to ``high``.

    Raises
    ------
    InvalidValue
        ``travel.parameter``
    """
    if not (math.isfinite(value) and low <= value <= high):
        raise InvalidValue("travel.parameter", name=name, value=value, low=low, high=high)


def check_count(places: Sequence[Place]) -> None:
    """Refuse more places than a matrix in memory can hold.

    Raises
    ------
    InvalidInput
        ``travel.places.too_many``
    """
    if len(places) > MAX_PLACES:
        values = {"count": len(places), "limit": MAX_PLACES}
        raise InvalidInput([Finding("travel.places.too_many", values=values)])


def known_profile(profile: str, known: dict[str, Known]) -> Known:
    """What is known under the name of a profile.

    Raises
    ------
    InvalidValue
        ``travel.profile``
    """
    if profile not in known:
        raise InvalidValue("travel.profile", profile=profile, known=", ".join(known))
    return known[profile]


def refuse(findings: Iterable[Finding]) -> None:
    """Raise all findings at once if there are any; past `MAX_FINDINGS` only their number.

    Raises
    ------
    InvalidInput
    """
    rest = iter(findings)
    found = list(islice(rest, MAX_FINDINGS))
    more = sum(1 for _ in rest)
    if more:
        found.append(Finding("travel.more", values={"count": more}))
    if found:
        raise InvalidInput(found)
