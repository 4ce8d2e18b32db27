"""Every code of this part is provoked by an input that stands here."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from tests.formats.tables.books import Sheets, good_sheets, workbook, zipped

from dispatch import texts
from dispatch.errors import Finding, InvalidInput, Unavailable
from dispatch.formats.day_json import read_day
from dispatch.formats.files import MOST_BYTES
from dispatch.formats.plan_json import read_plan
from dispatch.formats.tables import read_tables, write_tables

Provocation: TypeAlias = Callable[[Path], object]
JOB = {"id": "J1", "type": "service", "site": "harbour"}


def json_day(**fields: Any) -> Provocation:
    """A day that is good but for these fields of its only job."""
    day = {
        "format": "dispatch.day",
        "version": 1,
        "id": "monday",
        "zone": "Europe/Stockholm",
        "start": "2026-03-02T00:00:00+01:00",
        "end": "2026-03-03T00:00:00+01:00",
        "jobs": [{**JOB, **fields}],
    }
    return lambda _: read_day(json.dumps(day).encode())


def json_text(content: bytes) -> Provocation:
    return lambda _: read_day(content)


def reason_values(_folder: Path) -> object:
    reason = {"code": "skill", "values": {"level": []}}
    unassigned = [{"job": "J1", "reasons": [reason]}]
    plan = {"format": "dispatch.plan", "version": 1, "day": "monday", "currency": "EUR"}
    plan |= {"routes": [], "costs_minor": {}, "unassigned": unassigned}
    return read_plan(json.dumps(plan).encode())


def book(sheets: Sheets) -> Provocation:
    return lambda _: read_tables(workbook(sheets))


def cell(sheet: str, heading: str, value: Any) -> Provocation:
    sheets = good_sheets()
    rows = sheets[sheet]
    if heading in rows[0]:
        rows[1][rows[0].index(heading)] = value
    else:
        rows[1] += [None] * (len(rows[0]) - len(rows[1])) + [value]
        rows[0].append(heading)
    return book(sheets)


def setting(name: str | None, value: Any) -> Provocation:
    sheets = good_sheets()
    sheets["settings"].append([name, value])
    return book(sheets)


def without_setting(name: str) -> Provocation:
    sheets = good_sheets()
    sheets["settings"] = [row for row in sheets["settings"] if row[0] != name]
    return book(sheets)


def sheet(name: str, *rows: list[Any]) -> Provocation:
    return book({**good_sheets(), name: list(rows)})


def merged(_folder: Path) -> object:
    return read_tables(workbook(good_sheets(), lambda book: book["jobs"].merge_cells("A2:A3")))


def package(name: str, part: bytes) -> Provocation:
    def provoke(_folder: Path) -> object:
        content = io.BytesIO(workbook(good_sheets()))
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, part)
        return read_tables(content.getvalue())

    return provoke


def csv_file(content: bytes, name: str = "jobs.csv") -> Provocation:
    def provoke(folder: Path) -> object:
        (folder / name).write_bytes(content)
        return read_tables(folder)

    return provoke


def one_csv_file(folder: Path) -> object:
    path = folder / "jobs.csv"
    path.touch()
    return read_tables(path)


def many_csv_files(folder: Path) -> object:
    for number in range(60):
        (folder / f"{number}.csv").touch()
    return read_tables(folder)


def unwritable_text(folder: Path) -> object:
    sheets = good_sheets()
    day = read_tables(workbook(sheets))
    object.__setattr__(day, "name", "bell \a")
    return write_tables(day, folder / "day.xlsx")


PROVOCATIONS: Mapping[str, Provocation] = {
    "file.unreadable": lambda folder: read_day(folder / "nothing.json"),
    "file.unwritable": lambda folder: write_tables(
        read_tables(workbook(good_sheets())), folder / "missing" / "day.xlsx"
    ),
    "file.size": json_text(bytes(MOST_BYTES + 1)),
    "file.encoding": json_text(b"\xff\xfe"),
    "file.csv": csv_file(b'id,"open'),
    "json.syntax": json_text(b"{"),
    "json.depth": json_text(b"[" * 99 + b"]" * 99),
    "json.twice": json_text(b'{"format": 1, "format": 2}'),
    "json.number": json_day(duration_s=1e308),
    "json.surrogate": json_day(name="\ud800"),
    "json.format": json_text(b"{}"),
    "json.version": json_text(b'{"format": "dispatch.day", "version": 9}'),
    "json.missing": json_day(windows=[{}]),
    "json.misspelt": json_day(priorty=1),
    "json.unknown": json_day(zzz=1),
    "json.choice": json_day(pins=[{"technician": "Anna", "level": "week"}]),
    "json.type.flag": json_day(mandatory=1),
    "json.type.integer": json_day(priority="1"),
    "json.type.number": lambda _: read_day(
        b'{"format": "dispatch.day", "version": 1, "id": "d", "zone": "UTC",'
        b'"start": "2026-03-02T00:00:00Z", "end": "2026-03-03T00:00:00Z",'
        b'"sites": [{"id": "s", "position": {"lat": "north", "lon": 0}}]}'
    ),
    "json.type.text": json_day(name=1),
    "json.type.scalar": reason_values,
    "json.type.time": json_day(sla_due="soon"),
    "json.type.date": lambda _: read_day(
        b'{"format": "dispatch.day", "version": 1, "id": "d", "zone": "UTC",'
        b'"start": "2026-03-02T00:00:00Z", "end": "2026-03-03T00:00:00Z", "technicians":'
        b'[{"id": "t", "skills": [{"skill": "gas", "expires": "soon"}]}]}'
    ),
    "json.type.list": json_day(windows={}),
    "json.type.object": json_day(parts=[]),
    "table.more": book({**good_sheets(), "sites": [["id"], *([["x"]] * 1_100)]}),
    "table.sheet-missing": book({"#": []}),
    "table.sheet-misspelt": sheet("absense"),
    "table.sheet-unknown": sheet("zzz"),
    "table.sheet-twice": sheet("工单", ["id"]),
    "table.folder-empty": read_tables,
    "table.one-file": one_csv_file,
    "table.folder-full": many_csv_files,
    "sheet.empty": sheet("absences"),
    "sheet.merged": merged,
    "sheet.size": csv_file(b"id\n" + b"J\n" * 20_001),
    "sheet.column-missing": sheet("absences", ["technician"]),
    "sheet.column-misspelt": sheet("skills", ["id", "nmae"]),
    "sheet.column-unknown": sheet("skills", ["id", "zzz"]),
    "sheet.column-twice": sheet("skills", ["id", "ID"]),
    "sheet.heading-missing": sheet("skills", ["id"], ["gas", "what?"]),
    "settings.missing": without_setting("time zone"),
    "settings.nameless": setting(None, 5),
    "settings.misspelt": setting("wage per our", 5),
    "settings.unknown": setting("zzz", 5),
    "settings.twice": setting("id", "again"),
    "settings.span": without_setting("date"),
    "cell.missing": cell("jobs", "id", None),
    "cell.number": cell("jobs", "priority", "urgent"),
    "cell.whole": cell("jobs", "priority", 2.5),
    "cell.range": cell("jobs", "priority", 6),
    "cell.money": cell("jobs", "fee", 0.001),
    "cell.time": cell("jobs", "SLA due", "noon"),
    "cell.date": cell("skill matrix", "gas", "3 until May"),
    "cell.duration": cell("jobs", "duration", "long"),
    "cell.duration-range": cell("jobs", "duration", -1),
    "cell.choice": cell("jobs", "mandatory", "perhaps"),
    "cell.list": cell("jobs", "skills", ";;"),
    "cell.formula": cell("jobs", "priority", "=1+1"),
    "cell.error": cell("jobs", "priority", "#REF!"),
    "cell.twice": cell("jobs", "id", "J2"),
    "cell.unknown": cell("jobs", "site", "zzz"),
    "cell.misspelt": cell("jobs", "site", "harbor"),
    "cell.pin-shift": sheet(
        "jobs",
        ["id", "job type", "site", "pin 1 technician", "pin 1 shift"],
        ["J1", "service", "harbour", "Anna", "late"],
    ),
    "cell.unwritable": unwritable_text,
    "crews.owner": sheet("crews", ["seat", "duration"], [1, 30]),
    "crews.seat": sheet("crews", ["job", "seat"], ["J1", 2]),
    "archive.broken": lambda _: read_tables(zipped({"jobs.csv": b"id"}, zipfile.ZIP_LZMA)),
    "archive.bomb": lambda _: read_tables(zipped({"jobs.csv": bytes(4 * 2**20)})),
    "workbook.old": lambda _: read_tables(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "workbook.broken": lambda _: read_tables(b"hello"),
    "workbook.bomb": package("xl/zeros.bin", bytes(4 * 2**20)),
    "workbook.entities": package("xl/a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "workbook.cells": package("xl/a.xml", b'<a><c r="XFD1"><v>1</v></c></a>'),
}


def codes() -> list[str]:
    catalogue = tomllib.loads(
        files(texts).joinpath("en", "formats.toml").read_text(encoding="utf-8")
    )

    def under(table: Mapping[str, Any], prefix: str) -> list[str]:
        if "cause" in table:
            return [prefix]
        return [
            code for name in table for code in under(table[name], f"{prefix}.{name}".strip("."))
        ]

    return under(catalogue, "")


@pytest.mark.parametrize("code", codes())
def test_the_code_is_provoked_and_can_be_said_in_every_language(code: str, tmp_path: Path) -> None:
    with pytest.raises((InvalidInput, Unavailable)) as refused:
        PROVOCATIONS[code](tmp_path)
    if isinstance(refused.value, Unavailable):
        assert refused.value.code == code
        return
    found: list[Finding] = [finding for finding in refused.value.findings if finding.code == code]
    assert found
    for lang in texts.LANGUAGES:
        assert found[0].cause(lang) != found[0].cure(lang)


def test_no_provocation_is_left_over() -> None:
    assert set(PROVOCATIONS) == set(codes())
