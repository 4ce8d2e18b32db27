"""A table as an XLSX workbook of one sheet, in which nothing is a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from dispatch.formats.exports.table import Table, Value, writable

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 18
WHEN = "yyyy-mm-dd hh:mm:ss"


def write_workbook(table: Table, into: IO[bytes]) -> None:
    """Write a table row by row, so that a long one needs no room in memory."""
    book = Workbook(write_only=True)
    page = book.create_sheet(table.name)
    page.freeze_panes = "A2"
    for at in range(1, len(table.headings) + 1):
        page.column_dimensions[get_column_letter(at)].width = WIDTH
    page.append(list(_cells(page, table.headings, Font(bold=True))))
    for row in table.rows:
        page.append(list(_cells(page, row)))
    book.save(into)


def _cells(
    page: WriteOnlyWorksheet, row: Sequence[Value], font: Font | None = None
) -> Iterator[Cell | None]:
    for value in row:
        if value is None:
            yield None
            continue
        cell = WriteOnlyCell(page, writable(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            cell.data_type = "s"  # also what looks like a formula or an error
        elif isinstance(value, datetime):
            cell.number_format = WHEN
        if font is not None:
            cell.font = font
        yield cell
