"""The sheets of an XLSX workbook as grids."""

from __future__ import annotations

import io
import warnings
from datetime import date, time, timedelta

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from dispatch.errors import Finding, InvalidInput, Place
from dispatch.formats.files import Source, label, read_bytes
from dispatch.formats.tables.cells import Broken, Cell
from dispatch.formats.tables.grid import Grid, numbered
from dispatch.formats.tables.package import MOST_BYTES, inspect

FORMULA, ERROR = "f", "e"


def read_workbook(source: Source, file: str | None = None) -> list[Grid]:
    """The sheets of a workbook, hidden ones too.

    Macros and links to other files are ignored. A formula counts as the value that the spreadsheet
    program saved for it.

    Raises
    ------
    InvalidInput
        It is no workbook, or one that is not safe to open.
    """
    file = label(source, file)
    content = read_bytes(source, file, most=MOST_BYTES)
    rows, columns = inspect(content, file)
    try:
        book = _opened(content, saved_values=False)
        saved = _opened(content, saved_values=True) if _has_formulas(book, rows, columns) else book
        return [
            Grid(
                name=sheet.title,
                rows=numbered(_cells(sheet, saved[sheet.title], rows, columns)),
                file=file,
                merged=tuple(sorted(str(area) for area in sheet.merged_cells.ranges)),
                epoch=book.epoch,
            )
            for sheet in book.worksheets
        ]
    except Exception as error:  # openpyxl raises whatever a broken part leads to
        raise InvalidInput([Finding("workbook.broken", Place(file=file))]) from error


def _opened(content: bytes, *, saved_values: bool) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about parts that are dropped: charts, extensions
        return load_workbook(
            io.BytesIO(content), data_only=saved_values, keep_vba=False, keep_links=False
        )


def _has_formulas(book: Workbook, rows: int, columns: int) -> bool:
    return any(
        cell.data_type == FORMULA
        for sheet in book.worksheets
        for line in _lines(sheet, rows, columns)
        for cell in line
    )


def _lines(sheet: Worksheet, rows: int, columns: int) -> list[tuple[BookCell | MergedCell, ...]]:
    if not rows or not columns:
        return []
    last_row, last_column = min(rows, sheet.max_row), min(columns, sheet.max_column)
    return list(sheet.iter_rows(max_row=last_row, max_col=last_column))


def _cells(sheet: Worksheet, saved: Worksheet, rows: int, columns: int) -> list[list[Cell]]:
    return [[_value(cell, saved) for cell in line] for line in _lines(sheet, rows, columns)]


def _value(cell: BookCell | MergedCell, saved: Worksheet) -> Cell:
    value = cell.value
    if cell.data_type == FORMULA:
        counted = saved[cell.coordinate]
        if counted.value is None:
            return Broken("cell.formula")
        value, kind = counted.value, counted.data_type
    else:
        kind = cell.data_type
    if kind == ERROR:
        return Broken("cell.error")
    if value is None or isinstance(value, str | int | float | date | time | timedelta):
        return value
    return Broken("cell.formula")  # an array formula, a data table
