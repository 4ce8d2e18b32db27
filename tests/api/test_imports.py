"""Tables and days over HTTP: everything or nothing, once, told in full, and only what is theirs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import count
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import func, select
from tests.api.clients import Client, Service
from tests.databases import OWNER
from tests.formats.tables.books import Sheets, csv_files, good_sheets, workbook, zipped

from dispatch.api.routes.imports import EXAMPLE
from dispatch.api.screen import MOST_FILE_BYTES
from dispatch.domain.gcj02 import to_gcj02
from dispatch.domain.position import Position
from dispatch.domain.role import Role
from dispatch.domain.states.visit import VisitState
from dispatch.formats.day_json import DAY_JSON
from dispatch.formats.tables import read_tables, write_template
from dispatch.operations import import_tables
from dispatch.store.events import check_chain
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow

SHANGHAI = (31.1774276, 121.5272106)
_key = count(1)


def send(
    client: Client, content: bytes, *, path: str = "/imports/tables", **more: Any
) -> httpx.Response:
    headers = {"Idempotency-Key": f"tables-{next(_key)}"} | more.pop("headers", {})
    return client.ask("POST", path, content=content, headers=headers, params=more)


def with_cell(sheet: str, heading: str, value: object, row: int = 1) -> Sheets:
    sheets = good_sheets()
    rows = sheets[sheet]
    rows[row][rows[0].index(heading)] = value
    return sheets


def how_many(service: Service, table: type[Any] = EventRow) -> int:
    with service.database.work(OWNER) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def told(answer: httpx.Response) -> list[tuple[str, str | None, int | None, str | None]]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return [
        (one["code"], one["sheet"], one["row"], one["column"]) for one in answer.json()["findings"]
    ]


@pytest.fixture
def owner(service: Service) -> Client:
    return service.signed_in(Role.OWNER)


@pytest.fixture
def south(service: Service, owner: Client) -> Client:
    """The dispatcher of one of two outlets; the day of the small workbook is there."""
    outlets = [["id", "latitude", "longitude"], ["south", 57.6, 11.9], ["north", 57.8, 11.9]]
    day = workbook({**good_sheets(), "outlets": outlets})
    assert send(owner, day, outlet="north").status_code == 200
    with service.database.work(OWNER) as work:
        outlet = work.by_key(OutletRow, "south").id
    return service.signed_in(Role.DISPATCHER, login="south", outlets=(outlet,))


def of_the_south(**more: list[list[Any]]) -> Sheets:
    """A site and two jobs of its own; of the rest what cannot be left out."""
    sheets = good_sheets()
    sheets["sites"] = [["id", "latitude", "longitude"], ["quay", 57.6, 11.8]]
    sheets["jobs"] = [
        ["id", "job type", "site"],
        ["S1", "service", "quay"],
        ["S2", "service", "quay"],
    ]
    sheets["technicians"] = [["id"]]
    for name in ("skill matrix", "shifts"):
        del sheets[name]
    return {**sheets, **more}


@pytest.mark.parametrize(
    "content",
    [workbook(good_sheets()), zipped(csv_files(good_sheets()))],
    ids=["workbook", "archive"],
)
@pytest.mark.parametrize(
    "media", ["application/zip", "image/jpeg", "text/html", "multipart/form-data; boundary=x", ""]
)
def test_a_preview_and_then_all_of_it(
    service: Service, owner: Client, content: bytes, media: str
) -> None:
    """Whatever it is declared to be."""
    headers = {"Content-Type": media}
    before = how_many(service)
    preview = send(owner, content, preview=True, headers=headers)
    assert preview.status_code == 200, preview.text
    assert preview.json()["kinds"]["job"] == {"added": 2, "changed": 0, "same": 0}
    assert how_many(service) == before
    assert how_many(service, JobRow) == 0
    assert send(owner, content, headers=headers).json() == preview.json()
    assert how_many(service, JobRow) == 2
    again = send(owner, content, headers=headers).json()
    assert again["kinds"]["job"] == {"added": 0, "changed": 0, "same": 2}


def test_tables_and_json_say_the_same(owner: Client) -> None:
    assert send(owner, workbook(good_sheets())).status_code == 200
    day = DAY_JSON.document(read_tables(workbook(good_sheets())))
    kinds = owner.post("/imports", day).json()["kinds"]
    assert {kind["added"] + kind["changed"] for kind in kinds.values()} == {0}


def test_the_template_is_taken_as_it_is(owner: Client, tmp_path: Path) -> None:
    write_template(tmp_path / "day.xlsx", on=date(2026, 3, 2), lang="zh")
    answer = send(owner, (tmp_path / "day.xlsx").read_bytes())
    assert answer.status_code == 200, answer.text
    assert answer.json()["kinds"]["job"]["added"] == 3


def test_a_file_that_is_sent_twice_is_imported_once(service: Service, owner: Client) -> None:
    key = {"Idempotency-Key": "monday"}
    content = workbook(with_cell("jobs", "skills", "gas: 5"))
    first = send(owner, content, headers=key)
    events = how_many(service)
    assert first.json()["warnings_in_all"] == 1
    assert send(owner, content, headers=key).json() == first.json()
    assert how_many(service) == events
    other = send(owner, workbook(good_sheets()), headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "receipt.other-wish")


def test_warnings_say_where_and_in_the_language_asked_for(owner: Client) -> None:
    content = workbook(with_cell("jobs", "skills", "gas: 5"))
    key = {"Idempotency-Key": "monday"}
    english = send(owner, content, headers=key).json()["warnings"]
    chinese = send(owner, content, headers={**key, "Accept-Language": "zh-CN"}).json()["warnings"]
    assert [(one["sheet"], one["row"], one["severity"]) for one in english] == [
        ("jobs", 2, "warning")
    ]
    assert english[0]["place"] == "body: jobs: row 2"
    assert english[0]["cause"] != chinese[0]["cause"]
    assert {name for name in english[0] if english[0][name] != chinese[0][name]} == {
        "cause",
        "cure",
        "place",
    }


def test_all_that_is_wrong_is_told_and_nothing_comes_in(service: Service, owner: Client) -> None:
    sheets = with_cell("sites", "latitude", 91)
    sheets["jobs"][1][2] = "harbor"
    sheets["jobs"][2][3] = 9
    sheets["shifts"][1][3] = "noon"
    before = how_many(service)
    for lang in ("en", "zh"):
        answer = send(owner, workbook(sheets), headers={"Accept-Language": lang})
        assert sorted(told(answer), key=str) == [
            ("cell.misspelt", "jobs", 2, "site"),
            ("cell.range", "jobs", 3, "priority"),
            ("cell.range", "sites", 2, "latitude"),
            ("cell.time", "shifts", 2, "end"),
        ]
        assert answer.headers["content-language"] == lang
    assert how_many(service) == before


def test_what_contradicts_itself_only_as_a_day_is_told_by_row_too(owner: Client) -> None:
    sheets = good_sheets()
    early = sheets["shifts"][1]
    sheets["shifts"].append([early[0], "again", early[2], early[3]])
    ((code, *place),) = told(send(owner, workbook(sheets)))
    assert (code, place) == ("shift.overlap", ["shifts", 3, None])


def test_a_job_that_has_begun_is_not_changed(service: Service, owner: Client) -> None:
    assert send(owner, workbook(good_sheets())).status_code == 200
    with service.database.work(OWNER) as work:
        visit, anna = work.by_key(JobRow, "J1").visits[0], work.by_key(TechnicianRow, "Anna")
        visit.technician_id, visit.shift_id = anna.id, anna.shifts[0].id
        visit.state, visit.place = VisitState.ON_SITE, 0
        visit.arrive_at = visit.start_at = visit.end_at = anna.shifts[0].start_at
        work.commit()
    answer = send(owner, workbook(with_cell("jobs", "priority", 5)))
    assert told(answer) == [("import.job.begun", "jobs", 2, None)]


def bomb() -> bytes:
    content = io.BytesIO(workbook(good_sheets()))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(8 * 2**20))
    return content.getvalue()


def with_part(name: str, part: bytes) -> bytes:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(good_sheets()))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            new.writestr(entry, part if entry == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, part)
    return content.getvalue()


ENTITY = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
REFUSED: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "workbook.broken"),
    "one CSV file": (lambda: b"id,job type\nJ1,service\n", "workbook.broken"),
    "JSON": (lambda: b'{"format": "dispatch.day"}', "workbook.broken"),
    "a page": (lambda: b"<!doctype html><script>alert(1)</script>", "workbook.broken"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook.old"),
    "half of a workbook": (lambda: workbook(good_sheets())[:3_000], "workbook.broken"),
    "no tables": (lambda: zipped({"day.json": b"{}"}), "table.folder-empty"),
    "a bomb": (bomb, "workbook.bomb"),
    "a bomb of CSV": (lambda: zipped({"jobs.csv": b"id\n" * 2**22}), "archive.bomb"),
    "an entity": (lambda: with_part("xl/workbook.xml", ENTITY), "workbook.entities"),
    "an entity beside": (lambda: with_part("xl/theme/theme1.xml", ENTITY), "workbook.entities"),
    "a cell far away": (
        lambda: with_part("xl/x.xml", b'<a><c r="XFD1048576"><v>1</v></c></a>'),
        "workbook.cells",
    ),
    "a formula": (lambda: workbook(with_cell("jobs", "priority", "=1+1")), "cell.formula"),
    "a column twice": (
        lambda: workbook({**good_sheets(), "skills": [["id", "ID "]]}),
        "sheet.column-twice",
    ),
    "a sheet twice": (lambda: workbook({**good_sheets(), "工单": [["id"]]}), "table.sheet-twice"),
    "no position": (lambda: workbook(with_cell("sites", "longitude", "east")), "cell.number"),
    "a bad position": (lambda: workbook(with_cell("sites", "longitude", 181)), "cell.range"),
    "an unknown map": (
        lambda: workbook(
            {**good_sheets(), "settings": [*good_sheets()["settings"], ["map datum", "BD-09"]]}
        ),
        "cell.choice",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_refused_and_says_why(
    service: Service, owner: Client, name: str
) -> None:
    make, code = REFUSED[name]
    before = how_many(service)
    answer = send(owner, make())
    assert told(answer)[0][0] == answer.json()["code"] == code
    first = answer.json()["findings"][0]
    assert first["file"] is not None
    assert first["cure"]
    assert "passwd" not in answer.text
    assert how_many(service) == before


def test_no_more_is_read_than_a_file_may_have(owner: Client) -> None:
    answer = send(owner, bytes(MOST_FILE_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too-long")


def test_of_very_many_faults_a_thousand_are_told(owner: Client) -> None:
    rows = [["id", "job type", "site"], *([f"J{number}", "zzz", "zzz"] for number in range(900))]
    answer = send(owner, workbook({**good_sheets(), "jobs": rows}))
    assert len(told(answer)) == 1_000
    assert answer.json()["findings_in_all"] == 1_001


def test_only_so_many_files_are_read_at_once(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(import_tables, "_ROOM", full)
    answer = send(owner, workbook(good_sheets()))
    assert (answer.status_code, answer.json()["code"]) == (503, "import.busy")
    assert answer.headers["retry-after"]
    full.release()
    assert send(owner, workbook(good_sheets())).status_code == 200
    assert full.acquire(blocking=False)


def test_of_two_imports_at_once_both_come_in(service: Service, owner: Client) -> None:
    days = []
    for number in (1, 2):
        sheets = good_sheets()
        for row in sheets["jobs"][1:]:
            row[0] = f"{row[0]}-{number}"
        days.append(workbook(sheets))
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda day: send(owner, day), days))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sum(answer.json()["kinds"]["technician"]["added"] for answer in answers) == 1
    assert how_many(service, JobRow) == 4
    with service.database.work(OWNER) as work:
        assert list(check_chain(work.session.connection())) == []


def test_a_big_day_is_read(service: Service, owner: Client) -> None:
    sheets = good_sheets()
    sheets["jobs"] = [
        ["id", "job type", "site"],
        *([f"J{number}", "service", "harbour"] for number in range(3_000)),
    ]
    assert send(owner, workbook(sheets), preview=True).json()["kinds"]["job"]["added"] == 3_000
    assert how_many(service, JobRow) == 0


def test_positions_of_a_chinese_map_are_put_right(service: Service, owner: Client) -> None:
    lat, lon = to_gcj02(Position(*SHANGHAI))
    sheets = with_cell("sites", "latitude", lat)
    sheets["sites"][1][2] = lon
    sheets["settings"].append(["map datum", "GCJ-02"])
    assert send(owner, workbook(sheets)).status_code == 200
    day = DAY_JSON.document(read_tables(workbook(good_sheets())))
    day["sites"][0] |= {"id": "quay", "position": {"lat": lat, "lon": lon}}
    day["jobs"] = []
    day |= {"datum": "GCJ-02"}
    assert owner.post("/imports", day).status_code == 200
    body = {"id": "alone", "lat": lat, "lon": lon, "datum": "GCJ-02"}
    assert owner.post("/sites", body).status_code == 201
    with service.database.work(OWNER) as work:
        places = {(row.lat, row.lon) for row in work.session.scalars(select(SiteRow))}
    ((north, east),) = places
    assert (north, east) == pytest.approx(SHANGHAI, abs=1e-7)


def test_an_outlets_dispatcher_imports_its_jobs(service: Service, south: Client) -> None:
    preview = send(south, workbook(of_the_south()), preview=True)
    assert preview.status_code == 200, preview.text
    assert preview.json()["kinds"]["job"] == {"added": 2, "changed": 0, "same": 0}
    assert preview.json()["warnings"] == []
    assert send(south, workbook(of_the_south())).json() == preview.json()
    assert {job["key"] for job in south.get("/jobs").json()["items"]} == {"S1", "S2"}
    with service.database.work(OWNER) as work:
        south_id = work.by_key(OutletRow, "south").id
        owners = {work.by_key(JobRow, key).outlet_id for key in ("S1", "S2")}
        assert owners == {south_id} == {work.by_key(SiteRow, "quay").outlet_id}


def test_and_nothing_of_others(service: Service, south: Client) -> None:
    sheets = of_the_south()
    sheets["jobs"][2] = ["J1", "service", "quay"]
    sheets["sites"].append(["harbour", 0, 0])
    sheets["job types"][1] = ["service", 1]
    sheets["technicians"].append(["Anna"])
    before = how_many(service)
    assert told(send(south, workbook(sheets))) == [
        ("import.not-yours", "job types", 2, None),
        ("store.missing", "technicians", 2, None),
        ("import.taken", "sites", 3, "id"),
        ("import.taken", "jobs", 3, "id"),
    ]
    answer = send(south, workbook(of_the_south()), outlet="north")
    assert (answer.status_code, answer.json()["code"]) == (404, "store.missing")
    assert how_many(service) == before


def test_a_program_of_an_outlet_imports_too(service: Service, south: Client) -> None:
    owner = service.signed_in(Role.OWNER)
    outlet = next(one for one in owner.get("/outlets").json()["items"] if one["key"] == "south")
    given = {"name": "crm", "scopes": ["jobs.write"], "outlet": outlet["id"]}
    made = owner.post("/integrations", given)
    assert made.status_code == 201, made.text
    program = Client(service.http, made.json()["key"])
    assert send(program, zipped(csv_files(of_the_south()))).status_code == 200
    assert {job["key"] for job in south.get("/jobs").json()["items"]} == {"S1", "S2"}


def test_what_settings_do_not_say_stays_and_what_they_say_is_the_networks(
    service: Service, owner: Client
) -> None:
    assert send(owner, workbook(good_sheets())).status_code == 200
    sheets = good_sheets()
    sheets["settings"] = [*sheets["settings"][:4], ["wage per hour", 12]]
    del sheets["jobs"][1:]
    before = owner.get("/organisation").json()
    desk = service.dispatcher
    for preview in (True, False):
        assert told(send(desk, workbook(sheets), preview=preview)) == [
            ("import.not-yours", "settings", 5, None)
        ]
    assert owner.get("/organisation").json() == before
    preview = send(owner, workbook(sheets), preview=True).json()
    assert preview["organisation"] == [
        {"name": "policy/wage_minor_per_h", "before": 3_000, "after": 1_200}
    ]
    assert preview["kinds"]["organisation"] == {"added": 0, "changed": 1, "same": 0}
    assert send(owner, workbook(sheets)).json() == preview
    after = owner.get("/organisation").json()
    assert after["policy"] == before["policy"] | {"wage_minor_per_h": 1_200}
    sheets["settings"] = sheets["settings"][:4]
    answer = send(desk, workbook(sheets))
    assert (answer.status_code, answer.json()["organisation"]) == (200, [])
    assert owner.get("/organisation").json() == after


def test_the_least_file_there_is_changes_nothing(service: Service, owner: Client) -> None:
    assert send(owner, workbook(good_sheets())).status_code == 200
    before = owner.get("/organisation").json()
    example = EXAMPLE | {"zone": before["zone"]}
    for one in (owner, service.dispatcher, service.program("jobs.write")):
        assert one.post("/imports", example).status_code == 200
    assert owner.get("/organisation").json() == before
    dollars = example | {"policy": {"currency": "USD"}}
    for one, code in (
        (owner, "organisation.currency-held"),
        (service.dispatcher, "import.not-yours"),
    ):
        answer = one.post("/imports", dollars)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["findings"][0]["pointer"] == "/policy/currency"


def test_prices_are_edited_by_hand(service: Service, owner: Client) -> None:
    assert send(owner, workbook(good_sheets())).status_code == 200
    seen = {"If-Match": owner.get("/organisation").headers["ETag"]}
    wanted = {"policy": {"unserved_minor": {"1": 7}}}
    assert service.dispatcher.ask("PUT", "/organisation", json=wanted).status_code == 403
    manager = service.signed_in(Role.MANAGER)
    answer = manager.ask("PUT", "/organisation", json=wanted, headers=seen)
    assert answer.status_code == 200, answer.text
    assert answer.json()["policy"]["unserved_minor"]["1"] == 7
    assert answer.json()["policy"]["unserved_minor"]["2"] == 100_000
    assert manager.ask("PUT", "/organisation", json=wanted, headers=seen).status_code == 412
    assert manager.ask("PUT", "/organisation", json=wanted).status_code == 422
