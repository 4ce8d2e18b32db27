"""Visits, each by itself: for the desk of their outlet, and for whoever does them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.api.clients import Client, Service
from tests.api.test_day import DAY, published
from tests.databases import OWNER
from tests.operations.boards import Desk
from tests.planning.made import at, job, technician
from tests.planning.made import day as made_day

from dispatch.domain.job import Crew, JobType, Seat
from dispatch.domain.role import Role
from dispatch.domain.states.visit import VisitState
from dispatch.planning.horizon import Horizon
from dispatch.planning.visit import visits_of
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow


def listed(client: Client, path: str = "/visits", **query: Any) -> list[Any]:
    """All pages of a list."""
    found: list[Any] = []
    after = None
    while True:
        told = client.get(path, params=query | ({"after": after} if after else {}))
        assert told.status_code == 200, told.text
        found += told.json()["items"]
        after = told.json()["next"]
        if after is None:
            return found


def keys(client: Client, **query: Any) -> list[str]:
    return [visit["job_key"] for visit in listed(client, **query)]


@pytest.fixture
def desk(city: Service) -> Client:
    """J1 to J4 are released; J9 is of an outlet of its own, at a site of headquarters."""
    published(city)
    owner = city.signed_in(Role.OWNER)
    top = owner.get("/outlets").json()["items"][0]["id"]
    owner.post("/outlets", {"id": "branch", "parent": top})
    job = {"id": "J9", "type": "repair", "site": "east"}
    made = owner.post("/jobs", {"job": job, "outlet": "branch"})
    assert made.status_code == 201, made.text
    return owner


def of_branch(city: Service, desk: Client) -> Client:
    (branch,) = [row["id"] for row in listed(desk, "/outlets") if row["key"] == "branch"]
    return city.signed_in(Role.DISPATCHER, login="branch", outlets=(branch,))


def test_a_visit_tells_what_a_board_and_a_job_tell_of_it(city: Service, desk: Client) -> None:
    first = listed(desk, sort="start")[0]
    answer = desk.get(f"/visits/{first['id']}")
    told = answer.json()
    assert told == first
    assert answer.headers["ETag"] == f'"{told["version"]}"'
    (job,) = [job for job in listed(desk, "/jobs") if job["id"] == told["job"]]
    (visit,) = job["visits"]
    assert {name: told[name] for name in visit} == visit
    assert (told["job_key"], told["job_state"]) == (job["key"], job["state"])
    board = desk.get(f"/boards/{DAY}").json()
    rows = {row["id"]: row for route in board["routes"] for row in route["visits"]}
    row = rows[told["id"]]
    assert {name: told[name] for name in row} == row
    seen = {"If-Match": answer.headers["ETag"]}
    path = f"/visits/{first['id']}"
    desk.post(f"{path}/pin", {"level": "order"}, headers=seen)
    newer = desk.get(path)
    assert (newer.json()["pin"], newer.json()["pinned"]) == ("order", True)
    assert newer.headers["ETag"] != answer.headers["ETag"]
    assert city.program("jobs.read").get(path).json() == newer.json()


def test_visits_by_what_they_are(city: Service, desk: Client) -> None:
    everything = ["J1", "J2", "J3", "J4", "J9"]
    people = {row["key"]: row["id"] for row in listed(desk, "/technicians")}
    jobs = {row["key"]: row for row in listed(desk, "/jobs")}
    outlets = {row["key"]: row["id"] for row in listed(desk, "/outlets")}
    by_board = {
        route["key"]: [visit["job_key"] for visit in route["visits"]]
        for route in desk.get(f"/boards/{DAY}").json()["routes"]
    }
    for query, expected in (
        ({}, everything),
        ({"day": DAY}, everything[:4]),
        ({"day": "2026-03-04"}, []),
        ({"state": "dispatched"}, everything[:4]),
        ({"state": ["unscheduled", "completed"]}, ["J9"]),
        ({"job": jobs["J2"]["id"]}, ["J2"]),
        ({"outlet": outlets["branch"]}, ["J9"]),
        ({"outlet": outlets[""]}, everything),
    ):
        assert sorted(keys(desk, **query)) == expected, query
    for key, who in people.items():
        assert keys(desk, technician=who, sort="start") == by_board[key]
        assert keys(desk, technician=who, sort="-start", limit=1) == by_board[key][::-1]
    for limit in (1, 2, 3, 200):
        assert sorted(keys(desk, limit=limit)) == everything
        assert keys(desk, sort="start", limit=limit)[-1] == "J9"
    assert desk.get("/visits?limit=201").status_code == 422
    assert desk.get("/visits?sort=phone").status_code == 422


def test_a_visit_of_another_outlet_is_not_there(city: Service, desk: Client) -> None:
    theirs, branch = listed(desk, state="dispatched")[0], of_branch(city, desk)
    assert keys(branch) == ["J9"]
    assert [visit["site"] for visit in listed(branch)] == ["east"]
    own = listed(branch)[0]["id"]
    assert branch.get(f"/visits/{own}").json()["site"] == "east"
    assert branch.get(f"/visits/{theirs['id']}").status_code == 404


def test_a_stop_says_what_stands_there_and_what_to_bring(city: Service, desk: Client) -> None:
    phone = city.technician("T1")
    boiler = {"site": "east", "product": "Boiler", "warranty_until": "2027-01-31"}
    assert desk.post("/assets", {"serial": "SN-1", "asset": boiler}).is_success
    stop = phone.get(f"/me/route?day={DAY}").json()["stops"][0]
    job = desk.get(f"/visits/{stop['visit']}").json()["job"]
    asked = desk.get(f"/jobs/{job}")
    known = asked.json()
    changed = {
        "job": {"id": known["key"], "type": known["type"], "site": "east", "parts": {"valve": 2}}
    }
    changed["job"] |= {name: known["said"][name] for name in known["said"] if name != "parts"}
    seen = {"If-Match": asked.headers["ETag"]}
    assert desk.ask("PUT", f"/jobs/{job}", json=changed, headers=seen).is_success
    with city.database.work(OWNER) as work:
        work.get(JobRow, UUID(job)).fields = {"floor": 3}
        work.commit()
    stops = phone.get(f"/me/route?day={DAY}").json()["stops"]
    (now,) = [one for one in stops if one["visit"] == stop["visit"]]
    installed = {"serial": "SN-1", "product": "Boiler", "warranty_until": "2027-01-31"}
    assert (now["parts"], now["fields"]) == ({"valve": 2}, {"floor": 3})
    for one in stops:
        assert one["assets"] == ([installed] if one["site"] == "east" else []), one


def test_a_stop_says_the_parts_that_the_plan_reckons_with(service: Service) -> None:
    """The type's and the job's together, in the van of the first seat."""
    kind = JobType(id="repair", duration_s=3_600, parts={"valve": 1, "pipe": 1})
    crew = Crew(seats=(Seat(), Seat()))
    jobs = [
        job("J1", parts={"pipe": 2}),
        job("J2"),
        job("J3", type="look", parts={"hose": 1}),
        job("J4", type="look"),
        job("J5", parts={"pipe": 2}, crew=crew),
    ]
    vans = {"capacity": {"valve": 9, "pipe": 9, "hose": 9}}
    people = [technician("T1", **vans), technician("T2", **vans)]
    types = (kind, JobType(id="look", duration_s=600))
    day = made_day(jobs, people, job_types=types)
    Desk(service.database).imported(day)
    reckoned = {
        (visit.job.id, visit.seat): dict(visit.parts) for visit in visits_of(day, Horizon.of(day))
    }
    assert reckoned["J1", 0] == {"pipe": 3, "valve": 1}
    with service.database.work(OWNER) as work:
        owners = [work.by_key(TechnicianRow, key) for key in ("T1", "T2")]
        shifts = [owner.shifts[0].id for owner in owners]
        for row in work.session.scalars(select(VisitRow)):
            row.state, row.technician_id = VisitState.DISPATCHED, owners[row.seat].id
            row.shift_id = shifts[row.seat]
            row.arrive_at, row.start_at, row.end_at = at(9), at(9), at(10)
        work.commit()
    told = {}
    for seat, key in enumerate(("T1", "T2")):
        phone = service.technician(key)
        for stop in phone.get(f"/me/route?day={DAY}").json()["stops"]:
            told[stop["job"], seat] = stop["parts"]
            assert phone.get(f"/me/visits/{stop['visit']}").json()["parts"] == stop["parts"]
    assert told == reckoned


def test_a_technician_sees_what_they_were_told_of_and_nothing_else(
    city: Service, desk: Client
) -> None:
    seen_by = dict.fromkeys(("T1", "T2"), 0)
    for key in seen_by:
        phone, other = city.technician(key), city.technician({"T1": "T2", "T2": "T1"}[key])
        stops = phone.get(f"/me/route?day={DAY}").json()["stops"]
        seen_by[key] = len(stops)
        for stop in stops:
            answer = phone.get(f"/me/visits/{stop['visit']}")
            assert answer.json() == stop
            assert answer.headers["ETag"] == f'"{stop["version"]}"'
            assert other.get(f"/me/visits/{stop['visit']}").status_code == 404
            assert phone.get(f"/visits/{stop['visit']}").status_code == 403
    assert sum(seen_by.values()) == 4
    assert city.technician("T1").get("/visits").status_code == 403
    people = {row["key"]: row["id"] for row in listed(desk, "/technicians")}
    (new,) = listed(desk, state="unscheduled")
    path, seen = f"/visits/{new['id']}", {"If-Match": f'"{new["version"]}"'}
    wish = {"technician": people["T1"], "day": DAY}
    given = desk.post(f"{path}/assign", wish, headers=seen)
    assert given.json()["state"] == "scheduled", given.text
    assert city.technician("T1").get(f"/me{path}").status_code == 404
    desk.post(f"/boards/{DAY}/release", {})
    assert city.technician("T1").get(f"/me{path}").json()["job"] == "J9"


def test_a_board_shows_when_ones_people_work_for_others(city: Service, desk: Client) -> None:
    with city.database.work(OWNER) as work:
        branch = OutletRow(key="shore", parent_id=root_of(work.session).id)
        work.session.add(branch)
        work.session.flush()
        renew_reach(work.session)
        person = work.by_key(TechnicianRow, "T1")
        person.outlet_id = branch.id
        work.commit()
    other = city.signed_in(Role.DISPATCHER, login="shore", outlets=(branch.id,))
    (all_of_it,) = [
        one for one in desk.get(f"/boards/{DAY}").json()["routes"] if one["key"] == "T1"
    ]
    (seen,) = other.get(f"/boards/{DAY}").json()["routes"]
    assert (all_of_it["busy"], seen["visits"]) == ([], [])
    times = [{"start": one["start"], "end": one["end"]} for one in all_of_it["visits"]]
    assert times
    assert seen["busy"] == times
