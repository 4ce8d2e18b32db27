"""A table to be exported: headings and rows, and what becomes of a text in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from dispatch.formats.tables.cells import MOST_TEXT, UNWRITABLE

Value: TypeAlias = str | int | float | datetime | None
"""What a cell holds; moments by the wall clock that the whole table goes by, without a zone."""

CUT = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows may be read while they are written, and once only."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


def writable(text: str) -> str:
    """A text that every spreadsheet can hold: without control characters, not too long.

    A row that cannot be shown in full is better than an export that is refused for it.
    """
    text = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) < MOST_TEXT else text[: MOST_TEXT - 2] + CUT


ACTIVE = re.compile("(\\A|[;\t\r\n])(?=[=+\\-@\t\r\n＝＋－＠])")
"""Where something begins that a spreadsheet may run as a formula (OWASP, CSV injection). Not only
the text itself: a spreadsheet that parts cells elsewhere than at commas begins a cell there."""


def harmless(text: str) -> str:
    """A text with an apostrophe before each place where a formula could begin."""
    return ACTIVE.sub("\\1'", text)
