"""What a server is made of: a port, a worker that is always there, lines of JSON, a demo."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select
from tests.databases import OWNER
from tests.proofs.clients import Person
from tests.proofs.load import day_of
from tests.proofs.processes import wait_until
from tests.proofs.server import TRUST, Server

from dispatch.cli.serving import demo_record as demo_module
from dispatch.cli.serving import helper
from dispatch.cli.serving.demo_record import NAMES, demo_record
from dispatch.cli.serving.helper import Helper
from dispatch.cli.serving.logs import JsonLines
from dispatch.cli.serving.port import listen
from dispatch.demo.day import demo_day
from dispatch.demo.moved import moved
from dispatch.demo.sizes import SIZES
from dispatch.domain.states.run import RunState
from dispatch.errors import Unavailable
from dispatch.formats.day_json import DAY_JSON
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.operations.accounts.who import identify
from dispatch.planning.check import accept_day
from dispatch.store.database import Database
from dispatch.store.embedded import SUPERUSER, Embedded
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.plans import RunRow

PATIENCE_S = 30
SLEEPS = [sys.executable, "-c", "import sys; sys.stdin.buffer.read()"]


def test_a_port_that_somebody_has_is_refused() -> None:
    with listen("127.0.0.1", 0) as first:
        assert isinstance(first, socket.socket)
        with pytest.raises(Unavailable) as refused:
            listen("127.0.0.1", first.getsockname()[1])
    assert refused.value.code == "serve.port"


async def _takes_small_packets_at_once(port: socket.socket) -> bool:
    """As asyncio has it for whoever connects to a port."""
    found = asyncio.get_running_loop().create_future()

    def see(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs = writer.get_extra_info("socket")
        found.set_result(theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    server = await asyncio.start_server(see, sock=port)
    async with server:
        _, writer = await asyncio.open_connection(*port.getsockname()[:2])
        seen = await found
        writer.close()
        await writer.wait_closed()
    return bool(seen)


def test_no_answer_waits_for_the_client_to_acknowledge_its_head() -> None:
    assert asyncio.run(_takes_small_packets_at_once(listen("127.0.0.1", 0)))
    with_no_protocol = socket.socket()
    with_no_protocol.bind(("127.0.0.1", 0))
    assert not asyncio.run(_takes_small_packets_at_once(with_no_protocol)), "then nobody need ask"


def test_a_worker_that_dies_is_replaced_and_ends_with_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(helper, "COMMAND", SLEEPS)
    monkeypatch.setattr(helper, "AGAIN_S", 0.01)
    with Helper() as kept:
        first = kept._process
        assert first is not None
        first.kill()
        end = time.monotonic() + PATIENCE_S
        while kept._process is first and time.monotonic() < end:
            time.sleep(0.01)
        second = kept._process
        assert second is not None
        assert second is not first
    assert second.wait(PATIENCE_S) != 0


def test_a_worker_ends_when_its_server_is_killed() -> None:
    program = "from dispatch.cli.serving.attached import end_with_parent as end; end()\n"
    program += "import time; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE_S) != 0


def test_the_log_is_lines_of_json() -> None:
    def line(message: str) -> dict[str, object]:
        record = logging.LogRecord("dispatch.x", logging.INFO, "", 0, message, None, None)
        said: dict[str, object] = json.loads(JsonLines().format(record))
        return said

    assert line("all is\nwell")["message"] == "all is\nwell"
    assert line('{"route": "jobs.list"}')["route"] == "jobs.list"


def test_a_demo_is_filled_once_and_its_people_can_sign_in(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "var" / "logins.json"
    demo = demo_record(database, file, size="small", seed=1)
    assert demo.day == database.clock().date() + timedelta(days=1)
    assert set(demo.logins) == set(NAMES.values())
    assert file.stat().st_mode & 0o077 == 0
    for role, login in NAMES.items():
        tokens = sign_in(database, login, demo.logins[login])
        assert identify(database, tokens.access).role is role
    again = demo_record(database, file, size="city", seed=2)
    assert again == demo
    with database.work(OWNER) as work:
        assert work.session.scalar(select(func.count()).select_from(JobRow)) == 60


def test_a_demo_that_was_ended_among_its_accounts_makes_the_rest(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "logins.json"
    made = iter([demo_module.create_account])

    def ended(*given: Any, **named: Any) -> Any:
        return next(made)(*given, **named)

    monkeypatch.setattr(demo_module, "create_account", ended)
    with pytest.raises(StopIteration):
        demo_record(database, file, size="small", seed=1)
    monkeypatch.undo()
    demo = demo_record(database, file, size="small", seed=1)
    for login, password in demo.logins.items():
        sign_in(database, login, password)


@pytest.mark.parametrize("to", [date(2026, 11, 29), date(2026, 10, 25), date(2028, 2, 29)])
def test_a_day_on_another_date_is_the_same_by_the_clock(to: date) -> None:
    day = demo_day(SIZES["small"], 1)
    other = moved(day, to)
    accept_day(other)
    assert other.start.astimezone(day.zone_info).date() == to
    assert moved(other, day.start.astimezone(day.zone_info).date()) == day
    for before, after in zip(day.technicians, other.technicians, strict=True):
        for one, two in zip(before.shifts, after.shifts, strict=True):
            assert one.start.timetz().replace(tzinfo=None) == two.start.timetz().replace(
                tzinfo=None
            )


SLOW = """
import time
from pathlib import Path
from dispatch.store.database import Database
from dispatch.store.embedded import SUPERUSER, Embedded
check = Database.check
def slow(self):
    check(self)
    if Path("slow").exists():
        Path("asked").touch()
        time.sleep(3)
