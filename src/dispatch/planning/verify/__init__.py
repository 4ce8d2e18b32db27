"""The independent checker: recomputes a plan from the day and the travel times alone.

It shares no code with what makes plans (compile, the engines, decode, the score), so that one
mistake cannot hide in both. It is slow and obvious on purpose.
"""

from __future__ import annotations

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan
from dispatch.planning.travel_times import Progress, TravelTimes
from dispatch.planning.verify.facts import Facts
from dispatch.planning.verify.fault import Fault, Verification
from dispatch.planning.verify.names import known_routes, misnamed
from dispatch.planning.verify.rules import RULES
from dispatch.planning.verify.soundness import unsound
from dispatch.planning.verify.ways import ways_of


def verify(
    day: Day, plan: Plan, travel: TravelTimes, *, progress: Progress | None = None
) -> Verification:
    """Recompute times, rules and cost of a plan, and tell everything that is wrong.

    Parameters
    ----------
    day
        What the plan was made from, as :func:`dispatch.planning.check.check_day` lets it pass.
    plan
        From anywhere; nothing in it is believed.
    travel
        The travel times it was made with; asked anew.
    progress
        Called with the part of the travel times that is done.

    Returns
    -------
    Verification
        Faults in the order of the rules. A plan with moments or numbers that are none is not
        checked further; names that the day does not have are left out of the other rules.

    Raises
    ------
    InvalidInput
        A place cannot be reached.
    Unavailable
        The travel times did not answer.
    """
    if faults := tuple(unsound(plan)):
        return Verification(faults)
    ways = ways_of(day, travel, progress)
    facts = Facts(day, plan, tuple(known_routes(day, plan)), ways)
    broken = (fault for rule in RULES for fault in rule(facts))
    return Verification((*misnamed(day, plan), *broken))


__all__ = ["Fault", "Verification", "verify"]
