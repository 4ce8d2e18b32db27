"""Cells of the skill matrix, and where shifts start and end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dispatch import texts
from dispatch.domain.shift import Anchor, AnchorKind
from dispatch.errors import InvalidValue
from dispatch.formats.tables.cells import Cell, safe, shown, text_of
from dispatch.formats.tables.kinds.kind import Kind
from dispatch.formats.tables.kinds.lists import LEVEL
from dispatch.formats.tables.kinds.plain import Id, word
from dispatch.formats.tables.kinds.times import calendar_date
from dispatch.formats.tables.locale import Locale


@dataclass(frozen=True, slots=True)
class Grade(Kind[tuple[int, date | None]]):
    """A level, and the last day of a certificate: ``3``, ``3 until 2026-12-31``."""

    def read(self, cell: Cell, locale: Locale, /) -> tuple[int, date | None]:
        """The level and the last day on which it counts."""
        if not isinstance(cell, str):
            return LEVEL.read(cell, locale), None
        text = text_of(cell)
        for lang in texts.LANGUAGES:
            level, until, last = text.partition(word("until", lang))
            if until:
                return LEVEL.read(level.strip(), locale), calendar_date(last.strip())
        return LEVEL.read(text, locale), None

    def write(self, value: tuple[int, date | None], locale: Locale, /) -> Cell:
        """The level, and ``until`` the last day."""
        level, last = value
        return f"{level} {word('until', locale.lang)} {last}" if last else level


@dataclass(frozen=True, slots=True)
class Place(Kind[Anchor]):
    """Where a shift starts or ends: ``home``, ``open``, ``outlet: North``, ``site: Harbour``."""

    def read(self, cell: Cell, locale: Locale, /) -> Anchor:
        """The place."""
        said, _, named = text_of(cell).replace("：", ":", 1).partition(":")
        kind = _kind(said.strip())
        if kind is None:
            words = (word(option, lang) for lang in texts.LANGUAGES for option in AnchorKind)
            raise InvalidValue("cell.choice", value=shown(cell), known=", ".join(words))
        return Anchor(kind=kind, id=Id().read(named, locale) if named.strip() else None)

    def write(self, value: Anchor, locale: Locale, /) -> Cell:
        """The word, and the id of an outlet or a site."""
        kind = word(value.kind, locale.lang)
        return safe(f"{kind}: {value.id}") if value.id is not None else kind


def _kind(text: str) -> AnchorKind | None:
    for option in AnchorKind:
        if text.casefold() in {word(option.value, lang).casefold() for lang in texts.LANGUAGES}:
            return option
    return None
