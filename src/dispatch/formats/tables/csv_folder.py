"""CSV files, one for each sheet, in a folder or wherever else they lie."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from dispatch.errors import Finding, InvalidInput, Unavailable
from dispatch.errors import Place as FilePlace
from dispatch.formats.files import decode, read_bytes, write_atomically
from dispatch.formats.tables.cells import Cell
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.grid import MOST_ROWS, Grid, numbered
from dispatch.formats.tables.writing import Written

CSV = ".csv"
SEPARATORS = ",;\t"
MOST_BYTES = 16 * 2**20
MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class CsvFile:
    """One sheet."""

    sheet: str
    file: str
    """How findings name it."""
    content: Callable[[], bytes]


def read_folder(folder: Path, found: Findings) -> list[Grid]:
    """The CSV files of a folder, each named for its sheet."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == CSV)
    files = [
        CsvFile(path.stem, str(path), partial(read_bytes, path, most=MOST_BYTES)) for path in paths
    ]
    return read_files(files, str(folder), found)


def read_files(files: Sequence[CsvFile], where: str | None, found: Findings) -> list[Grid]:
    """The sheets in CSV files that lie together.

    Raises
    ------
    InvalidInput
        ``table.folder-empty``, ``table.folder-full``
    """
    if not files or len(files) > MOST_FILES:
        code = "table.folder-full" if files else "table.folder-empty"
        found.add(code, FilePlace(file=where), most=MOST_FILES)
        found.raise_if_any()  # that sheets are missing goes without saying
    grids = []
    for file in files:
        try:
            grids.append(_grid(file))
        except InvalidInput as error:
            for finding in error.findings:
                found.add(finding.code, finding.place, **finding.values)
    return grids


def write_folder(sheets: tuple[Written, ...], folder: Path) -> None:
    """Write each sheet to its file in a folder, in UTF-8 with a byte order mark for spreadsheets.

    Raises
    ------
    Unavailable
        ``file.unwritable``.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unavailable("file.unwritable", path=str(folder), reason=reason) from error
    for sheet in sheets:
        text = io.StringIO(newline="")
        table = csv.writer(text)
        table.writerow(heading for _, heading in sheet.columns)
        table.writerows([_text(cell) for cell in row] for row in sheet.rows)
        write_atomically(folder / f"{sheet.name}.csv", text.getvalue().encode("utf-8-sig"))


def _grid(file: CsvFile) -> Grid:
    content = read_bytes(file.content(), file.file, most=MOST_BYTES)
    text = decode(content, file.file, chinese=True)
    separator, text = _separator(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = list(_bounded(lines))
    except csv.Error as error:
        place = FilePlace(file=file.file, row=lines.line_num)
        raise InvalidInput([Finding("file.csv", place)]) from error
    return Grid(name=file.sheet, file=file.file, rows=numbered(rows))


def _bounded(lines: Iterator[list[str]]) -> Iterator[list[Cell]]:
    for count, line in enumerate(lines):
        if count > 2 * MOST_ROWS:  # blank rows do not count later, but have an end here
            return
        yield list(line)


def _separator(text: str) -> tuple[str, str]:
    """The separator, told by the first line, and the text without Excel's ``sep=`` line."""
    first, _, rest = text.partition("\n")
    if first.startswith("sep=") and first[4:5] in SEPARATORS and first[4:5]:
        return first[4], rest
    bare = "".join(first.split('"')[::2])  # what stands outside quotes
    return max(SEPARATORS, key=bare.count), text


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds" if cell.second else "minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