Database.check = slow
"""


@pytest.mark.slow
def test_a_server_that_is_asked_to_end_answers_lets_listeners_go_and_gives_its_run_back(
    tmp_path: Path,
) -> None:
    def listen_on(run: str, heard: Event) -> list[str]:
        headers = {"Authorization": f"Bearer {lena.token}"}
        where = f"{server.address}/v1/runs/{run}/progress"
        with httpx.stream("GET", where, headers=headers, timeout=PATIENCE_S, verify=TRUST) as told:
            lines = []
            for line in told.iter_lines():
                heard.set()
                lines.append(line)
        return lines

    server = Server(tmp_path, planted=SLOW)
    server.start()
    embedded = Embedded(server.record)
    database = Database(embedded.url(SUPERUSER))
    plannable = DAY_JSON.document(demo_day(SIZES["small"], 1))
    with ThreadPoolExecutor(3) as threads:
        lena = Person(server, "lena", server.logins["lena"])
        day = day_of(lena, lena.get("/jobs")["items"][0])
        planned = threads.submit(lena.post, "/solve", {"day": plannable, "seconds": 60})
        run = lena.post("/runs", {"day": day, "seconds": 300}).answer["id"]
        wait_until(lambda: lena.get(f"/runs/{run}")["phase"] != "")
        heard = Event()
        stream = threads.submit(listen_on, run, heard)
        (tmp_path / "slow").touch()
        asked = threads.submit(httpx.get, f"{server.address}/readyz", timeout=60, verify=TRUST)
        wait_until(lambda: heard.is_set() and (tmp_path / "asked").exists())
        assert server.stop() == 0
        assert asked.result().json() == {"status": "ok"}
        assert stream.result()[0] == "event: run"
        assert planned.result().answer["status"] == "interrupted"
    with database.work(OWNER) as work:
        given_back = work.get(RunRow, UUID(run))
        assert given_back.state is RunState.QUEUED
        assert given_back.worker is None
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.address, verify=TRUST)
    assert "exceeded" not in (tmp_path / "server.log").read_text()
    database.close()
    embedded.close()
    assert server.left_over() == []
