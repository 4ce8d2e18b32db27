"""A ZIP archive of CSV files, one for each sheet. Nothing of it is ever written to a disk."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from functools import partial
from pathlib import PurePosixPath

from dispatch.errors import Finding, InvalidInput, Place
from dispatch.formats.files import CHINESE
from dispatch.formats.tables.csv_folder import CSV, CsvFile, read_files
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.grid import Grid
from dispatch.formats.tables.packing import DAMAGED, MOST_UNPACKED, is_bomb, is_usual

OFFICE = {"[Content_Types].xml", "xl/workbook.xml"}
"""Documents of office programs are ZIP archives too, with these in them."""
UTF_8 = 0x800
"""The flag of an entry whose name is in UTF-8 (APPNOTE.TXT, section 4.4.4)."""
MOST_NAME = 100


def is_archive(content: bytes) -> bool:
    """Whether it is a ZIP archive, and no workbook or other document of an office program."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return OFFICE.isdisjoint(archive.namelist())
    except DAMAGED:
        return False


def read_archive(content: bytes, file: str | None, found: Findings) -> list[Grid]:
    """The CSV files of an archive, in whatever folders they lie, each named for its sheet.

    Raises
    ------
    InvalidInput
        ``archive.broken``, ``archive.bomb``, ``table.folder-empty``, ``table.folder-full``
    """
    place = Place(file=file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if is_bomb(archive):
                raise InvalidInput([Finding("archive.bomb", place, {"most": MOST_UNPACKED})])
            if not is_usual(archive):
                raise InvalidInput([Finding("archive.broken", place)])
            files = [
                CsvFile(name.stem, str(name), partial(archive.read, entry))
                for entry, name in _named(archive)
            ]
            return read_files(files, file, found)
    except DAMAGED as error:
        raise InvalidInput([Finding("archive.broken", place)]) from error


def _named(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The CSV files by their bare names; what a Mac puts beside them is not looked at."""
    named = [(entry, _name(entry)) for entry in archive.infolist() if not entry.is_dir()]
    tables = [
        (entry, name)
        for entry, name in named
        if name.suffix.lower() == CSV and not name.name.startswith(".")
    ]
    return sorted(tables, key=lambda table: str(table[1]))


def _name(entry: zipfile.ZipInfo) -> PurePosixPath:
    """The last part of a name. In China, many programs write names in GBK and do not say so."""
    name = entry.filename
    if not entry.flag_bits & UTF_8:
        for encoding in ("utf-8", CHINESE):
            with suppress(UnicodeError):
                name = entry.filename.encode("cp437").decode(encoding)
                break
    path = PurePosixPath(name.replace("\\", "/"))
    plain = "".join(letter if letter.isprintable() else "?" for letter in path.stem[:MOST_NAME])
    return PurePosixPath(plain + path.suffix.lower()) if plain else PurePosixPath("?")
