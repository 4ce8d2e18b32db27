"""Photos over HTTP: known by what is in them, seen by whom they concern, and safe to look at."""

from __future__ import annotations

import csv
import hashlib
import logging
import socket
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from time import sleep
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from sqlalchemy import func, select
from tests.api.clients import Client, Service
from tests.api.direct import direct_client
from tests.databases import OWNER
from tests.operations.boards import TRAVEL
from tests.pictures import TAKEN, photo, png
from tests.planning.made import at, spot

from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.domain.role import Role
from dispatch.domain.states.visit import VisitState
from dispatch.formats.pictures import MOST_BYTES
from dispatch.store.files import Files
from dispatch.store.ids import new_id
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.evidence import EvidenceRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture
def visit(city: Service) -> UUID:
    """One that the first technician has begun to work at."""
    with city.database.work(OWNER) as work:
        row = work.by_key(JobRow, "J1").visits[0]
        owner = work.by_key(TechnicianRow, "T1")
        row.state, row.technician_id, row.shift_id = (
            VisitState.IN_PROGRESS,
            owner.id,
            owner.shifts[0].id,
        )
        row.place, row.arrive_at, row.start_at, row.end_at = 0, at(9), at(9), at(10)
        work.commit()
        return row.id


@pytest.fixture
def phone(city: Service) -> Client:
    return city.technician("T1")


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def kept(service: Service) -> int:
    with service.database.work(OWNER) as work:
        return work.session.scalar(select(func.count()).select_from(EvidenceRow)) or 0


def test_a_photo_is_sent_found_and_seen(city: Service, phone: Client, visit: UUID) -> None:
    content = photo(taken=TAKEN, position=spot(10))
    sent = phone.send(visit, content, device="phone-1", sequence=3)
    assert sent.status_code == 201, sent.text
    told = sent.json()
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert (told["lat"], told["sequence"], told["media"]) == (0.0, 3, "image/jpeg")
    assert phone.send(visit, content).json() == told
    for client, start, of in (
        (phone, "/me", f"/me/visits/{visit}/evidence"),
        (city.dispatcher, "", f"/visits/{visit}/evidence"),
        (city.dispatcher, "", "/evidence"),
    ):
        assert client.get(of).json()["items"] == [told]
        seen = client.get(f"{start}/evidence/{told['id']}/picture")
        assert seen.status_code == 200
        assert b"Exif" not in seen.content
        assert seen.content.startswith(b"\xff\xd8\xff")


def test_what_is_shown_is_safe_to_look_at(city: Service, phone: Client, visit: UUID) -> None:
    made = phone.send(visit, photo() + HTML, declared="text/html").json()["id"]
    seen = city.dispatcher.get(f"/evidence/{made}/picture")
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert seen.headers["content-disposition"] == f'inline; filename="{made}.jpg"'
    assert seen.headers["cache-control"] == "private, no-store"
    assert "sandbox" in seen.headers["content-security-policy"]
    assert HTML not in seen.content
    raw = city.signed_in(Role.OWNER).get(f"/evidence/{made}/original")
    assert raw.content == photo() + HTML
    assert raw.headers["content-type"] == "application/octet-stream"
    assert raw.headers["x-content-type-options"] == "nosniff"
    assert raw.headers["content-disposition"].startswith("attachment;")
    assert raw.headers["cache-control"] == "private, no-store"
    assert "sandbox" in raw.headers["content-security-policy"]
    assert city.dispatcher.get(f"/evidence/{made}/original").status_code == 403


@pytest.mark.parametrize(
    "declared",
    ["image/jpeg", "image/svg+xml", "text/html", "application/octet-stream", "x", "a" * 500],
)
def test_a_picture_is_one_whatever_it_is_called(
    city: Service, phone: Client, visit: UUID, declared: str
) -> None:
    assert phone.send(visit, photo(), declared=declared).status_code == 201
    for content in (SVG, HTML, zip_bomb()):
        refused = phone.send(visit, content, declared=declared)
        assert code_of(refused) == (422, "picture.kind")
    assert kept(city) == 1


def zip_bomb() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", b"\0" * 10_000_000)
    return made.getvalue()


