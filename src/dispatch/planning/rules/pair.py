"""Why one technician could not do one visit: every rule in the order it is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dispatch.domain.policy import Policy
from dispatch.planning.duty import Duty
from dispatch.planning.rules import rules_of
from dispatch.planning.rules.duration import duration_miss
from dispatch.planning.rules.reach import Way, reach_miss
from dispatch.planning.rules.rule import Miss
from dispatch.planning.rules.window import window_miss
from dispatch.planning.visit import Visit


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The first rule that fails for a pair, and how close the pair came."""

    miss: Miss
    order: int
    """How many rules were passed before it."""
    count: int
    """How many rules fail; the rules of time count as one."""
    duty: Duty

    @property
    def distance(self) -> tuple[float, ...]:
        """Less is nearer: few rules fail, and late ones, and by little."""
        return (self.count, -self.order, self.miss.gap)


def near_miss(visit: Visit, duty: Duty, policy: Policy, way: Way | None = None) -> NearMiss | None:
    """What stands between a duty and a visit; None if nothing does.

    Parameters
    ----------
    way
        None counts no travel.
    """
    found = list(_misses(visit, duty, policy, way))
    if not found:
        return None
    order, first = found[0]
    return NearMiss(first, order, len(found), duty)


def nearest(
    visit: Visit, duties: Iterable[Duty], policy: Policy, way: Way | None = None
) -> NearMiss | None:
    """The near miss of the duty that comes closest; None if there is no duty, or one fits."""
    found = [near_miss(visit, duty, policy, way) for duty in duties]
    misses = [miss for miss in found if miss is not None]
    if not misses or len(misses) < len(found):
        return None
    return min(misses, key=lambda miss: miss.distance)


def _misses(
    visit: Visit, duty: Duty, policy: Policy, way: Way | None
) -> Iterator[tuple[int, Miss]]:
    rules = rules_of(policy)
    for order, rule in enumerate(rules):
        if (miss := rule.miss(visit, duty)) is not None:
            yield order, miss
    for late, miss in enumerate(_of_time(visit, duty, way)):
        if miss is not None:
            # A window that is missed is missed all the more with work and travel: say it once.
            yield len(rules) + late, miss
            return


def _of_time(visit: Visit, duty: Duty, way: Way | None) -> Sequence[Miss | None]:
    travel = reach_miss(visit, duty, way) if way is not None else None
    return window_miss(visit, duty), duration_miss(visit, duty), travel
