"""What stands in a cell, and how text goes in and out of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from dispatch.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell whose content cannot be had; ``code`` says why."""

    code: str


Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | Broken | None

MOST_TEXT = 32_767
"""No spreadsheet cell holds more characters (Excel's limit)."""
ACTIVE = re.compile("'*[=+\\-@\t＝＋－＠]")
"""A text that begins so may be run as a formula when a spreadsheet opens it (OWASP, CSV injection);
an apostrophe before it prevents that."""
LINE_END = re.compile("\r\n?")
"""XML turns every line end into a line feed, so cells know no other."""
UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML 1.0, and so a workbook, cannot hold."""


def is_blank(cell: Cell) -> bool:
    """Nothing, or only white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """A cell as text: what a number or a date is in digits, without space around it.

    Raises
    ------
    InvalidValue
        The cell is broken.
    """
    if isinstance(cell, Broken):
        raise InvalidValue(cell.code)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a spreadsheet keeps 7 and 7.0 alike
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if not isinstance(cell, str):
        return str(cell)
    cell = LINE_END.sub("\n", cell)
    text = cell.strip(" \n\u00a0\u3000") if ACTIVE.match(cell) else cell.strip()
    return text[1:] if text.startswith("'") and ACTIVE.match(text) else text


def safe(text: str) -> str:
    """A text as a cell that no spreadsheet runs; :func:`text_of` gives it back.

    Raises
    ------
    InvalidValue
        ``cell.unwritable``: no workbook can hold the text.
    """
    text = LINE_END.sub("\n", text)
    if UNWRITABLE.search(text) or len(text) >= MOST_TEXT:
        shown = text[:60].encode("ascii", "backslashreplace").decode()
        raise InvalidValue("cell.unwritable", value=shown)
    return f"'{text}" if ACTIVE.match(text) else text


def shown(cell: Cell) -> str:
    """A cell as findings quote it."""
    return str(cell)[:60]
