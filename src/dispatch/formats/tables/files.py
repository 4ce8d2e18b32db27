"""Days as tables: an XLSX workbook, or CSV files in a folder or a ZIP archive."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dispatch.domain.day import Day
from dispatch.errors import Finding, InvalidInput, Place
from dispatch.formats.files import Source, label, read_bytes
from dispatch.formats.tables.assembly import assemble
from dispatch.formats.tables.csv_archive import is_archive, read_archive
from dispatch.formats.tables.csv_folder import read_folder, write_folder
from dispatch.formats.tables.example import example_day
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.package import MOST_BYTES
from dispatch.formats.tables.placed import PlacedDay
from dispatch.formats.tables.workbook_reading import read_workbook
from dispatch.formats.tables.workbook_writing import write_workbook
from dispatch.formats.tables.writing import written

WORKBOOK = ".xlsx"


def read_tables(source: Source, *, file: str | None = None) -> Day:
    """The day in a workbook, or in CSV files that lie in a folder or a ZIP archive.

    Parameters
    ----------
    source
        The path of a workbook, an archive or a folder, or the content of one of the first two;
        which of them it is, is seen from what stands in it.
    file
        How findings name the workbook or the archive; without it, its path.

    Raises
    ------
    InvalidInput
        Everything that is wrong with it, each with file, sheet, row and column.
    """
    return read_placed_tables(source, file=file).day


def read_placed_tables(source: Source, *, file: str | None = None) -> PlacedDay:
    """The same, with where in the tables its parts stand."""
    file = label(source, file)
    found = Findings(file)
    if isinstance(source, Path) and source.is_dir():
        return assemble(read_folder(source, found), file, found)
    if isinstance(source, Path) and source.suffix.lower() == ".csv" and source.exists():
        raise InvalidInput([Finding("table.one-file", Place(file=file))])
    content = read_bytes(source, file, most=MOST_BYTES)
    if is_archive(content):
        return assemble(read_archive(content, file, found), file, found)
    return assemble(read_workbook(content, file), file, found)


def write_tables(day: Day, path: Path, *, lang: str = "en") -> None:
    """Write a day as a workbook if the path ends in ``.xlsx``, else as a folder of CSV files.

    :func:`read_tables` reads the same day from it, with each technician's skills in the order of
    the matrix's columns.

    Parameters
    ----------
    lang
        In which language sheets, headings and words are written: ``en`` or ``zh``.

    Raises
    ------
    InvalidInput
        ``cell.unwritable``: a text that no workbook can hold.
    Unavailable
        ``file.unwritable``.
    """
    sheets = written(day, lang, str(path))
    if path.suffix.lower() == WORKBOOK:
        write_workbook(sheets, path, lang)
    else:
        write_folder(sheets, path)


def write_template(path: Path, *, on: date, lang: str = "en", examples: bool = True) -> None:
    """Write tables for a dispatcher to fill.

    Parameters
    ----------
    path
        As for :func:`write_tables`.
    on
        The date of the day.
    examples
        Whether rows show how it is done. Without them the settings alone are filled.
    """
    day = example_day(on, lang)
    if not examples:
        day = Day(
            id=day.id, name=day.name, zone=day.zone, start=day.start, end=day.end, policy=day.policy
        )
    write_tables(day, path, lang=lang)