def test_what_is_too_large_is_refused_before_anybody_looks(
    city: Service, phone: Client, visit: UUID
) -> None:
    assert code_of(phone.send(visit, png(10_000, 10_000))) == (422, "picture.pixels")
    assert code_of(phone.send(visit, b"\0" * (MOST_BYTES + 1))) == (422, "picture.size")
    for content in (b"\0" * (MOST_BYTES + 2), iter([b"\0" * 2**20] * 14)):
        assert code_of(phone.send(visit, content)) == (413, "request.too-long")
    assert code_of(phone.send(visit, b"")) == (422, "picture.size")
    assert code_of(phone.send(visit, photo()[:-200])) == (422, "picture.damaged")
    assert kept(city) == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "video"},
        {"kind": ""},
        {"sha256": "x"},
        {"sha256": "0" * 64},
        {"device": "phone-1"},
        {"sequence": "3"},
        {"device": "phone-1", "sequence": "0"},
        {"device": " ", "sequence": "1"},
        {"device": "phone-1", "sequence": str(2**70)},
    ],
    ids=str,
)
def test_what_is_said_of_it_has_to_make_sense(
    city: Service, phone: Client, visit: UUID, asked: dict[str, str]
) -> None:
    refused = phone.send(visit, photo(), **asked)
    assert refused.status_code == 422
    assert kept(city) == 0


def test_two_who_send_at_once(city: Service, phone: Client, visit: UUID) -> None:
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda turn: phone.send(visit, photo(turn % 2)), range(8)))
    assert {answer.status_code for answer in found} == {201}
    assert len({answer.json()["id"] for answer in found}) == kept(city) == 2


def test_a_photo_for_somebody_elses_visit_is_kept_and_shown_to_a_dispatcher(
    city: Service, phone: Client, visit: UUID
) -> None:
    other = city.technician("T2")
    made = other.send(visit, photo())
    assert (made.status_code, made.json()["flags"]) == (201, ["not-yours"])
    phone.send(visit, photo(2))
    flagged = city.dispatcher.get("/evidence?flagged=true").json()["items"]
    assert [item["id"] for item in flagged] == [made.json()["id"]]
    assert phone.get(f"/me/evidence/{made.json()['id']}/picture").status_code == 404
    assert len(other.get(f"/me/visits/{visit}/evidence").json()["items"]) == 1
    assert other.send(new_id(), photo(3)).json()["visit"] is None


def test_another_outlet_sees_nothing_of_it(city: Service, phone: Client, visit: UUID) -> None:
    from dispatch.store.reach import renew_reach, root_of
    from dispatch.store.rows.outlets import OutletRow

    with city.database.work(OWNER) as work:
        other = OutletRow(key="other", name="Other", parent_id=root_of(work.session).id)
        work.session.add(other)
        renew_reach(work.session)
        work.commit()
    made = phone.send(visit, photo()).json()["id"]
    complete(phone, visit, photos=[hashlib.sha256(photo()).hexdigest()])
    stranger = city.signed_in(Role.MANAGER, login="stranger", outlets=(other.id,))
    for path in (
        f"/evidence/{made}/picture",
        f"/evidence/{made}/original",
        f"/visits/{visit}/evidence",
        f"/visits/{visit}/completion",
    ):
        assert stranger.get(path).status_code == 404, path
        assert city.signed_in(Role.MANAGER).get(path).status_code == 200, path
    for path in ("/evidence", "/completions"):
        assert stranger.get(path).json()["items"] == [], path
        assert len(city.dispatcher.get(path).json()["items"]) == 1, path
    with city.database.work(OWNER) as work:
        job = work.by_key(JobRow, "J1").id
    assert stranger.post(f"/jobs/{job}/completion-code").status_code == 404
    told = stranger.get("/exports/parts?day=2026-03-03").text.splitlines()
    assert len(told) == 1  # headings


def complete(phone: Client, visit: UUID, sequence: int = 1, **shown: Any) -> dict[str, Any]:
    said = {"sequence": sequence, "kind": "complete", "visit": str(visit), **shown}
    said["happened_at"] = "2026-03-03T09:00:00+01:00"
    batch = {"device": "phone-1", "sent_at": said["happened_at"], "actions": [said]}
    (answer,) = phone.post("/me/actions", batch).json()
    found: dict[str, Any] = answer
    return found


