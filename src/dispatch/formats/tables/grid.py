"""A sheet as it stands in a file, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dispatch.errors import Place
from dispatch.formats.tables.cells import Cell, is_blank
from dispatch.formats.tables.locale import EPOCH

MOST_ROWS = 20_000
MOST_COLUMNS = 400
"""Of one sheet. A skill matrix has one column for each skill."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet."""

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    """Every row that is not blank, with its number as a spreadsheet shows it."""
    file: str | None = None
    merged: tuple[str, ...] = ()
    """Ranges of cells that were merged: ``A2:B2``."""
    epoch: datetime = EPOCH

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """A place in this sheet."""
        return Place(file=self.file, sheet=self.name, row=row, column=column)


def numbered(rows: Iterable[Iterable[Cell]]) -> tuple[tuple[int, tuple[Cell, ...]], ...]:
    """Rows with their numbers, without the blank ones and the blank cells at their ends."""
    kept = []
    for number, row in enumerate(rows, start=1):
        cells = list(row)
        while cells and is_blank(cells[-1]):
            cells.pop()
        if cells:
            kept.append((number, tuple(cells)))
    return tuple(kept)
