"""A visit needs skills: all of some, at least one of others, each at a level, still valid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from dispatch.domain.plan import CostKind
from dispatch.domain.policy import Policy
from dispatch.domain.skill import HeldSkill, NeededSkill
from dispatch.errors import Value
from dispatch.planning.duty import Duty
from dispatch.planning.needs import Needs
from dispatch.planning.rules.rule import Miss, Price, Rule
from dispatch.planning.visit import Visit

Qualified: TypeAlias = tuple[tuple[HeldSkill, ...], date]
"""The skills held, and the last local date of the shift: what is valid then is valid all along."""

LACKS_SKILL, LACKS_LEVEL, EXPIRED = 100.0, 10.0, 1.0
"""How far each is from holding: a certificate is renewed sooner than a level is reached."""


def _asks(visit: Visit) -> Needs:
    return visit.needs


def _offers(duty: Duty) -> Qualified:
    return duty.technician.skills, duty.last_date


def _compare(needs: Needs, qualified: Qualified) -> Miss | None:
    misses = _gravest(miss for need in needs.all_of if (miss := shortfall(need, qualified)))
    if misses:
        return misses
    return _gravest(
        miss
        for alternatives in needs.one_of_each
        if (miss := _none_of_them(alternatives, qualified))
    )


def _gravest(misses: Iterable[Miss]) -> Miss | None:
    """With the gaps of all of them."""
    found = list(misses)
    if not found:
        return None
    gravest = max(found, key=lambda miss: miss.gap)
    return Miss(gravest.code, gravest.values, sum(miss.gap for miss in found))


def _none_of_them(alternatives: tuple[NeededSkill, ...], qualified: Qualified) -> Miss | None:
    """How near somebody comes who has none of some skills as it is asked for."""
    near = [miss for need in alternatives if (miss := shortfall(need, qualified))]
    if len(near) < len(alternatives):
        return None
    nearest = min(near, key=lambda miss: miss.gap)
    if len(near) == 1 or nearest.gap < LACKS_SKILL:
        return nearest
    skills = ", ".join(need.skill for need in alternatives)
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


def excess(needs: Needs, qualified: Qualified) -> int:
    """Levels above the needed one in the skill that is exceeded most.

    Of skills of which the visit needs only one, the one that is exceeded least counts.
    """
    skills, last = qualified
    held = {entry.skill: entry.level for entry in skills if entry.valid_on(last)}

    def above(need: NeededSkill) -> int:
        return held.get(need.skill, 0) - need.min_level

    least = (
        min((over for need in alternatives if (over := above(need)) >= 0), default=0)
        for alternatives in needs.one_of_each
    )
    return max([0, *map(above, needs.all_of), *least])


def _price(needs: Needs, qualified: Qualified, policy: Policy) -> int:
    return policy.over_qualified_minor_per_level * excess(needs, qualified)


SKILL = Rule(_asks, _offers, _compare)
OVER_QUALIFIED = Price(CostKind.OVER_QUALIFIED, _asks, _offers, _price)
