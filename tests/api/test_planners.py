"""However many ask for a plan and wait, everybody else is answered."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import anyio
import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from tests.api.clients import Client, Service
from tests.planning.made import day as made_day
from tests.planning.made import job

from dispatch.api import planners
from dispatch.api.routes import stateless
from dispatch.formats.day_json import DAY_JSON
from dispatch.solver.portfolio.cores import usable_cores

MANY = 45
"""More than there are threads for all requests."""


def test_as_many_plan_as_there_are_cores_some_wait_and_the_rest_are_told(
    city: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, go_on = city.program("solve.use").token, threading.Event()
    at_once, most, lock = [0], [0], threading.Lock()

    def solve(*_: object) -> stateless.Verdict:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        go_on.wait(30)
        with lock:
            at_once[0] -= 1
        return stateless.Verdict(ok=True, faults=[])

    monkeypatch.setattr(stateless, "_verify", solve)
    with TestClient(city.app) as http, ThreadPoolExecutor(MANY) as threads:
        client = Client(http, token)
        asked = [
            threads.submit(client.post, "/verify", {"day": {}, "plan": {}}) for _ in range(MANY)
        ]
        taken = usable_cores() + planners.WAITING
        while sum(one.done() for one in asked) < MANY - taken:
            assert go_on.wait(0.05) is False
        assert client.get("/me").status_code == 200
        busy = [one.result() for one in asked if one.done()]
        go_on.set()
        answers = [one.result() for one in asked]
    assert len(busy) == MANY - taken
    assert {one.json()["code"] for one in busy} == {"solve.busy"}
    assert all(one.headers["retry-after"] for one in busy)
    assert sorted(one.status_code for one in answers) == [200] * taken + [503] * len(busy)
    assert most[0] == usable_cores()


@pytest.mark.parametrize("ends", ["the server", "who asked"])
def test_who_no_longer_waits_keeps_no_core(ends: str) -> None:
    begun = threading.Event()

    def plan(called_off: planners.CalledOff) -> str:
        begun.set()
        while not called_off():
            assert not never.wait(0.01)
        return "the best by then"

    never = threading.Event()
    live = SimpleNamespace(closed=False)

    async def receive() -> dict[str, str]:
        while not (begun.is_set() and ends == "who asked"):
            live.closed = begun.is_set()
            await anyio.sleep(0.01)
        return {"type": "http.disconnect"}

    app = SimpleNamespace(state=SimpleNamespace(live=live))
    request = Request({"type": "http", "app": app}, receive)
    assert anyio.run(planners.in_turn, request, plan) == "the best by then"


def test_what_is_too_big_to_wait_for_is_for_a_run(
    city: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stateless, "MOST_JOBS", 1)
    day = DAY_JSON.document(made_day([job("J1"), job("J2")]))
    with TestClient(city.app) as http:
        client = Client(http, city.program("solve.use").token)
        for path, body in (("/solve", {"day": day}), ("/verify", {"day": day, "plan": {}})):
            answer = client.post(path, body)
            assert (answer.status_code, answer.json()["code"]) == (409, "solve.too-big")
