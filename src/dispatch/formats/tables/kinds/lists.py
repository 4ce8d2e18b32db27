"""Several values in one cell, as :mod:`dispatch.formats.tables.entries` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dispatch import texts
from dispatch.domain import checks
from dispatch.domain.job import Dependency
from dispatch.domain.skill import HIGHEST_LEVEL, LOWEST_LEVEL, NeededSkill
from dispatch.errors import InvalidValue
from dispatch.formats.tables.cells import Cell, safe, text_of
from dispatch.formats.tables.entries import entries, joined
from dispatch.formats.tables.kinds.kind import Kind
from dispatch.formats.tables.kinds.plain import Id, Number, Whole, word
from dispatch.formats.tables.kinds.times import Duration, span
from dispatch.formats.tables.locale import Locale

Needed: TypeAlias = tuple[NeededSkill, ...]

LEVEL = Whole(LOWEST_LEVEL, HIGHEST_LEVEL)
FACTOR = Number(0.1, 10)
COUNT = Whole(0, checks.MOST_UNITS)
DELAY = Duration()


@dataclass(frozen=True, slots=True)
class Names(Kind[tuple[str, ...]]):
    """Ids of other rows: ``Anna; Bo``."""

    def read(self, cell: Cell, locale: Locale, /) -> tuple[str, ...]:
        """The ids in order, each once."""
        found = tuple(Id().read(name, locale) for name, _ in _without_values(text_of(cell)))
        checks.distinct("list", found)
        return found

    def write(self, value: tuple[str, ...], _locale: Locale, /) -> Cell:
        """The list."""
        return safe(joined((name, "") for name in value)) or None

    def names(self, value: tuple[str, ...], /) -> Iterable[str]:
        """All of them."""
        return value


@dataclass(frozen=True, slots=True)
class Levels(Kind[Needed]):
    """Skills with the level needed: ``gas: 3; welding``, where 1 need not be said.

    ``none`` alone says that there are no needs, where an empty cell would mean the usual ones.
    """

    def read(self, cell: Cell, locale: Locale, /) -> Needed:
        """The skills in order, each once."""
        text = text_of(cell)
        if _is_none(text):
            return ()
        found = tuple(
            NeededSkill(
                skill=Id().read(name, locale),
                min_level=LEVEL.read(level, locale) if level else LOWEST_LEVEL,
            )
            for name, level in entries(text)
        )
        checks.distinct("list", (need.skill for need in found))
        return found

    def write(self, value: Needed, locale: Locale, /) -> Cell:
        """The list; a skill that is named like the word for none keeps its level."""
        if not value:
            return word("none", locale.lang)
        pairs = [
            (need.skill, "" if need.min_level == LOWEST_LEVEL else str(need.min_level))
            for need in value
        ]
        if len(pairs) == 1 and _is_none(value[0].skill):
            pairs = [(value[0].skill, str(value[0].min_level))]
        return safe(joined(pairs))

    def names(self, value: Needed, /) -> Iterable[str]:
        """The skills."""
        return (need.skill for need in value)


@dataclass(frozen=True, slots=True)
class Amounts(Kind[Mapping[str, int]]):
    """How many of each part: ``filter: 2; pump``, where 1 need not be said."""

    def read(self, cell: Cell, locale: Locale, /) -> Mapping[str, int]:
        """The numbers by part."""
        return {
            Id().read(part, locale): COUNT.read(count or "1", locale)
            for part, count in _each_once(text_of(cell))
        }

    def write(self, value: Mapping[str, int], _locale: Locale, /) -> Cell:
        """The list."""
        return safe(joined((part, str(count)) for part, count in value.items())) or None


@dataclass(frozen=True, slots=True)
class Factors(Kind[Mapping[str, float]]):
    """A factor for each name: ``service: 0.9``."""

    def read(self, cell: Cell, locale: Locale, /) -> Mapping[str, float]:
        """The factors by name."""
        return {
            Id().read(name, locale): FACTOR.read(factor, locale)
            for name, factor in _each_once(text_of(cell))
        }

    def write(self, value: Mapping[str, float], _locale: Locale, /) -> Cell:
        """The list."""
        return safe(joined((name, repr(factor)) for name, factor in value.items())) or None

    def names(self, value: Mapping[str, float], /) -> Iterable[str]:
        """The names."""
        return value


@dataclass(frozen=True, slots=True)
class LevelFactors(Kind[Mapping[int, float]]):
    """A factor for each level: ``4: 0.95; 5: 0.85``."""

    def read(self, cell: Cell, locale: Locale, /) -> Mapping[int, float]:
        """The factors by level."""
        return {
            LEVEL.read(level, locale): FACTOR.read(factor, locale)
            for level, factor in _each_once(text_of(cell))
        }

    def write(self, value: Mapping[int, float], _locale: Locale, /) -> Cell:
        """The list."""
        return joined((str(level), repr(factor)) for level, factor in value.items()) or None


@dataclass(frozen=True, slots=True)
class Dependencies(Kind[tuple[Dependency, ...]]):
    """Jobs that come before, with delays: ``J1; J2: 0:30..2:00; J3: 15``."""

    def read(self, cell: Cell, locale: Locale, /) -> tuple[Dependency, ...]:
        """The dependencies in order, each job once."""
        found = []
        for name, delays in entries(text_of(cell)):
            low, between, high = delays.partition("..")
            found.append(
                Dependency(
                    job=Id().read(name, locale),
                    min_delay_s=DELAY.read(low.strip(), locale) if low.strip() else 0,
                    max_delay_s=DELAY.read(high.strip(), locale) if between else None,
                )
            )
        checks.distinct("list", (before.job for before in found))
        return tuple(found)

    def write(self, value: tuple[Dependency, ...], _locale: Locale, /) -> Cell:
        """The list."""
        return safe(joined((before.job, _delays(before)) for before in value)) or None

    def names(self, value: tuple[Dependency, ...], /) -> Iterable[str]:
        """The jobs."""
        return (before.job for before in value)


def _is_none(text: str) -> bool:
    return text.casefold() in {word("none", lang).casefold() for lang in texts.LANGUAGES}


def _delays(before: Dependency) -> str:
    low, high = before.min_delay_s, before.max_delay_s
    if high is not None:
        return f"{span(low)}..{span(high)}"
    return span(low) if low else ""


def _each_once(text: str) -> list[tuple[str, str]]:
    pairs = entries(text)
    checks.distinct("list", (name for name, _ in pairs))
    return pairs


def _without_values(text: str) -> list[tuple[str, str]]:
    pairs = entries(text)
    if any(value for _, value in pairs):
        raise InvalidValue("cell.list", value=text[:60])
    return pairs
