from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from tests.formats.tables.books import Sheets, findings, good_sheets, told, wall, workbook

from dispatch.formats.tables import read_tables
from dispatch.formats.tables.findings import MOST_FINDINGS


def with_cell(sheet: str, heading: str, value: Any) -> Sheets:
    """The good sheets with one value in the second row of one column, which may be new."""
    sheets = good_sheets()
    header, row = sheets[sheet][0], sheets[sheet][1]
    if heading not in header:
        header.append(heading)
        row.append(None)
    row += [None] * (len(header) - len(row))
    row[header.index(heading)] = value
    return sheets


def with_setting(name: str, value: Any) -> Sheets:
    sheets = good_sheets()
    sheets["settings"] = [row for row in sheets["settings"] if row[0] != name]
    sheets["settings"].append([name, value])
    return sheets


def test_the_good_sheets_are_good() -> None:
    assert findings(workbook(good_sheets())) == []


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "code"),
    [
        ("jobs", "priority", 9, "cell.range"),
        ("jobs", "priority", -1, "cell.range"),
        ("jobs", "priority", 2.5, "cell.whole"),
        ("jobs", "priority", "urgent", "cell.number"),
        ("jobs", "priority", "1e308", "cell.number"),
        ("jobs", "priority", 1e308, "cell.number"),
        ("jobs", "priority", "NaN", "cell.number"),
        ("jobs", "priority", "inf", "cell.number"),
        ("jobs", "priority", True, "cell.number"),
        ("jobs", "priority", "1_0", "cell.number"),
        ("jobs", "duration", -5, "cell.duration-range"),
        ("jobs", "duration", 0, "cell.duration-range"),
        ("jobs", "duration", "soon", "cell.duration"),
        ("jobs", "duration", 0.3333, "cell.duration"),
        ("jobs", "duration", "1:75", "cell.duration"),
        ("jobs", "revenue", -1, "cell.range"),
        ("jobs", "revenue", 10.005, "cell.money"),
        ("jobs", "revenue", "1,500", "cell.number"),
        ("jobs", "SLA due", "3/2/2026 8:00", "cell.time"),
        ("jobs", "SLA due", "2026-02-30 08:00", "cell.time"),
        ("jobs", "SLA due", "25:00", "cell.time"),
        ("jobs", "SLA due", "1850-01-01 08:00", "cell.time"),
        ("jobs", "SLA due", 10**7, "cell.time"),
        ("jobs", "SLA due", "2026-03-29 02:30", "time.gap"),
        ("jobs", "SLA due", "2026-10-25 02:30", "time.fold"),
        ("jobs", "SLA due", "2026-03-02 08:00+25:00", "cell.time"),
        ("jobs", "SLA due", wall("1960-01-01 08:00"), "time.year"),
        ("jobs", "window 1 end", wall("2026-03-02 07:00"), "window.reversed"),
        ("jobs", "window 1 end", None, "cell.missing"),
        ("jobs", "window 1 kind", "soft", "cell.choice"),
        ("jobs", "mandatory", "perhaps", "cell.choice"),
        ("jobs", "id", None, "cell.missing"),
        ("jobs", "id", "J" * 200, "value.identifier"),
        ("jobs", "job type", "servise", "cell.misspelt"),
        ("jobs", "job type", "zzz", "cell.unknown"),
        ("jobs", "site", "zzz", "cell.unknown"),
        ("jobs", "skills", "welding", "cell.unknown"),
        ("jobs", "skills", "gas: 9", "cell.range"),
        ("jobs", "skills", "gas; gas", "value.twice"),
        ("jobs", "skills", '"gas', "cell.list"),
        ("jobs", "required technicians", "Anna: 3", "cell.list"),
        ("jobs", "required technicians", "Ana", "cell.misspelt"),
        ("jobs", "after jobs", "J9000", "cell.unknown"),
        ("jobs", "after jobs", "J2: 2:00..1:00", "dependency.delays"),
        ("jobs", "crew size", 0, "cell.range"),
        ("jobs", "crew timing", "together", "cell.missing"),
        ("jobs", "pin 1 level", "order", "cell.missing"),
        ("jobs", "parts", "filter: -1", "cell.range"),
        ("technicians", "home longitude", None, "cell.missing"),
        ("technicians", "home latitude", 91, "cell.range"),
        ("technicians", "duration factor", 0, "cell.range"),
        ("skill matrix", "gas", 6, "cell.range"),
        ("skill matrix", "gas", "3 until May", "cell.date"),
        ("skill matrix", "gas", "good", "cell.number"),
        ("shifts", "end", wall("2026-03-02 07:00"), "shift.reversed"),
        ("shifts", "technician", "Bo", "cell.unknown"),
        ("shifts", "starts at", "outlet: North", "cell.unknown"),
        ("shifts", "starts at", "outlet", "anchor.id"),
        ("shifts", "starts at", "moon", "cell.choice"),
        ("shifts", "break 1 from", time(11), "cell.missing"),
        ("sites", "latitude", "north", "cell.number"),
        ("job types", "duration", None, "cell.missing"),
        ("job types", "level factors", "9: 1", "cell.range"),
    ],
)
def test_a_broken_cell_is_named_where_it_stands(
    sheet: str, heading: str, value: Any, code: str
) -> None:
    found = findings(workbook(with_cell(sheet, heading, value)))
    assert [finding.code for finding in found][:1] == [code]
    first = found[0].place
    assert (first.file, first.sheet, first.row) == ("day.xlsx", sheet, 2)
    others = {"pin 1 level": "pin 1 technician", "crew timing": "crew size"}
    others["break 1 from"] = "break 1 duration"
    assert first.column == others.get(heading, heading)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (wall("2026-03-02 08:00"), "2026-03-02T08:00:00+01:00"),
        (date(2026, 3, 3), "2026-03-03T00:00:00+01:00"),
        (time(8, 30), "2026-03-02T08:30:00+01:00"),
        (46083.3333333333, "2026-03-02T08:00:00+01:00"),
        ("08:30", "2026-03-02T08:30:00+01:00"),
        ("24:00", "2026-03-03T00:00:00+01:00"),
        ("2026-03-02 08:00", "2026-03-02T08:00:00+01:00"),
        ("2026/3/2 8:00:05", "2026-03-02T08:00:05+01:00"),
        ("2026年3月2日 8:00", "2026-03-02T08:00:00+01:00"),
        ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00+00:00"),
        ("2026-10-25 02:30+01:00", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25 02:30 +02:00", "2026-10-25T02:30:00+02:00"),
    ],
    ids=str,
)
def test_a_time_may_be_written_in_many_ways(value: Any, expected: str) -> None:
    day = read_tables(workbook(with_cell("jobs", "SLA due", value)))
    due = day.jobs_by_id["J1"].sla_due
    assert due is not None
    assert due.isoformat() == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (90, 5400),
        ("90", 5400),
        (1.5, 90),
        ("1:30", 5400),
        ("0:00:17", 17),
        (time(1, 30), 5400),
        (timedelta(hours=1), 3600),
    ],
    ids=str,
)
def test_a_duration_may_be_written_in_many_ways(value: Any, expected: int) -> None:
    day = read_tables(workbook(with_cell("jobs", "duration", value)))
    assert day.jobs_by_id["J1"].duration_s == expected


