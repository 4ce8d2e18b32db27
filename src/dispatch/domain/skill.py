"""What technicians can do and what jobs need. A certificate is a skill that expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dispatch.domain import checks

LOWEST_LEVEL, HIGHEST_LEVEL = 1, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """An entry of the skill list."""

    id: str
    name: str = ""

    def __post_init__(self) -> None:
        checks.identifier("skill.id", self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSkill:
    """One cell of the skill matrix."""

    skill: str
    level: int = LOWEST_LEVEL
    expires: date | None = None
    """The last day on which it is valid; none if it does not expire."""

    def __post_init__(self) -> None:
        checks.identifier("skill", self.skill)
        checks.within("level", self.level, LOWEST_LEVEL, HIGHEST_LEVEL)

    def valid_on(self, day: date) -> bool:
        """Whether it still counts on ``day``."""
        return self.expires is None or day <= self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededSkill:
    """A skill a visit needs, at this level or above."""

    skill: str
    min_level: int = LOWEST_LEVEL

    def __post_init__(self) -> None:
        checks.identifier("skill", self.skill)
        checks.within("min_level", self.min_level, LOWEST_LEVEL, HIGHEST_LEVEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillNeeds:
    """All of these, at least one of those, none of the last."""

    all_of: tuple[NeededSkill, ...] = ()
    any_of: tuple[NeededSkill, ...] = ()
    none_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("all_of", "any_of", "none_of"):
            checks.few(name, getattr(self, name), checks.MOST_NEEDS)
        checks.distinct("all_of", (need.skill for need in self.all_of))
        checks.distinct("any_of", (need.skill for need in self.any_of))
        checks.distinct("none_of", self.none_of)

    @property
    def named(self) -> frozenset[str]:
        """Every skill mentioned."""
        needed = (need.skill for need in self.all_of + self.any_of)
        return frozenset((*needed, *self.none_of))


NO_NEEDS = SkillNeeds()
