"""What sheets and columns are called, in every language at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from dispatch import texts
from dispatch.formats.tables.layout import MOST_REPEATED, SHEETS, Column, Sheet

Slot: TypeAlias = tuple[str, int]
"""A column's key, and which of the repeated ones it is (from 1; 0 if it stands once)."""

ABOUT = "about"
"""The sheet that explains a template; nothing is read from it."""


def sheet_name(key: str, lang: str) -> str:
    """What a sheet is called."""
    return texts.say(f"sheet.{key}", lang)


def every_name(key: str) -> str:
    """What a sheet is called in every language, for findings."""
    return " / ".join(sheet_name(key, lang) for lang in texts.LANGUAGES)


def every_heading(key: str) -> str:
    """What a column is called in every language, for findings."""
    return " / ".join(heading(key, lang) for lang in texts.LANGUAGES)


def heading(key: str, lang: str, index: int = 0) -> str:
    """What a column is called."""
    return texts.say(f"heading.{key}", lang, n=index)


def note(key: str, lang: str) -> str:
    """What a column's heading explains."""
    return texts.say(f"note.{key}", lang)


def purpose(key: str, lang: str) -> str:
    """What a sheet is for."""
    return texts.say(f"purpose.{key}", lang)


def plain(name: str) -> str:
    """A name without what people vary: width, case, spacing, the star of a required column."""
    narrow = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"\s+", " ", narrow.replace("_", " ")).strip(" *")


@cache
def sheets_by_name() -> Mapping[str, Sheet]:
    """The sheets by their plain names in every language."""
    return {
        plain(sheet_name(sheet.key, lang)): sheet for lang in texts.LANGUAGES for sheet in SHEETS
    }


@cache
def is_about(name: str) -> bool:
    """Whether a sheet is the one that explains."""
    return plain(name) in {plain(sheet_name(ABOUT, lang)) for lang in texts.LANGUAGES}


@cache
def slots_by_heading(sheet: Sheet) -> Mapping[str, Slot]:
    """The columns of a sheet by their plain headings in every language."""
    return {
        plain(heading(column.key, lang, index)): (column.key, index)
        for lang in texts.LANGUAGES
        for column in sheet.columns
        for index in indices(column)
    }


def indices(column: Column) -> tuple[int, ...]:
    """Which numbers the headings of a column may have."""
    return tuple(range(1, MOST_REPEATED + 1)) if column.repeated else (0,)
