"""Boards told of as they change: in the order of the log, without a gap, to who may hear it."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import httpx
import pytest
from tests.api.clients import Client, Service
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk

from dispatch.api import live as live_module
from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.api.live import Live
from dispatch.cli.serving.live_server import LiveServer
from dispatch.domain.role import Role
from dispatch.store.database import Database
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow

DAY = DATE.isoformat()
OTHER_DAY = "2026-03-05"
PATIENCE_S = 20


@dataclass
class Told:
    """One event of a stream."""

    kind: str
    id: int
    data: dict[str, Any]


@dataclass
class Up:
    """A server with a real socket, so that a stream is one."""

    address: str
    live: Live
    server: LiveServer
    thread: Thread

    @contextmanager
    def stream(
        self, client: Client, day: str = DAY, last: int | None = None
    ) -> Generator[Iterator[Told]]:
        headers = {"Authorization": f"Bearer {client.token}"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        path = f"{self.address}/v1/boards/{day}/events"
        with httpx.stream("GET", path, headers=headers, timeout=PATIENCE_S) as answer:
            assert answer.status_code == 200, answer.read()
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield told(answer.iter_lines())


def told(lines: Iterator[str]) -> Iterator[Told]:
    said: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            continue
        if not line and said:
            yield Told(said["event"], int(said["id"]), json.loads(said["data"]))
            said = {}
        elif line:
            name, _, value = line.partition(": ")
            said[name] = value


def until_board(stream: Iterator[Told], version: int | None = None) -> list[Told]:
    """All that is told up to a board, of that version if one is wanted."""
    found = []
    for event in stream:
        found.append(event)
        if event.kind == "board" and version in {None, event.data["version"]}:
            return found
    raise AssertionError("the stream has ended")


@pytest.fixture
def up(city: Service) -> Generator[Up]:
    import uvicorn

    app = create_app(House(city.database, TRAVEL))
    app.state.live = live = Live(city.database, look_s=0.02, heartbeat_s=0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5)
        server = LiveServer(config, live)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield Up(f"http://127.0.0.1:{listening.getsockname()[1]}", live, server, thread)
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def visits(database: Database) -> dict[str, Any]:
    with database.work(OWNER) as work:
        return {key: work.by_key(JobRow, key).visits[0].id for key in ("J1", "J2", "J3", "J4")}


def published(database: Database) -> None:
    desk = Desk(database)
    desk.publish(desk.plan())


def test_what_happens_is_told_as_it_happens(up: Up, city: Service) -> None:
    desk = city.dispatcher
    with up.stream(desk) as stream:
        (first,) = until_board(stream)
        assert first.data == {"day": DAY, "version": 0}
        published(city.database)
        events = until_board(stream)
        changes = [event for event in events if event.kind == "visit"]
        assert {event.data["visit"] for event in changes} == {
            str(visit) for visit in visits(city.database).values()
        }
        assert all(event.data["changed"]["state"] == "scheduled" for event in changes)
        assert all("outlet_id" not in event.data["changed"] for event in changes)
        assert events[-1].data["version"] == desk.get(f"/boards/{DAY}").json()["version"]
        version = events[-1].data["version"]
        desk.edit(f"/visits/{visits(city.database)['J1']}/unassign", {})
        after = until_board(stream, version + 1)
        assert [event.kind for event in after] == ["visit", "board"]
        ids = [event.id for event in (*events, *after)]
        assert ids == sorted(ids)


def test_who_comes_back_has_missed_nothing(up: Up, city: Service) -> None:
    desk = city.dispatcher
    with up.stream(desk) as stream:
        (first,) = until_board(stream)
    published(city.database)
    with up.stream(desk, last=first.id) as stream:
        whole = until_board(stream)
    assert [event.kind for event in whole] == ["visit"] * 4 + ["board"]
    for number, event in enumerate(whole[:4], start=1):
        with up.stream(desk, last=event.id) as stream:
            rest = until_board(stream)
        assert [each.id for each in rest[:-1]] == [each.id for each in whole[number:4]]
    with up.stream(desk, last=10**9) as stream:
        assert [event.kind for event in until_board(stream)] == ["reset", "board"]


def test_who_missed_too_much_reads_the_board_again(
    up: Up, city: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dispatch.api.routes.live.MOST_BEHIND", 2)
    published(city.database)
    with up.stream(city.dispatcher, last=1) as stream:
        assert [event.kind for event in until_board(stream)] == ["reset", "board"]


def test_more_than_is_read_at_once_is_told_all_the_same(
    up: Up, city: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dispatch.operations.board.news.AT_ONCE", 2)
    with up.stream(city.dispatcher) as stream:
        (first,) = until_board(stream)
        published(city.database)
        live = [next(stream) for _ in range(5)]
    assert [event.kind for event in live].count("visit") == 4
    with up.stream(city.dispatcher, last=first.id) as stream:
        again = until_board(stream)
    assert len(again) == 5


def test_other_days_and_other_outlets_are_not_told(up: Up, city: Service) -> None:
    with city.database.work(OWNER) as work:
        other = OutletRow(key="other", name="Other", parent_id=root_of(work.session).id)
        work.session.add(other)
        renew_reach(work.session)
        work.commit()
    stranger = city.signed_in(Role.DISPATCHER, login="stranger", outlets=(other.id,))
    desk = city.dispatcher
    with (
        up.stream(stranger) as theirs,
        up.stream(desk, OTHER_DAY) as later,
        up.stream(desk) as ours,
    ):
        for stream in (theirs, later, ours):
            until_board(stream)
        published(city.database)
        version = until_board(ours)[-1].data["version"]
        # A board is everybody's; what its visits are is not.
        assert [event.kind for event in until_board(theirs, version)] == ["board"]
    with up.stream(stranger, last=0) as stream:
        assert [event.kind for event in until_board(stream)] == ["board"]
    with up.stream(desk, OTHER_DAY, last=0) as stream:
        assert "visit" not in [event.kind for event in until_board(stream)]


def test_a_visit_that_leaves_a_board_is_told_to_who_saw_it(up: Up, city: Service) -> None:
    published(city.database)
    desk, visit = city.dispatcher, visits(city.database)["J1"]
    with up.stream(desk) as stream:
        until_board(stream)
        with city.database.work(OWNER) as work:
            row = work.by_key(JobRow, "J1").visits[0]
            assert row.start_at is not None
            assert row.end_at is not None
            row.start_at, row.end_at, row.arrive_at = (
                moment.replace(day=9) for moment in (row.start_at, row.end_at, row.start_at)
            )
            work.note("visit.scheduled", row)
            work.commit()
        gone = next(stream)
        assert (gone.kind, gone.data["visit"]) == ("visit", str(visit))
        assert gone.data["changed"]["start"].startswith("2026-03-09")


def test_many_streams_look_once(up: Up, city: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = city.dispatcher
    with up.stream(desk) as one, up.stream(desk) as two, up.stream(desk) as three:
        for stream in (one, two, three):
            until_board(stream)
        before, begun = up.live.looks, time.monotonic()
        time.sleep(0.5)
        most = (time.monotonic() - begun) / 0.02 + 2
        assert 0 < up.live.looks - before <= most
        published(city.database)
        heard = [[event.id for event in until_board(stream)] for stream in (one, two, three)]
        assert heard[0] == heard[1] == heard[2]
        monkeypatch.setattr(live_module, "MOST_EACH", 3)
        full = desk_asks(up, desk)
        assert (full.status_code, full.json()["code"]) == (503, "live.full")


def desk_asks(up: Up, client: Client) -> httpx.Response:
    headers = {"Authorization": f"Bearer {client.token}"}
    return httpx.get(f"{up.address}/v1/boards/{DAY}/events", headers=headers)


def test_nobody_looks_when_nobody_listens(up: Up, city: Service) -> None:
    with up.stream(city.dispatcher) as stream:
        until_board(stream)
    end = time.monotonic() + PATIENCE_S
    while up.live._ears and time.monotonic() < end:
        time.sleep(0.02)
    assert not up.live._ears
    time.sleep(0.2)
    before = up.live.looks
    time.sleep(0.2)
    assert up.live.looks == before


@pytest.mark.parametrize("how", ["expired", "signed out", "shut down"])
def test_a_stream_ends(up: Up, city: Service, clock: SetClock, how: str) -> None:
    desk = city.dispatcher
    with up.stream(desk) as stream:
        until_board(stream)
        if how == "expired":
            clock.forward(minutes=16)
        elif how == "signed out":
            desk.post("/sign-out")
        else:
            up.server.should_exit = True
        assert list(stream) == []


def test_a_busy_stream_ends_too_when_its_reader_signs_out(up: Up, city: Service) -> None:
    """It hears something before each heartbeat would be due."""
    desk, other = city.dispatcher, city.signed_in(Role.MANAGER)
    job = other.get("/jobs").json()["items"][0]["id"]
    with up.stream(desk) as stream:
        until_board(stream)
        desk.post("/sign-out")
        end = time.monotonic() + PATIENCE_S
        heard = Thread(target=lambda: list(stream))
        heard.start()
        while heard.is_alive() and time.monotonic() < end:
            for what in ("hold", "resume"):
                assert other.post(f"/jobs/{job}/{what}", {"why": "x"}).status_code == 200
        assert not heard.is_alive()


@pytest.mark.parametrize("how", ["signed out", "shut down"])
def test_a_stream_of_a_run_ends(up: Up, city: Service, how: str) -> None:
    desk = city.dispatcher
    run = desk.post("/runs", {"day": DAY, "seconds": 5}).json()["id"]
    headers = {"Authorization": f"Bearer {desk.token}"}
    path = f"{up.address}/v1/runs/{run}/progress"
    with httpx.stream("GET", path, headers=headers, timeout=PATIENCE_S) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "event: run"
        if how == "signed out":
            desk.post("/sign-out")
        else:
            up.server.should_exit = True
        assert list(lines)[-1] == ""


def test_streams_of_runs_count_as_well(
    up: Up, city: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "MOST_EACH", 1)
    desk = city.dispatcher
    run = desk.post("/runs", {"day": DAY, "seconds": 5}).json()["id"]
    headers = {"Authorization": f"Bearer {desk.token}"}
    path = f"{up.address}/v1/runs/{run}/progress"
    with httpx.stream("GET", path, headers=headers, timeout=PATIENCE_S) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "event: run"
        full = httpx.get(path, headers=headers, timeout=PATIENCE_S)
        assert (full.status_code, full.json()["code"]) == (503, "live.full")


@pytest.mark.parametrize("last", ["-1", "x", "1e9", str(2**70), "1 OR 1=1"])
def test_a_number_that_is_none_is_refused(city: Service, last: str) -> None:
    answer = city.dispatcher.get(f"/boards/{DAY}/events", headers={"Last-Event-ID": last})
    assert answer.status_code == 422
