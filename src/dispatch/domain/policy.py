"""What everything costs, in one currency. Hard rules are not here: they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from dispatch.domain import checks
from dispatch.domain.job import LEAST_URGENT, MOST_URGENT
from dispatch.errors import InvalidValue

PRIORITIES = range(MOST_URGENT, LEAST_URGENT + 1)


def _lateness() -> Mapping[int, int]:
    return {1: 500, 2: 300, 3: 200, 4: 100, 5: 50}


def _unserved() -> Mapping[int, int]:
    return {1: 200_000, 2: 100_000, 3: 60_000, 4: 40_000, 5: 25_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The prices of a plan, in minor units (cents, fen, oere) of ``currency`` (ISO 4217)."""

    currency: str = "EUR"
    travel_minor_per_h: int = 0
    """On top of the wage."""
    travel_minor_per_km: int = 45
    wage_minor_per_h: int = 3_000
    """For the time from leaving to being back, breaks included."""
    overtime_minor_per_h: int = 1_500
    """On top of the wage, past the end of the shift."""
    shift_used_minor: int = 0
    """For each shift that gets work at all."""
    lateness_minor_per_min: Mapping[int, int] = field(default_factory=_lateness)
    """Past the SLA due, by priority."""
    worst_lateness_minor_per_min: int = 0
    """For the largest lateness of the plan, on top."""
    unserved_minor: Mapping[int, int] = field(default_factory=_unserved)
    """A job left out, by priority; its revenue is added, and its lateness until the window ends."""
    mandatory_minor: int = 10_000_000
    """A mandatory job left out, instead."""
    preferred_window_minor_per_min: int = 20
    """Starting outside every preferred window, by the distance to the nearest."""
    not_preferred_technician_minor: int = 1_000
    over_qualified_minor_per_level: int = 200
    """For each level above the one needed, in the skill that is exceeded most."""
    foreign_territory_minor: int = 2_000
    """A visit outside the technician's territories, where ``territories_hold`` is off."""
    promise_moved_minor: int = 3_000
    """A visit that starts outside the window that its customer was promised."""
    promise_moved_minor_per_min: int = 20
    """On top, for each minute outside."""
    promise_wait_s: int = 3_600
    """Whoever could start less than this before a promised window waits for it."""
    technician_swapped_minor: int = 1_000
    """A visit by somebody else than the published technician."""
    order_changed_minor: int = 200
    """A visit still on its published route, but behind one that was to come after it."""
    unfairness_minor_per_h: int = 0
    """Time on visits past the fair share of a shift."""
    territories_hold: bool = False
    """On: nobody works outside their territories."""

    def __post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise InvalidValue("policy.currency", value=self.currency[:20])
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, Mapping):
                _check_priorities(entry.name, value)
            elif entry.name.endswith("_s"):
                checks.duration(f"policy.{entry.name}", value)
            elif isinstance(value, int):
                checks.price(f"policy.{entry.name}", value)


def _check_priorities(name: str, prices: Mapping[int, int]) -> None:
    if set(prices) != set(PRIORITIES):
        raise InvalidValue("policy.priorities", field=name)
    for priority, minor in prices.items():
        checks.price(f"policy.{name}.{priority}", minor)
