"""Who does a visit can do it: skills, levels, certificates that are still valid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dispatch.domain.skill import NeededSkill
from dispatch.domain.technician import Technician
from dispatch.planning.verify.facts import Facts, KnownRoute, Stop
from dispatch.planning.verify.fault import Fault


def all_skills(facts: Facts) -> Iterator[Fault]:
    """Every skill of ``all_of`` is held, at its level, on the day of the visit."""
    for known, stop in facts.stops():
        for need in stop.all_of:
            fault = _shortfall(need, known, stop)
            if fault is not None:
                yield fault


def any_skill(facts: Facts) -> Iterator[Fault]:
    """One skill of each ``any_of`` is held, if there are any."""
    for known, stop in facts.stops():
        for alternatives in stop.choices:
            if all(_shortfall(need, known, stop) for need in alternatives):
                skills = ", ".join(need.skill for need in alternatives)
                yield known.fault("skill.any", stop, skills=skills)


def no_excluded_skill(facts: Facts) -> Iterator[Fault]:
    """No skill of ``none_of`` is held on the day of the visit."""
    for known, stop in facts.stops():
        for skill in sorted(stop.none_of):
            if level_on(known.technician, skill, stop.ended_on):
                yield known.fault("skill.excluded", stop, skill=skill)


def level_on(technician: Technician, skill: str, day: date) -> int:
    """Their level in a skill on a day; 0 without it, or when it has expired."""
    held = technician.held(skill)
    return held.level if held and held.valid_on(day) else 0


def _shortfall(need: NeededSkill, known: KnownRoute, stop: Stop) -> Fault | None:
    held = known.technician.held(need.skill)
    if held is None:
        return known.fault("skill.missing", stop, skill=need.skill, level=need.min_level)
    if held.level < need.min_level:
        levels = {"level": need.min_level, "found": held.level}
        return known.fault("skill.level", stop, skill=need.skill, **levels)
    if held.expires is not None and held.expires < stop.ended_on:
        expired = held.expires.isoformat()
        return known.fault("skill.expired", stop, skill=need.skill, expired=expired)
    return None
