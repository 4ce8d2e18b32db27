"""The business rules of who may take which visit, one to a file, in the order they are told.

Who is wanted comes before what they can do, and that before the time there is: a technician who
lacks the skill is not told about their travel.
"""

from __future__ import annotations

from typing import Any

from dispatch.domain.policy import Policy
from dispatch.planning.rules.excluded_skill import EXCLUDED_SKILL
from dispatch.planning.rules.fee import VISIT_FEE
from dispatch.planning.rules.parts import PARTS
from dispatch.planning.rules.pinned import PINNED
from dispatch.planning.rules.preferred import NOT_PREFERRED
from dispatch.planning.rules.prohibited import PROHIBITED
from dispatch.planning.rules.required import REQUIRED
from dispatch.planning.rules.rule import Miss, Price, Rule
from dispatch.planning.rules.skill import OVER_QUALIFIED, SKILL
from dispatch.planning.rules.swapped import SWAPPED
from dispatch.planning.rules.territory import FOREIGN_TERRITORY, TERRITORY

PRICES: tuple[Price[Any, Any], ...] = (
    VISIT_FEE,
    NOT_PREFERRED,
    OVER_QUALIFIED,
    FOREIGN_TERRITORY,
    SWAPPED,
)


def rules_of(policy: Policy) -> tuple[Rule[Any, Any], ...]:
    """The rules in force, in the order they are told."""
    territory = (TERRITORY,) if policy.territories_hold else ()
    return (PINNED, REQUIRED, PROHIBITED, SKILL, EXCLUDED_SKILL, *territory, PARTS)


__all__ = ["PRICES", "Miss", "Price", "Rule", "rules_of"]
