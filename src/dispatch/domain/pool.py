"""How the pool works: the rules that the whole service network gives itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dispatch.domain import checks

LONGEST_WINDOW_S = 600
MOST_DAYS = 365
MOST_CLAIMS = 1_000
SHORTEST_PATIENCE_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRules:
    """What may be claimed, how bids are matched, and when the pool gives up."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    """What is sent as one of these has no other fields."""

    claims_a_day: int | None = None
    """How many offers somebody may win on one day; None is any number."""
    claims_open: int | None = None
    """How many they may have at once that are not done yet."""
    territories_hold: bool = True
    """Whether nobody claims outside their territories, also where a plan may send them there."""
    bids_s: int = 10
    """How long others may bid after the first bid for a batched offer."""
    fairness_days: int = 14
    """How far back it counts who got how much."""
    fairness_percent: int = 10
    """How much of what somebody got less than the others counts like money saved."""
    push_lead_s: int = 7_200
    """So long before the latest start of a visit the pool has had its chance: time to ask some, one
    after another, and to get there."""
    push_patience_s: int = 300
    """How long each of them may think."""

    def __post_init__(self) -> None:
        for name in ("claims_a_day", "claims_open"):
            value = getattr(self, name)
            if value is not None:
                checks.within(f"pool.{name}", value, 0, MOST_CLAIMS)
        checks.within("pool.bids_s", self.bids_s, 1, LONGEST_WINDOW_S)
        checks.within("pool.fairness_days", self.fairness_days, 1, MOST_DAYS)
        checks.within("pool.fairness_percent", self.fairness_percent, 0, 1_000)
        checks.duration("pool.push_lead_s", self.push_lead_s)
        checks.within(
            "pool.push_patience_s", self.push_patience_s, SHORTEST_PATIENCE_S, checks.DAY_S
        )