@pytest.mark.parametrize(
    ("currency", "value", "minor"),
    [("EUR", 12.34, 1234), ("EUR", "12,34", 1234), ("JPY", 1234, 1234), ("KWD", 1.234, 1234)],
)
def test_money_is_said_in_the_currency(currency: str, value: Any, minor: int) -> None:
    sheets = with_cell("jobs", "revenue", value)
    sheets["settings"][4] = ["currency", currency]
    assert read_tables(workbook(sheets)).jobs_by_id["J1"].revenue_minor == minor


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("time zone", None, "settings.missing"),
        ("time zone", "Europe/Stokholm", "day.zone"),
        ("time zone", "../../etc/passwd", "day.zone"),
        ("date", None, "settings.span"),
        ("date", "tomorrow", "cell.date"),
        ("date", wall("2026-03-02 08:00"), "cell.date"),
        ("currency", "euro", "policy.currency"),
        ("late per minute, priority 1", -1, "cell.range"),
        ("late per minute, priority 7", 1, "policy.priorities"),
        ("wage per our", 30, "settings.misspelt"),
        ("zzz", 30, "settings.unknown"),
        ("  ", 30, "settings.nameless"),
        ("territories hold", "maybe", "cell.choice"),
    ],
)
def test_a_broken_setting_is_named(name: str, value: Any, code: str) -> None:
    found = findings(workbook(with_setting(name, value)))
    assert code in [finding.code for finding in found]
    assert found[0].place.sheet == "settings"


