"""What a visit asks of whoever does it: by its job's type and by the job itself, together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.domain.skill import NeededSkill, SkillNeeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Skills that somebody must have, and must not have."""

    all_of: tuple[NeededSkill, ...] = ()
    one_of_each: tuple[tuple[NeededSkill, ...], ...] = ()
    """At least one of each of these; the type asks for one, and the job may ask for another."""
    none_of: tuple[str, ...] = ()


def together(*asked: SkillNeeds) -> Needs:
    """What all of them ask for; of one skill that is asked for twice the higher level."""
    return Needs(
        all_of=_highest(need for needs in asked for need in needs.all_of),
        one_of_each=tuple(dict.fromkeys(needs.any_of for needs in asked if needs.any_of)),
        none_of=tuple(dict.fromkeys(skill for needs in asked for skill in needs.none_of)),
    )


def _highest(needed: Iterable[NeededSkill]) -> tuple[NeededSkill, ...]:
    levels: dict[str, int] = {}
    for need in needed:
        levels[need.skill] = max(levels.get(need.skill, 0), need.min_level)
    return tuple(NeededSkill(skill=skill, min_level=level) for skill, level in levels.items())