def test_a_completion_waits_for_what_it_has_named(
    city: Service, phone: Client, visit: UUID
) -> None:
    named = hashlib.sha256(photo()).hexdigest()
    parts = [{"part": "=cmd()", "quantity": 2}]
    assert complete(phone, visit, photos=[named], parts=parts)["outcome"] == "applied"
    waiting = city.dispatcher.get("/completions?awaited=true").json()["items"]
    assert [item["awaited"] for item in waiting] == [[named]]
    phone.send(visit, photo())
    assert city.dispatcher.get("/completions?awaited=true").json()["items"] == []
    found = city.dispatcher.get(f"/visits/{visit}/completion").json()
    assert (found["files"], found["awaited"]) == ([named], [])
    assert found["parts"] == [{"part": "=cmd()", "quantity": 2, "serial": ""}]
    told = city.dispatcher.get("/exports/visits?day=2026-03-03")
    assert "Files not arrived" in told.text.splitlines()[0]


def test_a_program_reads_what_was_done_and_not_what_shows_it(
    city: Service, phone: Client, visit: UUID
) -> None:
    with city.database.work(OWNER) as work:
        work.get(VisitRow, visit).began_at = at(6.5)
        work.commit()
    named = hashlib.sha256(photo()).hexdigest()
    sent = phone.send(visit, photo()).json()["id"]
    shown = {"photos": [named], "checklist": {"leaks": "none"}, "parts": [{"part": "valve"}]}
    assert complete(phone, visit, **shown)["outcome"] == "applied"
    program = city.program("completions.read")
    found = program.get(f"/visits/{visit}/completion").json()
    assert program.get("/completions").json()["items"] == [found]
    assert (found["checklist"], found["files"]) == ({"leaks": "none"}, [named])
    assert found["parts"] == [{"part": "valve", "quantity": 1, "serial": ""}]
    assert found["began"] == "2026-03-03T05:30:00Z"
    for path in (f"/visits/{visit}/evidence", f"/evidence/{sent}/picture", "/evidence"):
        assert program.get(path).status_code == 403, path


def test_boards_routes_and_tables_tell_when_a_visit_began_and_ended(
    city: Service, phone: Client, visit: UUID
) -> None:
    with city.database.work(OWNER) as work:
        work.get(VisitRow, visit).began_at = at(6.5 - 24)
        work.commit()
    assert complete(phone, visit)["outcome"] == "applied"
    done = city.dispatcher.get(f"/visits/{visit}/completion").json()["at"]
    board = city.dispatcher.get("/boards/2026-03-03").json()
    on_board = [one for route in board["routes"] for one in route["visits"]]
    stops = phone.get("/me/route?day=2026-03-03").json()["stops"]
    shown = [
        *(one for one in on_board if one["id"] == str(visit)),
        *(one for one in stops if one["visit"] == str(visit)),
        city.dispatcher.get(f"/visits/{visit}").json(),
    ]
    assert [(one["began"], one["ended"]) for one in shown] == 3 * [("2026-03-02T05:30:00Z", done)]
    others = [one for one in on_board if one["id"] != str(visit)]
    assert [one["ended"] for one in others] == [None] * len(others)
    table = city.dispatcher.get("/exports/visits?day=2026-03-03").text
    heading, *lines = csv.reader(table.splitlines())
    ended = [line[heading.index("Actual end")] for line in lines]
    assert [moment != "" for moment in ended] == [line[-1] == str(visit) for line in lines]


def test_answers_of_somebody_of_another_outlet_are_read_with_the_completion(
    city: Service, phone: Client, visit: UUID
) -> None:
    with city.database.work(OWNER) as work:
        other = OutletRow(key="other", parent_id=root_of(work.session).id)
        work.session.add(other)
        renew_reach(work.session)
        row = work.get(VisitRow, visit)
        row.outlet_id = row.job.outlet_id = other.id
        work.commit()
        outlet = other.id
    assert complete(phone, visit, checklist={"leaks": "none"})["outcome"] == "applied"
    desk = city.signed_in(Role.DISPATCHER, login="other", outlets=(outlet,))
    (found,) = desk.get("/completions").json()["items"]
    assert (found["checklist"], found["visit"]) == ({"leaks": "none"}, str(visit))
    assert desk.get(f"/visits/{visit}/completion").json() == found


