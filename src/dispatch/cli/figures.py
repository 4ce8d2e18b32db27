"""How figures are written for people."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | datetime | None

YES_NO = {"en": ("no", "yes"), "zh": ("否", "是")}
NONE = "–"


def is_number(cell: Cell) -> bool:
    """Whether a cell belongs on the right of its column."""
    return cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))


def shown(cell: Cell, lang: str) -> str:
    """A cell as text: 1,234, 0.53, 08:15, yes, or a dash for nothing."""
    match cell:
        case None:
            return NONE
        case bool():
            return YES_NO[lang][cell]
        case int():
            return f"{cell:,}"
        case float():
            return f"{cell:,.2f}"
        case datetime():
            return f"{cell:%H:%M}"
        case _:
            return cell
