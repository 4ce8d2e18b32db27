"""A visit needs skills: all of some, at least one of others, each at a level, still valid."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from dispatch.domain.plan import CostKind
from dispatch.domain.policy import Policy
from dispatch.domain.skill import HeldSkill, NeededSkill, SkillNeeds
from dispatch.errors import Value
from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Miss, Price, Rule
from dispatch.planning.visit import Visit

Qualified: TypeAlias = tuple[tuple[HeldSkill, ...], date]
"""The skills held, and the last local date of the shift: what is valid then is valid all along."""

LACKS_SKILL, LACKS_LEVEL, EXPIRED = 100.0, 10.0, 1.0
"""How far each is from holding: a certificate is renewed sooner than a level is reached."""


def _asks(visit: Visit) -> SkillNeeds:
    return visit.needs


def _offers(duty: Duty) -> Qualified:
    return duty.technician.skills, duty.last_date


def _compare(needs: SkillNeeds, qualified: Qualified) -> Miss | None:
    misses = [miss for need in needs.all_of if (miss := shortfall(need, qualified))]
    if misses:
        # The gravest first; the gap counts them all.
        gravest = max(misses, key=lambda miss: miss.gap)
        return Miss(gravest.code, gravest.values, sum(miss.gap for miss in misses))
    alternatives = [shortfall(need, qualified) for need in needs.any_of]
    near = [miss for miss in alternatives if miss]
    if not near or len(near) < len(alternatives):
        return None
    nearest = min(near, key=lambda miss: miss.gap)
    if len(near) == 1 or nearest.gap < LACKS_SKILL:
        return nearest
    skills = ", ".join(need.skill for need in needs.any_of)
    return Miss("skill.any", {"skills": skills}, LACKS_SKILL)


def shortfall(need: NeededSkill, qualified: Qualified) -> Miss | None:
    """What is missing for one needed skill."""
    skills, last = qualified
    held = next((held for held in skills if held.skill == need.skill), None)
    if held is None:
        return Miss("skill.missing", {"skill": need.skill, "level": need.min_level}, LACKS_SKILL)
    if held.level < need.min_level:
        values: dict[str, Value] = {"skill": need.skill, "level": need.min_level, "has": held.level}
        return Miss("skill.level", values, LACKS_LEVEL * (need.min_level - held.level))
    if not held.valid_on(last):
        expired = held.expires.isoformat() if held.expires else ""
        return Miss("skill.expired", {"skill": need.skill, "expired": expired}, EXPIRED)
    return None


def excess(needs: SkillNeeds, qualified: Qualified) -> int:
    """Levels above the needed one in the skill that is exceeded most.

    Of the skills of ``any_of`` the one that is exceeded least counts: the visit needs only one.
    """
    skills, last = qualified
    held = {entry.skill: entry.level for entry in skills if entry.valid_on(last)}
    over = [held.get(need.skill, 0) - need.min_level for need in needs.all_of]
    alternatives = [
        above for need in needs.any_of if (above := held.get(need.skill, 0) - need.min_level) >= 0
    ]
    return max([0, *over, *([min(alternatives)] if alternatives else [])])


def _price(needs: SkillNeeds, qualified: Qualified, policy: Policy) -> int:
    return policy.over_qualified_minor_per_level * excess(needs, qualified)


SKILL = Rule(_asks, _offers, _compare)
OVER_QUALIFIED = Price(CostKind.OVER_QUALIFIED, _asks, _offers, _price)
