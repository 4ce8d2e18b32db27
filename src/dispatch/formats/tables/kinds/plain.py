"""Texts, ids, words and numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from dispatch import texts
from dispatch.domain import checks
from dispatch.errors import InvalidValue
from dispatch.formats.tables.cells import Broken, Cell, safe, shown, text_of
from dispatch.formats.tables.kinds.kind import Kind
from dispatch.formats.tables.locale import Locale

DECIMAL_COMMA = re.compile(r"(-?\d+),(\d{1,2}|\d{4,})")
"""Three digits after a comma may be thousands."""


@dataclass(frozen=True, slots=True)
class Text(Kind[str]):
    """Any text."""

    def read(self, cell: Cell, _locale: Locale, /) -> str:
        """The text without space around it."""
        return text_of(cell)

    def write(self, value: str, _locale: Locale, /) -> Cell:
        """The text, made harmless."""
        return safe(value) or None


@dataclass(frozen=True, slots=True)
class Id(Text):
    """The id of this row or of another one."""

    def read(self, cell: Cell, _locale: Locale, /) -> str:
        """An identifier; a number is one too."""
        text = text_of(cell)
        checks.identifier("id", text)
        return text

    def names(self, value: str, /) -> Iterable[str]:
        """The id itself."""
        return (value,)


@dataclass(frozen=True, slots=True)
class Number(Kind[float]):
    """A finite number in a range."""

    low: float
    high: float

    def read(self, cell: Cell, _locale: Locale, /) -> float:
        """A number, also one that is stored as text, with a point or a plain decimal comma."""
        value = number(cell)
        if not self.low <= value <= self.high:
            raise InvalidValue("cell.range", value=shown(cell), low=self.low, high=self.high)
        return value

    def write(self, value: float, _locale: Locale, /) -> Cell:
        """The number."""
        return value


@dataclass(frozen=True, slots=True)
class Whole(Kind[int]):
    """A whole number in a range."""

    low: int
    high: int

    def read(self, cell: Cell, locale: Locale, /) -> int:
        """A whole number; ``3.0`` is one."""
        value = Number(self.low, self.high).read(cell, locale)
        if not float(value).is_integer():
            raise InvalidValue("cell.whole", value=shown(cell))
        return int(value)

    def write(self, value: int, _locale: Locale, /) -> Cell:
        """The number."""
        return value


@dataclass(frozen=True, slots=True)
class Choice(Kind[Any]):
    """One of a few words, said in any language."""

    words: tuple[tuple[str, Any], ...]
    """The key of each word in the texts, and what it means."""

    def read(self, cell: Cell, _locale: Locale, /) -> Any:
        """What the word means."""
        text = ("no", "yes")[cell] if isinstance(cell, bool) else text_of(cell).casefold()
        for key, meaning in self.words:
            if text in {word(key, lang).casefold() for lang in texts.LANGUAGES}:
                return meaning
        known = ", ".join(self.choices("en") + self.choices("zh"))
        raise InvalidValue("cell.choice", value=shown(cell), known=known)

    def write(self, value: Any, locale: Locale, /) -> Cell:
        """The word."""
        return next(word(key, locale.lang) for key, meaning in self.words if meaning == value)

    def choices(self, lang: str, /) -> tuple[str, ...]:
        """Every word."""
        return tuple(word(key, lang) for key, _ in self.words)


FLAG = Choice((("yes", True), ("no", False)))


def choice_of(options: type[Enum]) -> Choice:
    """A choice among the members of an enumeration."""
    return Choice(tuple((str(option.value), option) for option in options))


def word(key: str, lang: str) -> str:
    """A word that cells may hold."""
    return texts.say(f"word.{key}", lang)


def number(cell: Cell) -> float:
    """A finite number.

    Raises
    ------
    InvalidValue
        ``cell.number``, or the cell is broken.
    """
    if isinstance(cell, Broken):
        raise InvalidValue(cell.code)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        value: float | None = cell
    elif isinstance(cell, str):
        value = _parsed(text_of(cell))
    else:
        value = None
    if value is None or not -(2**53) <= value <= 2**53:
        raise InvalidValue("cell.number", value=shown(cell))
    return value


def _parsed(text: str) -> float | None:
    comma = DECIMAL_COMMA.fullmatch(text)
    try:
        value = float(f"{comma[1]}.{comma[2]}" if comma else text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None
