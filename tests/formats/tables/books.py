"""Small workbooks to break."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from openpyxl import Workbook

from dispatch.errors import Finding, InvalidInput
from dispatch.formats.tables import read_tables

Rows: TypeAlias = list[list[Any]]
Sheets: TypeAlias = dict[str, Rows]


def wall(text: str) -> datetime:
    """A time as spreadsheets keep it: without a zone."""
    return datetime.fromisoformat(text)


def good_sheets() -> Sheets:
    """The smallest day that holds one of everything."""
    eight, noon = wall("2026-03-02 08:00"), wall("2026-03-02 12:00")
    return {
        "settings": [
            ["setting", "value"],
            ["id", "monday"],
            ["time zone", "Europe/Stockholm"],
            ["date", date(2026, 3, 2)],
            ["currency", "EUR"],
        ],
        "jobs": [
            ["id", "job type", "site", "priority", "window 1 start", "window 1 end", "skills"],
            ["J1", "service", "harbour", 2, eight, noon, "gas: 2"],
            ["J2", "service", "harbour", 3, None, None, None],
        ],
        "technicians": [["id", "home latitude", "home longitude"], ["Anna", 57.7, 11.9]],
        "skill matrix": [["technician", "gas"], ["Anna", 3]],
        "shifts": [["technician", "shift", "start", "end"], ["Anna", "early", eight, noon]],
        "sites": [["id", "latitude", "longitude"], ["harbour", 57.7, 11.9]],
        "job types": [["id", "duration"], ["service", 60]],
    }


def workbook(sheets: Sheets, shape: Callable[[Workbook], object] = lambda book: None) -> bytes:
    """The sheets as a workbook; ``shape`` may do the rest to it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    shape(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def findings(content: bytes) -> list[Finding]:
    """What is wrong with a workbook."""
    try:
        read_tables(content, file="day.xlsx")
    except InvalidInput as refused:
        return list(refused.findings)
    return []


def told(found: list[Finding]) -> list[tuple[str, str | None, int | None, str | None]]:
    """Code, sheet, row and column of each finding."""
    return [
        (finding.code, finding.place.sheet, finding.place.row, finding.place.column)
        for finding in found
    ]


def csv_files(sheets: Sheets) -> dict[str, bytes]:
    """The sheets as CSV files, as a spreadsheet program saves them."""
    files = {}
    for name, rows in sheets.items():
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        files[f"{name}.csv"] = text.getvalue().encode("utf-8-sig")
    return files


def zipped(files: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Files in a ZIP archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packing) as archive:
        for name, part in files.items():
            archive.writestr(name, part)
    return content.getvalue()
