"""A look at a workbook's package before it is opened: an XLSX file is a ZIP archive of XML files.

Archives that unpack to a thousand times their size, entity definitions that unfold without end and
merged areas of a billion cells are refused here, before anything is built from them.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from dispatch.errors import Finding, InvalidInput, Place, Value
from dispatch.formats.tables.grid import MOST_COLUMNS, MOST_ROWS
from dispatch.formats.tables.packing import DAMAGED, MOST_UNPACKED, is_bomb, is_usual

MOST_BYTES = 32 * 2**20
MOST_CELLS = 400_000
"""Of all sheets, blank ones with a format among them."""
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How OLE files begin: workbooks before 2007, and those with a password."""
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
SPREAD = ("mergeCell", "hyperlink")
"""Elements that cover every cell of an area."""


def inspect(content: bytes, file: str | None) -> tuple[int, int]:
    """The last row and the last column that hold anything, of all sheets together.

    Raises
    ------
    InvalidInput
        It is no workbook, or one that is not safe to open.
    """
    if content.startswith(OLD):
        raise _refused("workbook.old", file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_packing(archive, file)
            return _extent(archive, file)
    except DefusedXmlException as error:
        raise _refused("workbook.entities", file) from error
    except (*DAMAGED, ParseError) as error:
        raise _refused("workbook.broken", file) from error


def _check_packing(archive: zipfile.ZipFile, file: str | None) -> None:
    if is_bomb(archive):
        raise _refused("workbook.bomb", file, most=MOST_UNPACKED)
    if "xl/workbook.xml" not in archive.namelist() or not is_usual(archive):
        raise _refused("workbook.broken", file)


def _extent(archive: zipfile.ZipFile, file: str | None) -> tuple[int, int]:
    rows = columns = cells = 0
    for entry in archive.infolist():
        if not entry.filename.endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(entry) as part:
            last_row, last_column, count = _part_extent(part)
        rows, columns, cells = max(rows, last_row), max(columns, last_column), cells + count
        if rows > MOST_ROWS or columns > MOST_COLUMNS or cells > MOST_CELLS:
            raise _refused(
                "workbook.cells", file, rows=MOST_ROWS, columns=MOST_COLUMNS, cells=MOST_CELLS
            )
    return rows, columns


def _part_extent(part: IO[bytes]) -> tuple[int, int, int]:
    """The last filled row and column, and how many cells there are, of one XML file."""
    rows = columns = cells = row = column = 0
    for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            if name == "row":
                row, column = int(element.get("r") or row + 1), 0
            continue
        if name == "c":
            at = REFERENCE.fullmatch(element.get("r", ""))
            row, column = (int(at[2]), _column(at[1])) if at else (row, column + 1)
            cells += 1
            if len(element):
                rows, columns = max(rows, row), max(columns, column)
        elif name in SPREAD:
            cells += _area(element)
        if name in ("c", "row", "si", "mergeCell", "hyperlink"):
            element.clear()
    return rows, columns, cells


def _area(element: Element) -> int:
    corners = [REFERENCE.fullmatch(corner) for corner in element.get("ref", "").split(":")]
    if any(corner is None for corner in corners):
        return MOST_CELLS + 1  # whole rows or columns: as bad as it gets
    rows = [int(corner[2]) for corner in corners if corner]
    columns = [_column(corner[1]) for corner in corners if corner]
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _refused(code: str, file: str | None, **values: Value) -> InvalidInput:
    return InvalidInput([Finding(code, Place(file=file), values)])
