"""Make the five broken workbooks of the tutorial: templates, each broken in one way.

Run it in the project's environment: ``python data/broken-workbooks/make_broken_workbooks.py``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dispatch.formats.tables import write_template

HERE = Path(__file__).parent
ON = date(2026, 3, 29)
"""The night before, clocks in Europe went from 2 to 3."""


def put(page: Worksheet, heading: str, row: int, value: object) -> None:
    """Write a value into the column with this heading."""
    headings = {str(cell.value).rstrip(" *"): cell.column for cell in page[1]}
    page.cell(row, headings[heading]).value = value  # type: ignore[assignment]


def values(book: Workbook) -> None:
    """What people type into cells."""
    put(book["jobs"], "priority", 2, "urgent")
    put(book["jobs"], "priority", 3, 9)
    put(book["jobs"], "priority", 4, 2.5)
    put(book["jobs"], "duration", 2, -30)
    put(book["jobs"], "revenue", 3, "1e308")
    put(book["jobs"], "mandatory", 4, "perhaps")
    put(book["skill matrix"], "gas", 2, "5 until next May")
    put(book["skill matrix"], "electric", 3, 7)
    put(book["sites"], "latitude", 2, "NaN")
    put(book["sites"], "longitude", 3, 1196)
    put(book["technicians"], "duration factor", 3, 0)
    put(book["settings"], "value", 8, "euro")


def names(book: Workbook) -> None:
    """Ids that stand twice, and ids that name nothing."""
    put(book["jobs"], "id", 3, "J1")
    put(book["jobs"], "job type", 4, "boiler servise")
    put(book["jobs"], "site", 2, "Harbor Street 1")
    put(book["jobs"], "skills", 2, "gas: 3; plumbing")
    put(book["jobs"], "preferred technicians", 2, "Ana")
    put(book["jobs"], "after jobs", 4, "J9999")
    put(book["technicians"], "id", 3, "Anna")
    put(book["sites"], "territory", 2, "South")
    put(book["shifts"], "starts at", 2, "outlet: Depot West")


def times(book: Workbook) -> None:
    """Times that end before they start, do not exist, or cannot be read."""
    put(book["jobs"], "window 1 end", 2, datetime.fromisoformat("2026-03-29 07:00"))
    put(book["jobs"], "window 2 start", 2, None)
    put(book["jobs"], "SLA due", 3, "2026-03-29 02:30")
    put(book["jobs"], "SLA due", 4, "29/3/2026 16:00")
    put(book["shifts"], "start", 2, "2026-10-25 02:30")
    put(book["shifts"], "end", 3, datetime.fromisoformat("2026-03-29 08:00"))
    put(book["shifts"], "break 1 to", 2, datetime.fromisoformat("2026-03-29 11:00"))
    put(book["absences"], "end", 2, "soon")
    put(book["job types"], "duration", 2, "1 hour")


def shape(book: Workbook) -> None:
    """Sheets and columns that are not where they should be."""
    book["absences"].title = "absense"
    book.create_sheet("holidays").append(["technician", "date"])
    put(book["jobs"], "site", 1, "address")
    put(book["jobs"], "priority", 1, "priorty")
    book["technicians"].merge_cells("E2:E3")
    put(book["job types"], "revenue", 2, "=100*1.2")
    book["sites"].cell(3, 9).value = "call first"
    put(book["outlets"], "latitude", 1, "id")


def save(name: str, spoil: Callable[[Workbook], None]) -> None:
    """Write the template, broken in one way."""
    path = HERE / name
    write_template(path, on=ON)
    book = load_workbook(path)
    spoil(book)
    book.save(path)
    print(path)


def save_unsafe(name: str) -> None:
    """Write the template with an entity definition, from which endless documents unfold."""
    path = HERE / name
    write_template(path, on=ON)
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            xml = old.read(part)
            if part == "xl/workbook.xml":
                xml = b'<!DOCTYPE workbook [<!ENTITY much "more">]>' + xml
            new.writestr(part, xml)
    path.write_bytes(content.getvalue())
    print(path)


if __name__ == "__main__":
    save("1-values.xlsx", values)
    save("2-names.xlsx", names)
    save("3-times.xlsx", times)
    save("4-shape.xlsx", shape)
    save_unsafe("5-unsafe.xlsx")
