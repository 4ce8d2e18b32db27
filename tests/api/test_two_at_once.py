"""Two at once: nobody overwrites what they have not seen; a request that races itself is one."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.api.clients import Client, Service
from tests.databases import OWNER
from tests.operations.boards import TRAVEL, WORKER

from dispatch.domain.role import Role
from dispatch.store.rows.events import EventRow
from dispatch.worker.planning import plan_runs

ROUNDS = 5
SENDERS = 16
DAY = "2026-03-03"


def race(*wishes: Any) -> list[Any]:
    """All at the same moment, each in a thread of its own."""
    barrier = Barrier(len(wishes))

    def wish(one: Any) -> Any:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(wishes)) as threads:
        return list(threads.map(wish, wishes))


def events(service: Service, kind: str) -> int:
    with service.database.work(OWNER) as work:
        query = select(func.count()).select_from(EventRow).where(EventRow.kind == kind)
        return work.session.scalar(query) or 0


def two_dispatchers(city: Service) -> tuple[Client, Client]:
    lena, omar = (city.signed_in(Role.DISPATCHER, login=name) for name in ("lena", "omar"))
    return lena, omar


def edit(client: Client, method: str, path: str, body: Any, tag: str) -> Any:
    return client.ask(method, path, json=body, headers={"If-Match": tag})


def exactly_one_wins(answers: list[Any]) -> Any:
    """The other hears that it has not seen the newest, and of two no third thing happens."""
    assert sorted(answer.status_code for answer in answers) == [200, 412], [
        answer.text for answer in answers
    ]
    return next(answer for answer in answers if answer.status_code == 200)


def test_of_two_who_edit_a_job_one_wins_and_the_other_is_told(city: Service) -> None:
    lena, omar = two_dispatchers(city)
    job = lena.get("/jobs").json()["items"][0]
    path, given = f"/jobs/{job['id']}", {"id": job["key"], "type": job["type"]}
    for number in range(ROUNDS):
        tag = lena.get(path).headers["ETag"]
        bodies = [
            {"job": {**given, "site": job["site"], "name": f"{who} {number}"}}
            for who in ("lena", "omar")
        ]
        won = exactly_one_wins(
            race(
                lambda tag=tag, body=bodies[0]: edit(lena, "PUT", path, body, tag),
                lambda tag=tag, body=bodies[1]: edit(omar, "PUT", path, body, tag),
            )
        )
        assert omar.get(path).json()["name"] == won.json()["name"]
        assert omar.get(path).headers["ETag"] == won.headers["ETag"]


def test_of_two_who_edit_an_account_one_wins_and_the_other_is_told(city: Service) -> None:
    one, two = (city.signed_in(Role.OWNER, login=name) for name in ("olivia", "oscar"))
    new = {"login": "new", "role": "dispatcher", "password": "x" * 20, "whole_network": True}
    made = one.post("/accounts", new)
    path = f"/accounts/{made.json()['id']}"
    for number in range(ROUNDS):
        tag = one.get(path).headers["ETag"]
        won = exactly_one_wins(
            race(
                lambda tag=tag, name=f"one {number}": edit(one, "PATCH", path, {"name": name}, tag),
                lambda tag=tag, name=f"two {number}": edit(two, "PATCH", path, {"name": name}, tag),
            )
        )
        assert two.get(path).json()["name"] == won.json()["name"]


def test_of_two_who_publish_on_one_board_one_wins_and_the_other_is_told(city: Service) -> None:
    lena, omar = two_dispatchers(city)
    runs = [
        lena.post("/runs", {"day": DAY, "engine": "greedy", "seconds": 5}).json()["id"]
        for _ in range(2)
    ]
    plan_runs(city.database, WORKER, TRAVEL, Event())
    plans = [lena.get(f"/runs/{run}").json()["plan"] for run in runs]
    tag = f'"{lena.get(f"/boards/{DAY}").json()["version"]}"'
    exactly_one_wins(
        race(
            *(
                lambda who=who, plan=plan: edit_post(who, f"/plans/{plan}/publish", {}, tag)
                for who, plan in zip((lena, omar), plans, strict=True)
            )
        )
    )
    assert len(lena.get(f"/schedules?day={DAY}").json()["items"]) == 1


def edit_post(client: Client, path: str, body: Any, tag: str) -> Any:
    return client.post(path, body, headers={"If-Match": tag})


def test_of_two_who_assign_a_visit_to_two_people_it_has_one_and_each_step_is_noted(
    city: Service,
) -> None:
    lena, omar = two_dispatchers(city)
    people = [one["id"] for one in lena.get("/technicians").json()["items"]]
    visit = lena.get("/jobs").json()["items"][0]["visits"][0]["id"]
    path = f"/visits/{visit}"
    tag = lena.get(path).headers["ETag"]
    before = events(city, "visit.scheduled")
    answers = race(
        *(
            lambda who=who, person=person: edit_post(
                who, f"{path}/assign", {"technician": person, "day": DAY}, tag
            )
            for who, person in zip((lena, omar), people, strict=True)
        )
    )
    done, late = sorted(answers, key=lambda answer: answer.status_code)
    assert (done.status_code, late.status_code) == (200, 412)
    assert late.headers["ETag"] == done.headers["ETag"] == lena.get(path).headers["ETag"]
    assert events(city, "visit.scheduled") == before + 1
    routes = lena.get(f"/boards/{DAY}").json()["routes"]
    held = [stop["id"] for route in routes for stop in route["visits"] if stop["id"] == visit]
    assert held == [visit]


@pytest.mark.parametrize("wish", ["jobs", "offers", "payments", "charges", "runs"])
def test_a_request_that_races_itself_has_one_effect_and_one_answer(
    city: Service, wish: str
) -> None:
    desk = city.dispatcher
    job = desk.get("/jobs").json()["items"][0]
    labour = {"text": "Labour", "unit_minor": 100}
    charge = desk.post(f"/jobs/{job['id']}/charges", labour).json()["charges"][0]["id"]
    desk.post(f"/charges/{charge}/decide", {"approve": True, "customer": "Li", "how": "phone"})
    path, body, kind = {
        "jobs": (
            "/jobs",
            {"job": {"id": "J9", "type": job["type"], "site": job["site"]}},
            "job.created",
        ),
        "offers": (
            "/offers",
            {
                "visit": job["visits"][0]["id"],
                "fee_minor": 5,
                "expires_at": f"{DAY}T10:00:00Z",
            },
            "offer.published",
        ),
        "payments": (
            f"/jobs/{job['id']}/payments",
            {"method": "cash", "amount_minor": 10, "currency": "EUR"},
            "payment.taken",
        ),
        "charges": (
            f"/jobs/{job['id']}/charges",
            {"text": "Pipe", "unit_minor": 7},
            "charge.proposed",
        ),
        "runs": ("/runs", {"day": DAY, "engine": "greedy", "seconds": 1}, "run.queued"),
    }[wish]
    before = events(city, kind)
    headers = {"Idempotency-Key": "one key"}
    answers = race(*[lambda: desk.post(path, body, headers=headers)] * SENDERS)
    assert Counter(answer.status_code for answer in answers).keys() <= {201, 202}, [
        answer.text for answer in answers
    ]
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert events(city, kind) == before + 1


def test_nothing_comes_to_an_outlet_that_is_being_closed(city: Service) -> None:
    owner = city.signed_in(Role.OWNER)
    top = owner.get("/outlets").json()["items"][0]["id"]
    for number in range(ROUNDS):
        key = f"branch-{number}"
        outlet = owner.post("/outlets", {"id": key, "parent": top}).json()["id"]
        jobs = [{"id": f"{key}-{at}", "type": "repair", "site": "west"} for at in range(6)]
        closed, *made = race(
            lambda outlet=outlet: owner.post(f"/outlets/{outlet}/close", {"why": "Sold."}),
            *(
                lambda job=job, key=key: owner.post("/jobs", {"job": job, "outlet": key})
                for job in jobs
            ),
        )
        codes = {answer.status_code for answer in made}
        if closed.status_code < 300:
            assert codes == {409}
        else:
            assert closed.json()["code"] == "outlet.in-use"
            assert codes == {201}
