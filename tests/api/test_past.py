"""A job all of whose windows are in the past is taken in, and one is told so."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.clients import Service
from tests.databases import OWNER, SetClock
from tests.planning.made import at, job, window
from tests.planning.made import day as made_day

from dispatch.domain.job import Job
from dispatch.domain.role import Role
from dispatch.domain.states.job import JobState
from dispatch.domain.window import WindowKind
from dispatch.formats.day_json import DAY_JSON
from dispatch.store.rows.jobs import JobRow


def document(given: Job) -> dict[str, Any]:
    found: dict[str, Any] = DAY_JSON.document(made_day([given]))["jobs"][0]
    return found


def codes(answer: Any) -> list[str]:
    assert answer.status_code in {200, 201}, answer.text
    return [warning["code"] for warning in answer.json()["warnings"]]


@pytest.mark.parametrize(
    ("windows", "doubted"),
    [
        ((window(8, 9), window(10, 11)), ["job.past"]),
        ((window(8, 9), window(13, 14)), []),
        ((window(10, 12),), []),  # it may begin until now
        ((), []),
        ((window(8, 9, WindowKind.PREFERRED),), []),
    ],
)
def test_it_is_taken_in_with_a_warning(
    city: Service, clock: SetClock, windows: Any, doubted: list[str]
) -> None:
    clock.now = at(12)
    given = {"job": document(job("J-new", windows=windows))}
    for _ in range(2):  # sent again it is answered as before
        answer = city.dispatcher.post("/jobs", given, headers={"Idempotency-Key": "one"})
        assert codes(answer) == doubted
    assert answer.json()["state"] == "open"


def test_an_edit_is_told_and_in_ones_own_language(city: Service, clock: SetClock) -> None:
    clock.now = at(12)
    desk = city.dispatcher
    made = desk.post("/jobs", {"job": document(job("J-new"))})
    path = f"/jobs/{made.json()['id']}"
    past = {"job": document(job("J-new", windows=(window(8, 9),)))}
    headers = {"If-Match": made.headers["ETag"], "Accept-Language": "zh"}
    answer = desk.ask("PUT", path, json=past, headers=headers)
    assert codes(answer) == ["job.past"]
    (warning,) = answer.json()["warnings"]
    assert "预约时段" in warning["cause"]
    assert warning["values"] == {"job": "J-new", "end": "2026-03-03T09:00:00+01:00"}
    assert "warnings" not in desk.get(path).json()


def test_an_import_says_which_wait_for_a_time_that_is_over(city: Service, clock: SetClock) -> None:
    clock.now = at(12)
    jobs = [
        job("H1", windows=(window(13, 14),)),
        job("H2", windows=(window(8, 9),)),
        job("H3", windows=(window(8, 9),)),
    ]
    day, owner = DAY_JSON.document(made_day(jobs)), city.signed_in(Role.OWNER)
    for asked in ("/imports?preview=true", "/imports"):
        told = owner.post(asked, day).json()["warnings"]
        past = [entry["pointer"] for entry in told if entry["code"] == "job.past"]
        assert past == ["/jobs/1/windows", "/jobs/2/windows"]
    with city.database.work(OWNER) as work:
        work.by_key(JobRow, "H3").state = JobState.CANCELLED
        work.commit()
    again = owner.post("/imports", day).json()["warnings"]
    past = [entry["pointer"] for entry in again if entry["code"] == "job.past"]
    assert past == ["/jobs/1/windows"]