def test_a_code_is_demanded_given_and_told_once(
    city: Service, phone: Client, visit: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    manager = city.signed_in(Role.MANAGER)
    (found,) = manager.get("/job-types").json()["items"]
    assert found["demands"] == {"confirmation": "none", "photos": 0, "scan": "none"}
    template = {
        "job_type": {"id": found["key"], "duration_s": 3_600},
        "demands": {"confirmation": "code", "photos": 1},
    }
    tag = {"If-Match": f'"{found["version"]}"'}
    changed = manager.ask("PUT", f"/job-types/{found['id']}", json=template, headers=tag)
    assert changed.json()["demands"] == {"confirmation": "code", "photos": 1, "scan": "none"}
    stops = phone.get("/me/route?day=2026-03-03").json()["stops"]
    assert stops[0]["demands"]["confirmation"] == "code"
    assert "pause" in stops[0]["actions"]
    with city.database.work(OWNER) as work:
        job = work.by_key(JobRow, "J1").id
    with caplog.at_level(logging.DEBUG):
        given = city.dispatcher.post(f"/jobs/{job}/completion-code")
        assert given.headers["cache-control"] == "no-store"
        code = given.json()["code"]
        shown = {"photos": ["a" * 64], "code": code}
        assert complete(phone, visit, 1, photos=["a" * 64])["reason"] == "action.code"
        assert complete(phone, visit, 2, **shown)["outcome"] == "applied"
    assert f'"{code}"' not in caplog.text
    assert phone.post(f"/jobs/{job}/completion-code").status_code == 403


@pytest.mark.parametrize(
    "demands", [{"photos": -1}, {"photos": 51}, {"scan": "x"}, {"photos": None}]
)
def test_what_cannot_be_demanded_is_refused(city: Service, demands: dict[str, Any]) -> None:
    template = {"job_type": {"id": "other", "duration_s": 60}, "demands": demands}
    assert city.signed_in(Role.OWNER).post("/job-types", template).status_code == 422


def test_a_service_without_a_folder_takes_no_files(city: Service, visit: UUID) -> None:

    http = direct_client(create_app(House(city.database, TRAVEL)))
    phone = Client(http, city.technician("T1").token)
    assert code_of(phone.send(visit, photo())) == (404, "files.none")


@pytest.fixture
def address(city: Service, tmp_path: Any) -> Iterator[tuple[str, int]]:
    """Of the same service behind a real socket."""
    app = create_app(House(city.database, TRAVEL, files=Files(tmp_path / "evidence")))
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        host, port = listening.getsockname()
        yield host, port
        server.should_exit = True
        thread.join(20)


@pytest.mark.parametrize("part", [0.0, 0.5, 0.99])
def test_who_is_cut_off_while_sending_leaves_no_trace(
    city: Service,
    visit: UUID,
    address: tuple[str, int],
    caplog: pytest.LogCaptureFixture,
    part: float,
) -> None:
    content, token = photo(size=(400, 300)), city.technician("T1").token
    head = (
        f"POST /v1/me/visits/{visit}/evidence?kind=photo HTTP/1.1\r\nHost: here\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with caplog.at_level(logging.INFO):
        with socket.create_connection(address) as line:
            line.sendall(head.encode() + content[: int(len(content) * part)])
            sleep(0.2)
        sleep(0.5)
        assert kept(city) == 0
        with socket.create_connection(address) as line:
            line.sendall(head.encode() + content)
            assert line.recv(12) == b"HTTP/1.1 201"
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert kept(city) == 1


def test_no_place_of_a_photo_is_in_the_log(
    city: Service, phone: Client, visit: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        phone.send(visit, photo(position=spot(12.5, 33.25)))
    assert "0.125" not in caplog.text
    assert "0.3325" not in caplog.text
    with city.database.work(OWNER) as work:
        query = select(EventRow.after).where(EventRow.kind == "evidence.received")
        assert work.session.scalars(query).one()["lat"] == 0.3325


def test_a_large_photo_is_taken(city: Service, phone: Client, visit: UUID) -> None:
    assert phone.send(visit, photo(size=(4_000, 3_000), quality=60)).status_code == 201
