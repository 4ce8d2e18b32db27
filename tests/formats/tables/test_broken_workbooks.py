from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from tests.formats.tables.books import Sheets, findings, good_sheets, told, workbook

from dispatch.domain.day import Day
from dispatch.errors import InvalidInput, Unavailable
from dispatch.formats.day_json import read_day
from dispatch.formats.tables import read_tables, write_tables
from dispatch.formats.tables.package import MOST_CELLS, inspect

GOOD = workbook(good_sheets())
PARTS = {
    name: zipfile.ZipFile(io.BytesIO(GOOD)).read(name)
    for name in zipfile.ZipFile(io.BytesIO(GOOD)).namelist()
}


def codes(content: bytes) -> list[str]:
    return [finding.code for finding in findings(content)]


def repacked(change: Callable[[str, bytes], bytes], *more: tuple[str, bytes]) -> bytes:
    """The good workbook with each of its parts changed, and with more of them."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(good_sheets()))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more:
            new.writestr(name, part)
    return content.getvalue()


def in_sheet_1(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, part: bytes) -> bytes:
        return part.replace(old, new, 1) if name == "xl/worksheets/sheet1.xml" else part

    return change


def same(_name: str, part: bytes) -> bytes:
    return part


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook.broken"),
        (b"PK\x03\x04 and nothing more", "workbook.broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "workbook.old"),
        (workbook(good_sheets())[:-200], "workbook.broken"),
        (repacked(lambda name, part: part[: len(part) // 2]), "workbook.broken"),
        (repacked(same, ("xl/zeros.xml", bytes(4 * 2**20))), "workbook.bomb"),
        (repacked(same, *((f"xl/{n}.xml", b"<a/>") for n in range(1001))), "workbook.bomb"),
    ],
    # The bytes hold the time at which they were made: no name for a test.
    ids=["empty", "only begun", "old", "cut off", "parts cut off", "zeros", "many parts"],
)
def test_what_is_no_safe_workbook_is_refused(content: bytes, code: str) -> None:
    assert codes(content) == [code]


def test_an_archive_of_something_else_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert codes(content.getvalue()) == ["table.folder-empty"]


def test_entities_are_refused_before_they_unfold() -> None:
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(9)
    )
    bomb = in_sheet_1(b"<worksheet", b"<!DOCTYPE w [" + laughs + b"]><worksheet")
    assert codes(repacked(bomb)) == ["workbook.entities"]


@pytest.mark.parametrize(
    "tail",
    [
        b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b'</sheetData><mergeCells><mergeCell ref="A:XFD"/></mergeCells>',
        b'</sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>',
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>',
        b'<row r="99"><c r="XFD99"><v>1</v></c></row></sheetData>',
    ],
    ids=lambda tail: str(tail[:60]),
)
def test_sheets_without_end_are_refused(tail: bytes) -> None:
    assert codes(repacked(in_sheet_1(b"</sheetData>", tail))) == ["workbook.cells"]


def test_too_many_cells_are_refused() -> None:
    cells = b"<row>" + b"<c/>" * (MOST_CELLS + 1) + b"</row></sheetData>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, part in PARTS.items():
            archive.writestr(name, in_sheet_1(b"</sheetData>", cells)(name, part))
    assert codes(content.getvalue()) == ["workbook.cells"]


def test_blank_rows_with_a_format_do_no_harm() -> None:
    blanks = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(7, 9000, 7))
    assert codes(repacked(in_sheet_1(b"</sheetData>", blanks + b"</sheetData>"))) == []


def test_the_inspection_tells_how_far_the_cells_reach() -> None:
    assert inspect(workbook({"jobs": [["a", "b"], [None], [None, None, 1]]}), None) == (3, 3)


def test_macros_comments_and_hidden_sheets_are_no_trouble() -> None:
    def shape(book: Workbook) -> None:
        book["jobs"]["A1"].comment = Comment("the id", "me")
        book["jobs"].sheet_state = "hidden"
        book.create_sheet("# my own").append(["whatever"])
        book.create_sheet("about").append(["this too"])

    with_macro = repacked(same, ("xl/vbaProject.bin", b"Sub Auto_Open()"))
    assert codes(with_macro) == []
    assert codes(workbook(good_sheets(), shape)) == []


def test_merged_cells_are_refused() -> None:
    def shape(book: Workbook) -> None:
        book["jobs"].merge_cells("C2:C3")

    found = findings(workbook(good_sheets(), shape))
    assert told(found)[0] == ("sheet.merged", "jobs", None, None)
    assert found[0].values == {"area": "C2:C3"}


def test_a_formula_counts_as_its_saved_value() -> None:
    sheets = good_sheets()
    sheets["jobs"][1][3] = "=1+1"
    content = workbook(sheets)
    assert told(findings(content)) == [("cell.formula", "jobs", 2, "priority")]
    saved = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, re.sub(rb"</f><v *(/>|></v>)", b"</f><v>2</v>", old.read(name)))
    assert read_tables(saved.getvalue()).jobs_by_id["J1"].priority == 2


def test_an_error_of_the_spreadsheet_is_named() -> None:
    sheets = good_sheets()
    sheets["jobs"][1][3] = "#DIV/0!"
    assert told(findings(workbook(sheets))) == [("cell.error", "jobs", 2, "priority")]


def renamed(old: str, new: str) -> Sheets:
    return {new if name == old else name: rows for name, rows in good_sheets().items()}


def with_rows(sheet: str, rows: list[list[Any]]) -> Sheets:
    return {**good_sheets(), sheet: rows}


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        (renamed("jobs", "jbos"), ["table.sheet-misspelt", "table.sheet-missing"]),
        (renamed("jobs", "zzz"), ["table.sheet-unknown", "table.sheet-missing"]),
        (renamed("settings", "# settings"), ["table.sheet-missing"]),
        (with_rows("工单", good_sheets()["jobs"]), ["table.sheet-twice"]),
        (with_rows("absences", []), ["sheet.empty"]),
        (with_rows("absences", [["technician", "end"]]), ["sheet.column-missing"]),
        (
            with_rows("absences", [["technician", "start", "end", "zzz"]]),
            ["sheet.column-unknown"],
        ),
        (
            with_rows("absences", [["technician", "start", "ends", "End", "end"]]),
            ["sheet.column-misspelt", "sheet.column-twice"],
        ),
        (
            with_rows("skill matrix", [["technician", "gas", None], ["Anna", 3, 4]]),
            ["sheet.heading-missing"],
        ),
        (
            with_rows("skill matrix", [["technician", "=1+1", "gas"], ["Anna", 3, 4]]),
            ["cell.formula"],
        ),
        (
            with_rows("skills", [["id"], ["oil"]]),
            ["cell.unknown", "cell.unknown"],
        ),
    ],
    ids=lambda value: str(value)[:50] if isinstance(value, list) else "",
)
def test_sheets_and_headings_are_checked(sheets: Sheets, expected: list[str]) -> None:
    assert codes(workbook(sheets)) == expected


def test_headings_are_read_in_chinese_and_in_any_order() -> None:
    sheets = good_sheets()
    jobs = [
        ["服务地址", "工单类型", "编号 *", "优先级", "所需技能", "预约时段1开始", "预约时段１结束"],
        ["harbour", "service", "J1", "2", "gas：2", "2026-03-02 08:00", "2026/3/2 12:00"],
        ["harbour", "service", "J2", 3.0, None, None, None],
    ]
    chinese = {("工单" if name == "jobs" else name): rows for name, rows in sheets.items()}
    assert read_tables(workbook({**chinese, "工单": jobs})) == read_tables(workbook(sheets))


# ------------------------------------------------------------------------------------------ CSV


def write_csv(folder: Path, separator: str, encoding: str, start: str = "") -> None:
    for name, rows in good_sheets().items():
        lines = (separator.join("" if cell is None else str(cell) for cell in row) for row in rows)
        text = start + "\r\n".join(lines)
        (folder / f"{name}.csv").write_bytes(text.replace("harbour", "港口").encode(encoding))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_is_read_in_the_ways_it_is_written(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    write_csv(tmp_path, separator, encoding)
    day = read_tables(tmp_path)
    assert [site.id for site in day.sites] == ["港口"]
    assert day.jobs[0].windows[0].start.isoformat() == "2026-03-02T08:00:00+01:00"


def test_a_separator_line_is_heeded(tmp_path: Path) -> None:
    write_csv(tmp_path, ";", "utf-8", start="sep=;\r\n")
    assert len(read_tables(tmp_path).jobs) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00\x01", "file.encoding"),
        (b'id,"open quote\nJ1,', "file.csv"),
        (b'id,"' + b"x" * 200_000 + b'"\n', "file.csv"),
    ],
    ids=str,
)
def test_a_broken_csv_is_named_with_the_others(tmp_path: Path, content: bytes, code: str) -> None:
    write_csv(tmp_path, ",", "utf-8")
    (tmp_path / "shifts.csv").write_bytes(content)
    (tmp_path / "jobs.csv").write_bytes(b"id,job type,site\nJ1,zzz,zzz\n")
    with pytest.raises(InvalidInput) as refused:
        read_tables(tmp_path)
    assert [finding.code for finding in refused.value.findings] == [
        code,
        "cell.unknown",
        "cell.unknown",
    ]
    assert str(refused.value.findings[0].place.file).endswith("shifts.csv")


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"table\.folder-empty"):
        read_tables(tmp_path)
    for number in range(51):
        (tmp_path / f"{number}.csv").write_text("id\n")
    with pytest.raises(InvalidInput, match=r"table\.folder-full"):
        read_tables(tmp_path)


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    write_csv(tmp_path, ",", "utf-8")
    (tmp_path / "jobs.csv").write_text("id,job type,site\n" + "J,service,x\n" * 20_001)
    with pytest.raises(InvalidInput, match=r"sheet\.size"):
        read_tables(tmp_path)


# --------------------------------------------------------------------------------------- export


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "＝1", "'s-Hertogenbosch", "#N/A", "a\nb"],
)
@pytest.mark.parametrize("target", ["day.xlsx", "day"])
def test_text_that_looks_like_a_formula_is_harmless_and_comes_back(
    tmp_path: Path, name: str, target: str
) -> None:
    write_tables(day_named(name), tmp_path / target)
    assert read_tables(tmp_path / target).name == name
    if target == "day":
        written = (tmp_path / target / "settings.csv").read_text("utf-8-sig")
        assert not re.search('(^|,)"?[=+@\t＝-]', written, re.MULTILINE)


def day_named(name: str) -> Day:
    return replace(read_tables(GOOD), name=name)


@pytest.mark.parametrize("target", ["day.xlsx", "day"])
@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_come_back_as_line_feeds(tmp_path: Path, target: str, line_end: str) -> None:
    write_tables(day_named(f"a{line_end}=b"), tmp_path / target)
    assert read_tables(tmp_path / target).name == "a\n=b"


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "\x1b[31m"])
def test_text_that_no_cell_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"cell\.unwritable"):
        write_tables(day_named(name), tmp_path / "day.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"file\.unwritable"):
        write_tables(day_named("x"), tmp_path / "missing" / "day")


# -------------------------------------------------------------------------------------- damage

DAMAGE = st.binary(max_size=4) | st.sampled_from([b"<", b"/>", b'"', b"1e999", b"&lt;", b"A1"])


@given(st.data())
def test_a_damaged_package_is_refused_and_nothing_worse(data: st.DataObject) -> None:
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(DAMAGE)
    assert all(finding.cure() for finding in findings(bytes(content)))


@given(st.data())
def test_damaged_parts_are_refused_and_nothing_worse(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(PARTS)))
    part = bytearray(PARTS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(part) - 1))
        part[at : at + data.draw(st.integers(0, 3))] = data.draw(DAMAGE)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for other, whole in PARTS.items():
            archive.writestr(other, bytes(part) if other == name else whole)
    assert all(finding.cure() for finding in findings(content.getvalue()))


def test_json_is_not_taken_for_a_workbook() -> None:
    with pytest.raises(InvalidInput, match=r"json\.syntax|file\.encoding"):
        read_day(GOOD)
