"""Sheets of cells as an XLSX workbook that is pleasant to fill."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dispatch import texts
from dispatch.errors import InvalidValue
from dispatch.formats.files import write_atomically
from dispatch.formats.tables.cells import Broken, Cell
from dispatch.formats.tables.grid import MOST_ROWS
from dispatch.formats.tables.headings import ABOUT, note, purpose, sheet_name
from dispatch.formats.tables.kinds.plain import Id, Whole
from dispatch.formats.tables.layout import SHEETS, Column
from dispatch.formats.tables.writing import Written

HEADER_FONT = Font(bold=True, color="FFFFFF")
REQUIRED_FILL = PatternFill("solid", fgColor="1F4E79")
OPTIONAL_FILL = PatternFill("solid", fgColor="6B7F93")
NARROWEST, WIDEST = 11, 48
STAR = " *"
"""Marks a column that must be filled."""


def write_workbook(sheets: tuple[Written, ...], path: Path, lang: str) -> None:
    """Write the sheets to a workbook, all or nothing.

    Raises
    ------
    Unavailable
        ``file.unwritable``.
    """
    book = Workbook()
    _write_about(book.worksheets[0], lang)
    names = {sheet.sheet.key: sheet.name for sheet in sheets}
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        _write_header(page, sheet, lang)
        _write_rows(page, sheet)
        _note_settings(page, sheet, lang)
        for at, (column, _) in enumerate(sheet.columns, start=1):
            if column:
                _offer_choices(page, column, get_column_letter(at), names, lang)
        _set_widths(page, sheet)
    content = io.BytesIO()
    book.save(content)
    write_atomically(path, content.getvalue())


def _write_about(page: Worksheet, lang: str) -> None:
    page.title = sheet_name(ABOUT, lang)
    lines = texts.say("about.text", lang).strip().split("\n")
    for number, line in enumerate(lines, start=1):
        page.cell(number, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
    page.cell(1, 1).font = Font(bold=True, size=14)
    for number, sheet in enumerate(SHEETS, start=len(lines) + 2):
        page.cell(number, 1, f"{sheet_name(sheet.key, lang)}: {purpose(sheet.key, lang)}")
    page.column_dimensions["A"].width = 110


def _write_header(page: Worksheet, sheet: Written, lang: str) -> None:
    for at, (column, heading) in enumerate(sheet.columns, start=1):
        required = column is not None and column.required
        cell = _cell(page, 1, at)
        _put(cell, heading + STAR if required else heading)
        cell.font = HEADER_FONT
        cell.fill = REQUIRED_FILL if required else OPTIONAL_FILL
        if column:
            cell.comment = _comment(column.key, lang)
    page.freeze_panes = "B2"


def _write_rows(page: Worksheet, sheet: Written) -> None:
    for number, row in enumerate(sheet.rows, start=2):
        for at, value in enumerate(row, start=1):
            if value is not None:
                _put(_cell(page, number, at), value)


def _note_settings(page: Worksheet, sheet: Written, lang: str) -> None:
    for number, key in enumerate(sheet.keys, start=2):
        cell = _cell(page, number, 1)
        cell.font = Font(bold=True)
        cell.comment = _comment(key, lang)


def _comment(key: str, lang: str) -> Comment:
    return Comment(note(key, lang), "dispatch", height=120, width=320)


def _cell(page: Worksheet, row: int, column: int) -> BookCell:
    return cast("BookCell", page.cell(row, column))  # merged cells come from files only


def _put(cell: BookCell, value: Cell) -> None:
    if isinstance(value, Broken):
        raise InvalidValue(value.code)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # also what looks like a formula or an error
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm:ss" if value.second else "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def _offer_choices(
    page: Worksheet, column: Column, letter: str, names: Mapping[str, str], lang: str
) -> None:
    """Let the spreadsheet offer what may stand in a column, and refuse or doubt the rest."""
    choices = ",".join(column.kind.choices(lang))
    if choices:
        rule = DataValidation("list", formula1=f'"{choices}"', showErrorMessage=True)
    elif column.refers and isinstance(column.kind, Id):
        ids = f"{quote_sheetname(names[column.refers])}!$A$2:$A${MOST_ROWS}"
        rule = DataValidation("list", formula1=ids, showErrorMessage=True, errorStyle="warning")
    elif isinstance(column.kind, Whole):
        low, high = str(column.kind.low), str(column.kind.high)
        rule = DataValidation("whole", operator="between", formula1=low, formula2=high)
        rule.showErrorMessage = True
    else:
        return
    rule.allowBlank = True
    rule.add(f"{letter}2:{letter}{MOST_ROWS}")
    page.add_data_validation(rule)


def _set_widths(page: Worksheet, sheet: Written) -> None:
    for at, (_, heading) in enumerate(sheet.columns):
        longest = max(len(str(row[at])) for row in ((*sheet.rows, (heading,) * (at + 1))))
        width = min(max(longest + 3, NARROWEST), WIDEST)
        page.column_dimensions[get_column_letter(at + 1)].width = width
