"""However many ask for a plan and wait, everybody else is answered."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from tests.api.clients import Client, Service

from dispatch.api import planners
from dispatch.api.routes import stateless
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
