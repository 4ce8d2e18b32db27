"""Exports through the service: whole, in scope, and with nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2 as httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from tests.api.clients import Service
from tests.api.test_day import DAY, published
from tests.databases import OWNER
from tests.planning.made import at

from dispatch.domain.role import Role
from dispatch.operations.exports import reading
from dispatch.operations.exports.reading import by_clock, offset
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://evil","x")',
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "x;=1+1",
    "x\n=1+1",
    "#REF!",
    "=\x07",
    "=" + "x" * 40_000,
    "普通名称",
)
START = "=+-@\t\r\n＝＋－＠"
PATHS = [f"/exports/jobs?day={DAY}", f"/exports/visits?day={DAY}", "/exports/events?after=0"]


def csv_rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    text = io.StringIO(answer.content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, strict=True))


def xlsx_rows(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.content))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    headings, *rows = book.active.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def named(service: Service, name: str) -> None:
    with service.database.work(OWNER) as work:
        job = work.session.scalars(select(JobRow).where(JobRow.key == "J1")).one()
        job.site.address = name
        job.name = name
        work.note("job.edited", job, why=name)
        work.commit()


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_cell_is_run_whatever_a_name_is(city: Service, name: str) -> None:
    named(city, name)
    owner = city.signed_in(Role.OWNER)
    for path in PATHS:
        for row in csv_rows(owner.get(f"{path}&format=csv")):
            for heading, cell in row.items():
                assert cell[:1] not in START or not cell, (path, heading)
                assert not any(f"{end}=" in cell for end in ";\t\r\n"), (path, heading)
        xlsx = xlsx_rows(owner.get(f"{path}&format=xlsx"))
        told = {cell for row in xlsx for cell in row.values() if isinstance(cell, str)}
        if name.isprintable() and len(name) < 100:
            assert name in told, path


def test_jobs_and_visits_of_a_day_are_told_by_local_clocks(city: Service) -> None:
    published(city)
    desk = city.dispatcher
    jobs = csv_rows(desk.get(f"/exports/jobs?day={DAY}"))
    assert [(row["Job"], row["State"]) for row in jobs] == [
        (f"J{number}", "scheduled") for number in range(1, 5)
    ]
    visits = xlsx_rows(desk.get(f"/exports/visits?day={DAY}&format=xlsx"))
    board = desk.get(f"/boards/{DAY}").json()
    starts = {
        visit["id"]: datetime.fromisoformat(visit["start"])
        for route in board["routes"]
        for visit in route["visits"]
    }
    assert len(visits) == 4
    assert {row["Technician"] for row in visits} <= {"T1", "T2"}
    assert {row["Outlet"] for row in visits} == {jobs[0]["Outlet"] or None}
    zone = desk.get("/organisation").json()["zone"]
    for row in visits:
        local = starts[row["Id"]].astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert row["Start"] == local
        assert datetime.fromisoformat(f"{local}{row['UTC offset']}") == starts[row["Id"]]
    assert csv_rows(desk.get("/exports/jobs?day=2026-04-01")) == []


def test_of_an_hour_that_clocks_show_twice_a_table_says_which_it_is() -> None:
    zone = ZoneInfo("Europe/Stockholm")
    first, second = (datetime(2027, 10, 31, hour, 50, tzinfo=UTC) for hour in (0, 1))
    assert str(by_clock(first, zone)) == str(by_clock(second, zone)) == "2027-10-31 02:50:00"
    assert (offset(first, zone), offset(second, zone)) == ("+02:00", "+01:00")
    assert offset(None, zone) is None


def test_a_job_that_is_planned_outside_its_windows_is_exported_as_it_is_listed(
    city: Service,
) -> None:
    published(city)
    with city.database.work(OWNER) as work:
        job = work.by_key(JobRow, "J1")
        job.earliest, job.latest = (moment + timedelta(days=3) for moment in (at(9), at(12)))
        work.commit()
    desk = city.dispatcher
    listed = {job["key"] for job in desk.get(f"/jobs?day={DAY}").json()["items"]}
    exported = {row["Job"] for row in csv_rows(desk.get(f"/exports/jobs?day={DAY}"))}
    assert exported == listed == {"J1", "J2", "J3", "J4"}
    assert [row["Job"] for row in csv_rows(desk.get("/exports/jobs?day=2026-03-06"))] == ["J1"]


def test_the_event_log_is_exported_whole_or_in_part(city: Service) -> None:
    owner = city.signed_in(Role.OWNER)
    rows = csv_rows(owner.get("/exports/events"))
    numbers = [int(row["Number"]) for row in rows]
    assert numbers == list(range(1, len(rows) + 1))
    part = xlsx_rows(owner.get("/exports/events?after=2&until=4&format=xlsx"))
    assert [row["Number"] for row in part] == [3, 4]
    assert [row["Hash"] for row in part] == [row["Hash"] for row in rows[2:4]]
    assert city.dispatcher.get("/exports/events").status_code == 403


def test_what_belongs_to_another_outlet_is_not_exported(city: Service) -> None:
    published(city)
    with city.database.work(OWNER) as work:
        other = OutletRow(key="other", name="Other", parent_id=root_of(work.session).id)
        work.session.add(other)
        renew_reach(work.session)
        work.commit()
    stranger = city.signed_in(Role.MANAGER, login="stranger", outlets=(other.id,))
    for path in PATHS:
        rows = csv_rows(stranger.get(path)), xlsx_rows(stranger.get(f"{path}&format=xlsx"))
        # That the manager was given this outlet is the one thing that belongs to it.
        told = [
            [row for row in some if row.get("Event") != "account_outlet.added"] for some in rows
        ]
        assert told == [[], []], path
    desk = city.signed_in(Role.DISPATCHER, login="other-desk", outlets=(other.id,))
    for path in PATHS[:2]:
        assert csv_rows(desk.get(path)) == [], path


def test_more_than_can_be_exported_is_refused(
    city: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST", 3)
    desk = city.dispatcher
    for form in ("csv", "xlsx"):
        refused = desk.get(f"/exports/jobs?day={DAY}&format={form}")
        assert (refused.status_code, refused.json()["code"]) == (409, "export.too-many")
    monkeypatch.setattr(reading, "MOST", 4)
    assert len(csv_rows(desk.get(f"/exports/jobs?day={DAY}"))) == 4


def test_headings_are_in_the_language_of_who_asks(city: Service) -> None:
    answer = city.dispatcher.get(
        f"/exports/jobs?day={DAY}", headers={"Accept-Language": "zh-CN,zh;q=0.9"}
    )
    assert csv_rows(answer)[0]["工单"] == "J1"
    assert answer.headers["content-disposition"] == f'attachment; filename="jobs-{DAY}.csv"'
    assert city.dispatcher.get("/exports/jobs?day=2026-13-45").status_code == 422
    assert city.dispatcher.get(f"/exports/jobs?day={DAY}&format=pdf").status_code == 422


def test_before_anything_is_known_there_is_nothing_to_export(service: Service) -> None:
    answer = service.dispatcher.get(f"/exports/jobs?day={DAY}")
    assert (answer.status_code, answer.json()["code"]) == (409, "organisation.missing")


def test_where_technicians_live_is_told_from_the_log_to_the_owner_only(city: Service) -> None:
    with city.database.work(OWNER) as work:
        home = work.by_key(TechnicianRow, "T1").home_lat
    assert home is not None
    program = city.program("events.read")
    owner, manager = city.signed_in(Role.OWNER), city.signed_in(Role.MANAGER)
    for reader in (owner, manager, program):
        items = reader.get("/events?limit=200").json()["items"]
        homes = [item["after"]["home_lat"] for item in items if "home_lat" in (item["after"] or {})]
        assert set(homes) == ({home} if reader is owner else {"*"})
    for reader in (owner, manager):
        text = reader.get("/exports/events").text
        assert (f'""home_lat"": {home}' in text) is (reader is owner)
