"""What a business rule is made of.

A rule compares what a visit *asks* with what a duty *offers*. Both are small values that many
visits and many duties share, so a rule is looked at once for each distinct pair, however large
the day.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from dispatch.domain.plan import CostKind, Reason
from dispatch.domain.policy import Policy
from dispatch.errors import Value
from dispatch.planning.duty import Duty
from dispatch.planning.visit import Visit

Asked = TypeVar("Asked", bound=Hashable)
Offered = TypeVar("Offered", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Miss:
    """How a rule fails: the code and values of the reason, and how far from holding."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    gap: float = 0.0
    """How much is missing, to compare misses of one rule."""

    def reason(self, technician: str | None = None) -> Reason:
        """The same as a reason, for a technician or for a job."""
        return Reason(code=self.code, technician=technician, values=self.values)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Asked, Offered]):
    """A hard rule: it holds or it does not, whatever the price."""

    asks: Callable[[Visit], Asked]
    offers: Callable[[Duty], Offered]
    compare: Callable[[Asked, Offered], Miss | None]

    def miss(self, visit: Visit, duty: Duty) -> Miss | None:
        """How the rule fails for this pair; None if it holds."""
        return self.compare(self.asks(visit), self.offers(duty))


@dataclass(frozen=True, slots=True)
class Price(Generic[Asked, Offered]):
    """What an allowed but unwelcome pair costs."""

    kind: CostKind
    asks: Callable[[Visit], Asked]
    offers: Callable[[Duty], Offered]
    compare: Callable[[Asked, Offered, Policy], int]

    def minor(self, visit: Visit, duty: Duty, policy: Policy) -> int:
        """The price of this pair in minor units."""
        return self.compare(self.asks(visit), self.offers(duty), policy)
