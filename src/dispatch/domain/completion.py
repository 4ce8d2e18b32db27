"""What has to be shown for a visit to count as completed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dispatch.domain import checks
from dispatch.errors import InvalidValue

MOST_PHOTOS = 50
"""Of one visit's completion."""
MOST_PARTS = 100
MOST_QUANTITY = 100_000
HASH = re.compile(r"[0-9a-f]{64}")


class EvidenceKind(StrEnum):
    """What a file shows."""

    PHOTO = "photo"
    SIGNATURE = "signature"


class Confirmation(StrEnum):
    """How the customer says that the work is done."""

    NONE = "none"
    CODE = "code"
    """By the completion code that they hold."""
    SIGNATURE = "signature"
    EITHER = "either"


WITH_CODE = frozenset((Confirmation.CODE, Confirmation.EITHER))


class Scan(StrEnum):
    """What is asked of the serial number on site."""

    NONE = "none"
    ASKED = "asked"
    """It is scanned; another than the site's is told of."""
    MATCH = "match"
    """It has to be one of the site's assets, where any is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What a job type asks for when a visit is completed, besides its checklist."""

    confirmation: Confirmation = Confirmation.NONE
    photos: int = 0
    """At least so many."""
    scan: Scan = Scan.NONE

    def __post_init__(self) -> None:
        checks.within("demands.photos", self.photos, 0, MOST_PHOTOS)


NO_DEMANDS = Demands()


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedPart:
    """What was built in or used up."""

    part: str
    """As the stock knows it."""
    quantity: int = 1
    serial: str = ""

    def __post_init__(self) -> None:
        checks.identifier("part.part", self.part)
        checks.within("part.quantity", self.quantity, 1, MOST_QUANTITY)
        if self.serial:
            checks.identifier("part.serial", self.serial)


def hashes(field: str, names: Sequence[str]) -> None:
    """Every name is a SHA-256 in small hexadecimal digits, and none stands twice.

    Raises
    ------
    InvalidValue
        ``evidence.hash``; ``value.twice``.
    """
    for name in names:
        if not HASH.fullmatch(name):
            raise InvalidValue("evidence.hash", field=field, value=name[:80])
    checks.distinct(field, names)