def test_a_setting_that_stands_twice_is_refused() -> None:
    sheets = good_sheets()
    sheets["settings"].append(["Currency", "SEK"])
    found = findings(workbook(sheets))
    assert told(found) == [("settings.twice", "settings", 6, "Currency")]


def test_planning_that_ends_before_it_starts_is_refused() -> None:
    sheets = with_setting("planning starts", wall("2026-03-05 00:00"))
    assert [finding.code for finding in findings(workbook(sheets))] == ["day.reversed"]


def test_crews_are_checked_against_their_jobs() -> None:
    sheets = good_sheets()
    sheets["jobs"][0].append("crew size")
    sheets["jobs"][1].append(2)
    sheets["crews"] = [
        ["job type", "job", "seat", "duration"],
        [None, "J1", 3, 30],
        [None, "J2", 1, 30],
        [None, None, 1, 30],
        ["service", "J1", 1, 30],
    ]
    assert told(findings(workbook(sheets))) == [
        ("crews.seat", "crews", 2, "seat"),
        ("crews.seat", "crews", 3, "seat"),
        ("crews.owner", "crews", 4, None),
        ("crews.owner", "crews", 5, None),
    ]


def test_a_pin_names_a_shift_of_its_technician() -> None:
    sheets = with_cell("jobs", "pin 1 technician", "Anna")
    sheets["jobs"][0].append("pin 1 shift")
    sheets["jobs"][1].append("late")
    assert told(findings(workbook(sheets))) == [("cell.pin-shift", "jobs", 2, "pin 1 shift")]


def test_everything_wrong_is_said_at_once() -> None:
    sheets = good_sheets()
    sheets["jobs"] += [
        ["J1", "servise", "nowhere", "high", time(9), time(8), "gas: 7"],
        [None, "service", "harbour", 0, None, None, "gas"],
    ]
    sheets["technicians"].append(["Anna", 95, None])
    sheets["shifts"].append(["Bo", "late", "noon", None])
    sheets["sites"][0][0] = "idd"
    found = findings(workbook(sheets))
    assert set(told(found)) == {
        ("cell.number", "jobs", 4, "priority"),
        ("cell.range", "jobs", 4, "skills"),
        ("window.reversed", "jobs", 4, "window 1 end"),
        ("cell.twice", "jobs", 4, "id"),
        ("cell.misspelt", "jobs", 4, "job type"),
        ("cell.missing", "jobs", 5, "id"),
        ("cell.range", "jobs", 5, "priority"),
        ("cell.twice", "technicians", 3, "id"),
        ("cell.range", "technicians", 3, "home latitude"),
        ("cell.missing", "technicians", 3, "home longitude"),
        ("cell.unknown", "shifts", 3, "technician"),
        ("cell.time", "shifts", 3, "start"),
        ("cell.missing", "shifts", 3, "end"),
        ("sheet.column-misspelt", "sites", 1, "idd"),
        ("sheet.column-missing", "sites", 1, None),
    }


def test_an_id_that_stands_twice_is_named_at_the_second() -> None:
    found = findings(workbook(with_cell("jobs", "id", "J2")))
    assert told(found) == [("cell.twice", "jobs", 3, "id")]
    assert found[0].values == {"value": "J2", "row": 2}


def test_the_list_of_findings_has_an_end() -> None:
    sheets = good_sheets()
    sheets["jobs"] += [["J1", "zzz", "zzz", 0] for _ in range(400)]
    found = findings(workbook(sheets))
    assert len(found) == MOST_FINDINGS + 1
    assert found[-1].code == "table.more"
    assert found[-1].values == {"count": 600}
