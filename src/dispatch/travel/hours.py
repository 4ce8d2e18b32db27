"""How much longer driving takes at each hour of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatch.errors import InvalidValue
from dispatch.travel.bounds import check_range


@dataclass(frozen=True, slots=True)
class HourlyFactors:
    """Travel time at each full hour, as a multiple of an average hour's.

    Parameters
    ----------
    factors
        24 numbers from 0.2 to 5; the first for the hour from midnight, local time.
    """

    factors: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.factors) != 24:
            raise InvalidValue("travel.hours", count=len(self.factors))
        for factor in self.factors:
            check_range("factor", factor, 0.2, 5)

    def at(self, departure: datetime | None) -> float:
        """The factor for a departure, between full hours in proportion; 1 without a departure."""
        if departure is None:
            return 1.0
        past = departure.minute / 60 + departure.second / 3600
        this, following = self.factors[departure.hour], self.factors[(departure.hour + 1) % 24]
        return this + (following - this) * past


ALWAYS_THE_SAME = HourlyFactors((1.0,) * 24)
RUSH_HOURS = HourlyFactors(
    (0.85,) * 6 + (0.95, 1.15, 1.25, 1.1, 1.0, 1.0)  # midnight to noon
    + (1.0, 1.0, 1.05, 1.15, 1.3, 1.25, 1.1, 0.95) + (0.9,) * 4
)  # fmt: skip
"""A middle-sized European city, two rush hours: an estimate to be replaced by one's own figures."""
