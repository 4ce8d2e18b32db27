"""Files whose positions come from a Chinese map hold the same day as others."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.formats.tables.books import findings, good_sheets, told, workbook

from dispatch.domain.day import Day
from dispatch.domain.gcj02 import to_gcj02
from dispatch.domain.position import Position
from dispatch.errors import InvalidInput
from dispatch.formats.day_json import DAY_JSON, day_json, read_day
from dispatch.formats.tables import read_tables, write_tables
from dispatch.formats.tables.example import example_day

SHANGHAI = example_day(date(2026, 3, 2), "zh")


def positions(day: Day) -> list[Position]:
    homes = [one.home for one in day.technicians if one.home]
    return [each.position for each in (*day.sites, *day.outlets)] + homes


def on_a_chinese_map(position: Position) -> Position:
    return Position(*to_gcj02(position))


def mapped() -> Day:
    """The day as somebody would type it in who looks at a Chinese map."""
    return replace(
        SHANGHAI,
        sites=tuple(
            replace(one, position=on_a_chinese_map(one.position)) for one in SHANGHAI.sites
        ),
        outlets=tuple(
            replace(one, position=on_a_chinese_map(one.position)) for one in SHANGHAI.outlets
        ),
        technicians=tuple(
            replace(one, home=on_a_chinese_map(one.home)) if one.home else one
            for one in SHANGHAI.technicians
        ),
    )


def assert_is_shanghai(day: Day) -> None:
    """The same places, within a centimetre."""
    assert len(positions(day)) == 3 + 1 + 1
    for found, wanted in zip(positions(day), positions(SHANGHAI), strict=True):
        assert (found.lat, found.lon) == pytest.approx((wanted.lat, wanted.lon), abs=1e-7)


def test_json_says_by_which_map_its_positions_are_given() -> None:
    document: dict[str, Any] = DAY_JSON.document(mapped())
    assert_is_shanghai(read_day(json.dumps({**document, "datum": "GCJ-02"}).encode()))
    there = read_day(json.dumps({**document, "datum": "WGS-84"}).encode())
    assert there == mapped() == read_day(json.dumps(document).encode())
    assert abs(there.sites[0].position.lon - SHANGHAI.sites[0].position.lon) > 0.003
    assert b"datum" not in day_json(there)


def test_json_of_a_map_that_nobody_knows_is_refused() -> None:
    document = {**DAY_JSON.document(SHANGHAI), "datum": "BD-09"}
    with pytest.raises(InvalidInput) as refused:
        read_day(json.dumps(document).encode())
    (found,) = refused.value.findings
    assert (found.code, found.place.pointer) == ("json.choice", "/datum")
    assert "GCJ-02" in found.cure("zh")


def test_tables_of_a_map_that_nobody_knows_are_refused() -> None:
    sheets = good_sheets()
    sheets["settings"].append(["map datum", "BD-09"])
    assert told(findings(workbook(sheets))) == [("cell.choice", "settings", 6, "map datum")]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_say_it_among_their_settings(tmp_path: Path, lang: str) -> None:
    folder = tmp_path / lang
    write_tables(mapped(), folder, lang=lang)
    assert read_tables(folder) == mapped()
    (file,) = [path for path in folder.iterdir() if "WGS-84" in path.read_text("utf-8-sig")]
    file.write_text(file.read_text("utf-8-sig").replace("WGS-84", "gcj-02"), "utf-8")
    assert_is_shanghai(read_tables(folder))
