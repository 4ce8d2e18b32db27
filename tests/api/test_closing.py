"""What is done is verified, settled or reopened over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest
from tests.api.clients import Client, Service
from tests.databases import OWNER, SetClock
from tests.planning.made import at

from dispatch.domain.role import Role
from dispatch.domain.states.visit import VisitState
from dispatch.store.jobs import follow_visits
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.technicians import TechnicianRow

LABOUR = {"text": "Labour", "unit_minor": 5_000}
YES = {"approve": True, "customer": "Mrs Li", "how": "phone"}
WINDOW = {"start": "2026-03-04T09:00:00+01:00", "end": "2026-03-04T12:00:00+01:00"}


@pytest.fixture
def jobs(city: Service) -> list[str]:
    """Two jobs that are completed."""
    with city.database.work(OWNER) as work:
        rows = [work.by_key(JobRow, key) for key in ("J1", "J2")]
        person = work.by_key(TechnicianRow, "T1")
        hours = person.shifts[0].id
        for hour, visit in enumerate([row.visits[0] for row in rows], 9):
            visit.state, visit.technician_id = VisitState.COMPLETED, person.id
            visit.shift_id, visit.place = hours, hour
            visit.arrive_at, visit.start_at, visit.end_at = at(hour), at(hour), at(hour + 1)
        follow_visits(work, rows)
        work.commit()
        return [str(row.id) for row in rows]


@pytest.fixture
def manager(city: Service) -> Client:
    return city.signed_in(Role.MANAGER)


def looked(client: Client, job: str) -> tuple[str, list[str]]:
    told = client.get(f"/jobs/{job}").json()
    return told["state"], told["actions"]


def actions_of(bill: httpx.Response) -> list[list[str]]:
    return [charge["actions"] for charge in bill.json()["charges"]]


def test_a_job_is_looked_at_and_closed(city: Service, jobs: list[str], manager: Client) -> None:
    desk, (job, _) = city.dispatcher, jobs
    assert looked(desk, job) == ("completed", ["verify", "reopen"])
    told = desk.edit(f"/jobs/{job}/verify", {"note": "Looked at the photos."})
    assert told.json()["actions"] == ["settle", "reopen"]
    assert told.headers["ETag"] == f'"{told.json()["version"]}"'
    for who in (desk, city.technician("T1")):
        denied = who.edit(f"/jobs/{job}/settle")
        assert (denied.status_code, denied.json()["code"]) == (403, "access.denied")
    key = {"Idempotency-Key": "settle-1"}
    for _ in range(2):
        told = manager.edit(f"/jobs/{job}/settle", headers=key)
        assert (told.status_code, told.json()["state"]) == (200, "settled")
    assert manager.edit(f"/jobs/{job}/settle").json()["code"] == "state.job"
    assert looked(desk, job) == ("settled", [])
    listed = desk.get("/jobs", params={"state": ["settled", "verified"]}).json()["items"]
    assert [entry["id"] for entry in listed] == [job]


def test_why_a_job_is_not_closed_is_told_in_ones_own_language(
    city: Service, jobs: list[str], manager: Client
) -> None:
    desk, (job, _) = city.dispatcher, jobs
    desk.edit(f"/jobs/{job}/verify", {})
    charge = desk.post(f"/jobs/{job}/charges", LABOUR).json()["charges"][0]["id"]
    assert manager.edit(f"/jobs/{job}/settle").json()["code"] == "job.charges-wait"
    assert actions_of(city.by_link(job).get("/link/bill")) == [["approve", "decline"]]
    desk.post(f"/charges/{charge}/decide", YES)
    assert actions_of(desk.get(f"/jobs/{job}/bill")) == [["reverse"]]
    assert actions_of(city.by_link(job).get("/link/bill")) == [[]]
    told = manager.edit(f"/jobs/{job}/settle", headers={"Accept-Language": "zh"})
    (finding,) = told.json()["findings"]
    assert (told.status_code, finding["code"]) == (409, "job.open-balance")
    assert finding["values"] == {"job": "J1", "amount": 5_000, "currency": "EUR"}
    assert "账单未结平" in finding["cause"]
    cash = {"method": "cash", "amount_minor": 5_000, "currency": "EUR"}
    payment = desk.post(f"/jobs/{job}/payments", cash).json()["payments"][0]["id"]
    assert manager.edit(f"/jobs/{job}/settle").status_code == 200
    for path, body in ((f"/jobs/{job}/charges", LABOUR), (f"/jobs/{job}/payments", cash)):
        assert desk.post(path, body).json()["code"] == "job.settled"
    assert manager.post(f"/charges/{charge}/reverse", {"why": "x"}).json()["code"] == "job.settled"
    assert actions_of(desk.get(f"/jobs/{job}/bill")) == [[]]
    assert actions_of(city.by_link(job).get("/link/bill")) == [[]]
    back = manager.post(f"/payments/{payment}/refund", {"why": "a scratch", "amount_minor": 500})
    assert (back.status_code, back.json()["open_minor"]) == (201, 500)
    assert looked(desk, job)[0] == "settled"


def test_a_job_is_reopened_once_however_often_it_is_asked(city: Service, jobs: list[str]) -> None:
    desk, (job, _) = city.dispatcher, jobs
    body = {"why": "It drips again.", "windows": [WINDOW]}
    for _ in range(2):
        told = desk.edit(f"/jobs/{job}/reopen", body, headers={"Idempotency-Key": "again-1"})
        assert told.status_code == 200
    found: dict[str, Any] = told.json()
    assert (found["state"], found["actions"], found["warnings"]) == (
        "in_progress",
        ["hold", "cancel"],
        [],
    )
    assert [(visit["part"], visit["state"]) for visit in found["visits"]] == [
        (0, "completed"),
        (1, "unscheduled"),
    ]
    assert found["said"]["windows"][0]["start"].startswith("2026-03-04T09:00")
    assert told.headers["ETag"] == f'"{found["version"]}"'
    given_up = desk.post(f"/jobs/{job}/cancel", {"why": "It is dry."}).json()
    assert (given_up["state"], given_up["actions"]) == ("completed", ["verify", "reopen"])


def test_no_code_is_given_for_what_is_over(city: Service, jobs: list[str], manager: Client) -> None:
    desk, (job, _) = city.dispatcher, jobs

    def refused() -> None:
        told = desk.post(f"/jobs/{job}/completion-code", headers={"Accept-Language": "zh"})
        (finding,) = told.json()["findings"]
        assert (told.status_code, finding["code"]) == (409, "job.over")
        assert "J1" in finding["cause"]

    refused()
    desk.edit(f"/jobs/{job}/reopen", {"why": "It drips again."})
    assert desk.post(f"/jobs/{job}/completion-code").status_code == 201
    desk.post(f"/jobs/{job}/cancel", {"why": "It is dry."})
    desk.edit(f"/jobs/{job}/verify", {})
    refused()
    assert manager.edit(f"/jobs/{job}/settle").status_code == 200
    refused()


def test_reopening_warns_of_jobs_that_wait_for_it(city: Service, jobs: list[str]) -> None:
    desk, (job, _) = city.dispatcher, jobs
    with city.database.work(OWNER) as work:
        waits, person = work.by_key(JobRow, "J3"), work.by_key(TechnicianRow, "T2")
        waits.said = {**waits.said, "dependencies": [{"job": "J1"}]}
        visit, hours = waits.visits[0], person.shifts[0].id
        visit.state, visit.technician_id = VisitState.SCHEDULED, person.id
        visit.shift_id, visit.place = hours, 1
        visit.arrive_at, visit.start_at, visit.end_at = at(9), at(9), at(10)
        work.commit()
    body = {"why": "It drips again.", "windows": [WINDOW]}
    told = desk.edit(f"/jobs/{job}/reopen", body, headers={"Accept-Language": "zh"})
    (warning,) = told.json()["warnings"]
    assert (warning["code"], warning["severity"]) == ("job.waited-for", "warning")
    assert warning["values"] == {"job": "J1", "jobs": "J3"}
    assert "J3 须等 J1" in warning["cause"]


def test_a_reason_has_to_be_given_and_past_windows_are_warned_of(
    city: Service, clock: SetClock, jobs: list[str]
) -> None:
    desk, (job, _) = city.dispatcher, jobs
    for body in ({}, {"why": ""}, {"why": " "}, {"why": "x", "windows": [WINDOW] * 21}):
        assert desk.edit(f"/jobs/{job}/reopen", body).status_code == 422, body
    clock.now = at(9)
    early = {"start": "2026-03-03T07:00:00+01:00", "end": "2026-03-03T08:00:00+01:00"}
    body = {"why": "x", "windows": [early]}
    told = city.dispatcher.edit(f"/jobs/{job}/reopen", body).json()
    assert [warning["code"] for warning in told["warnings"]] == ["job.past"]


def test_programs_verify_and_reopen_and_never_settle(city: Service, jobs: list[str]) -> None:
    program, (job, _) = city.program("jobs.read", "jobs.write"), jobs
    program.edit(f"/jobs/{job}/verify", {})
    assert city.dispatcher.get(f"/jobs/{job}").json()["state"] == "verified"
    assert program.edit(f"/jobs/{job}/settle").status_code == 403
    program.edit(f"/jobs/{job}/reopen", {"why": "It drips."})
    assert city.dispatcher.get(f"/jobs/{job}").json()["state"] == "in_progress"


def test_many_are_verified_settled_and_reopened(
    city: Service, jobs: list[str], manager: Client
) -> None:
    desk, (first, second) = city.dispatcher, jobs
    told = desk.post("/jobs/bulk", {"action": "verify", "jobs": jobs, "note": "All seen."}).json()
    assert (told["done"], told["refused"]) == (2, 0)
    charge = desk.post(f"/jobs/{second}/charges", LABOUR).json()["charges"][0]["id"]
    assert desk.post(f"/charges/{charge}/decide", YES).status_code == 200
    settle = {"action": "settle", "jobs": jobs}
    for who in (desk, city.program("jobs.write")):
        denied = who.post("/jobs/bulk", settle)
        assert (denied.status_code, denied.json()["code"]) == (403, "access.denied")
    assert looked(desk, first)[0] == "verified"
    items = manager.post("/jobs/bulk", settle).json()["items"]
    assert [item["code"] for item in items] == [None, "job.open-balance"]
    assert "5000 EUR" in items[1]["cause"]
    again = {"action": "reopen", "jobs": jobs, "why": "Recalled."}
    items = desk.post("/jobs/bulk", again).json()["items"]
    assert [item["code"] for item in items] == ["state.job", None]
    assert looked(desk, second)[0] == "in_progress"


def test_what_was_done_again_is_looked_at_again(
    city: Service, jobs: list[str], manager: Client
) -> None:
    desk, (job, _) = city.dispatcher, jobs
    read = desk.get(f"/jobs/{job}").json()
    desk.edit(f"/jobs/{job}/reopen", {"why": "It drips."})
    desk.post(f"/jobs/{job}/cancel", {"why": "It is dry."})
    assert looked(desk, job) == (read["state"], read["actions"])
    seen = {"If-Match": f'"{read["version"]}"'}
    stale = desk.post(f"/jobs/{job}/verify", {}, headers=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "store.stale")
    versions = {job: read["version"]}
    for verb, more in (("verify", {}), ("settle", {}), ("reopen", {"why": "x"})):
        many = {"action": verb, "jobs": [job], "versions": versions, **more}
        (item,) = manager.post("/jobs/bulk", many).json()["items"]
        assert item["code"] == "store.stale", verb
    assert looked(desk, job)[0] == "completed"
    assert desk.edit(f"/jobs/{job}/verify", {}).json()["state"] == "verified"


def test_nobody_closes_a_job_of_another_outlet(
    city: Service, jobs: list[str], manager: Client
) -> None:
    top = manager.get("/outlets").json()["items"][0]["id"]
    branch = UUID(manager.post("/outlets", {"id": "branch", "parent": top}).json()["id"])
    theirs = city.signed_in(Role.MANAGER, login="branch", outlets=(branch,))
    for verb, body in (("verify", {}), ("settle", None), ("reopen", {"why": "x"})):
        assert theirs.edit(f"/jobs/{jobs[0]}/{verb}", body).status_code == 404
    assert looked(manager, jobs[0])[0] == "completed"
