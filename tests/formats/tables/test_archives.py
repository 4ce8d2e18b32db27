"""CSV files in a ZIP archive: the same day as in a workbook, whoever has packed them."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from tests.formats.tables.books import csv_files, findings, good_sheets, told, workbook, zipped

from dispatch.errors import Finding, Place
from dispatch.formats.tables import read_placed_tables, read_tables
from dispatch.formats.tables.csv_folder import MOST_FILES

DAY = read_tables(workbook(good_sheets()))
FILES = csv_files(good_sheets())


def codes(content: bytes) -> list[str]:
    return [finding.code for finding in findings(content)]


def test_an_archive_holds_the_same_day_as_a_workbook(tmp_path: Path) -> None:
    assert read_tables(zipped(FILES)) == DAY
    (tmp_path / "day.zip").write_bytes(zipped(FILES))
    assert read_tables(tmp_path / "day.zip") == DAY


def test_folders_in_it_and_what_a_mac_adds_do_not_matter() -> None:
    inside = {f"Monday/{name}": content for name, content in FILES.items()}
    mac = {f"__MACOSX/Monday/._{name}": b"\0\x05\x16\x07" for name in FILES}
    assert read_tables(zipped({"Monday/": b"", **inside, **mac, "read me.txt": b"x"})) == DAY


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_names_are_read_also_where_their_encoding_is_not_told(encoding: str) -> None:
    name = "技能".encode(encoding)
    content = zipped({**FILES, "?" * len(name) + ".csv": "编号\ngas\n".encode("gbk")})
    assert codes(content) == ["table.sheet-unknown"]
    assert read_tables(content.replace(b"?" * len(name), name)) == DAY


@pytest.mark.parametrize("name", ["../../../jobs.csv", "/etc/jobs.csv", "C:\\Windows\\jobs.csv"])
def test_a_name_that_leads_elsewhere_leads_nowhere(tmp_path: Path, name: str) -> None:
    """Nothing is unpacked to a disk; only the last part of a name counts."""
    content = {**FILES, name: FILES["jobs.csv"]}
    del content["jobs.csv"]
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "day.zip").write_bytes(zipped(content))
    assert read_tables(tmp_path / "deep" / "day.zip") == DAY
    assert [path.name for path in tmp_path.rglob("*")] == ["deep", "day.zip"]


def test_what_is_wrong_in_a_file_is_told_by_its_name() -> None:
    broken = {**FILES, "jobs.csv": FILES["jobs.csv"].replace(b"harbour", b"harbor", 1)}
    (found,) = findings(zipped(broken))
    assert found.place.file == "jobs.csv"
    assert told([found]) == [("cell.misspelt", "jobs", 2, "site")]


def test_one_sheet_twice_is_refused() -> None:
    assert codes(zipped({**FILES, "old/jobs.csv": FILES["jobs.csv"]})) == ["table.sheet-twice"]


def test_a_name_that_cannot_be_shown_is_shown_otherwise() -> None:
    (found,) = findings(zipped({**FILES, "\u202e\x07evil" + "x" * 500 + ".csv": b"id\n"}))
    assert found.code == "table.sheet-unknown"
    assert found.place.file is not None
    assert found.place.file.startswith("??evil")
    assert len(found.place.file) < 120


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped({}), "table.folder-empty"),
        (zipped({"day.txt": b"id"}), "table.folder-empty"),
        (zipped({f"{number}.csv": b"" for number in range(MOST_FILES + 1)}), "table.folder-full"),
        (zipped({"jobs.csv": b"a," * 2**22}), "archive.bomb"),
        (zipped({f"{number}.x": b"" for number in range(1_001)}), "archive.bomb"),
        (zipped(FILES, zipfile.ZIP_LZMA), "archive.broken"),
        (zipped(FILES, zipfile.ZIP_BZIP2), "archive.broken"),
        (zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b""}), "workbook.broken"),
        (zipped(FILES)[:-30], "workbook.broken"),
        (b"id,type\nJ1,install\n", "workbook.broken"),
        (b"", "workbook.broken"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, code: str) -> None:
    assert codes(content) == [code]


def test_an_archive_with_a_password_is_refused() -> None:
    content = bytearray(zipped(FILES, zipfile.ZIP_STORED))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    assert codes(bytes(content)) == ["archive.broken"]


def test_an_entry_never_gives_more_than_it_says() -> None:
    """What is said to be small and is not, is not read beyond what it says."""
    content = bytearray(zipped({"jobs.csv": b"x" * 3_000_000}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.find(mark) + at, 1_000)
    assert codes(bytes(content)) == ["archive.broken"]


def test_a_damaged_file_in_it_is_refused() -> None:
    content = bytearray(zipped(FILES, zipfile.ZIP_STORED))
    content[content.find(b"harbour")] ^= 0xFF
    assert codes(bytes(content)) == ["archive.broken"]


def test_a_workbook_packed_in_an_unusual_way_is_not_opened() -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(good_sheets()))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_LZMA) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert codes(content.getvalue()) == ["workbook.broken"]


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/jobs/1", ("jobs", 3, None)),
        ("/jobs/1/site", ("jobs", 3, "site")),
        ("/jobs/0/windows/0", ("jobs", 2, "window 1 start")),
        ("/jobs/0/windows/0/end", ("jobs", 2, "window 1 end")),
        ("/jobs/0/needs/all_of/0", ("jobs", 2, "skills")),
        ("/jobs/0/pins/0/seat", ("jobs", 2, None)),
        ("/technicians/0/shifts/0", ("shifts", 2, None)),
        ("/technicians/0/shifts/0/end", ("shifts", 2, "end")),
        ("/technicians/0/skills/0/expires", ("skill matrix", 2, None)),
        ("/technicians/0/home", ("technicians", 2, None)),
        ("/sites/0/id", ("sites", 2, "id")),
        ("/jobs/7", (None, None, None)),
        ("/policy", (None, None, None)),
        (None, (None, None, None)),
    ],
)
def test_what_is_wrong_with_the_day_stands_in_a_row(
    pointer: str | None, expected: tuple[str | None, int | None, str | None]
) -> None:
    read = read_placed_tables(workbook(good_sheets()), file="day.xlsx")
    (found,) = read.placed([Finding("x", Place(pointer=pointer))])
    assert (found.place.sheet, found.place.row, found.place.column) == expected
    assert found.place.pointer == (pointer if expected[0] is None else None)
