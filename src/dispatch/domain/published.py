"""What a published schedule has told people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatch.domain import checks
from dispatch.domain.clock import elapsed_s
from dispatch.errors import InvalidValue

MOST_SEATS = 8
MOST_ORDER = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What the published schedule says of one visit of a job (its seat, 0 without a crew).

    A pin holds; this may change, at a price.
    """

    technician: str
    seat: int = 0
    shift: str | None = None
    """In which shift; needed for the order where the technician has several."""
    order: int | None = None
    """Its place among the visits of that shift."""
    start: datetime | None = None
    """The customer was promised that the visit starts from here."""
    end: datetime | None = None
    """To here, included."""

    def __post_init__(self) -> None:
        checks.identifier("published.technician", self.technician)
        checks.within("published.seat", self.seat, 0, MOST_SEATS - 1)
        checks.aware("published", self.start, self.end)
        if self.order is not None:
            checks.within("published.order", self.order, 0, MOST_ORDER)
        if (self.start is None) != (self.end is None):
            raise InvalidValue("published.promise")
        if self.start and self.end and elapsed_s(self.start, self.end) < 0:
            raise InvalidValue(
                "published.reversed", start=self.start.isoformat(), end=self.end.isoformat()
            )
