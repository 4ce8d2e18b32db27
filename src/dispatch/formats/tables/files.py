"""Days as tables: an XLSX workbook, or a folder of CSV files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dispatch.domain.day import Day
from dispatch.errors import Finding, InvalidInput, Place
from dispatch.formats.files import Source, label
from dispatch.formats.tables.assembly import assemble
from dispatch.formats.tables.csv_folder import read_folder, write_folder
from dispatch.formats.tables.example import example_day
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.workbook_reading import read_workbook
from dispatch.formats.tables.workbook_writing import write_workbook
from dispatch.formats.tables.writing import written

WORKBOOK = ".xlsx"


def read_tables(source: Source, *, file: str | None = None) -> Day:
    """The day in a workbook or in a folder of CSV files.

    Parameters
    ----------
    source
        The path of a workbook or of a folder, or the content of a workbook.
    file
        How findings name the workbook; without it, its path.

    Raises
    ------
    InvalidInput
        Everything that is wrong with it, each with file, sheet, row and column.
    """
    file = label(source, file)
    found = Findings(file)
    if isinstance(source, Path) and source.is_dir():
        return assemble(read_folder(source, found), file, found)
    if isinstance(source, Path) and source.suffix.lower() == ".csv" and source.exists():
        raise InvalidInput([Finding("table.one-file", Place(file=file))])
    return assemble(read_workbook(source, file), file, found)


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
