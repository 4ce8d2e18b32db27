"""A day through the service alone, as its users see it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from tests.api.clients import Client, Service
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, WORKER, two_technicians
from tests.planning.made import at, shift

from dispatch.domain.role import Role
from dispatch.domain.shift import Break
from dispatch.formats.day_json import DAY_JSON
from dispatch.store import durability
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.worker.planning import plan_runs

DAY = DATE.isoformat()


def items(client: Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(path).json()["items"]
    return found


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def planned(service: Service) -> str:
    """Ask for a plan, let a worker make it; its id."""
    body = {"day": DAY, "engine": "greedy", "seconds": 5}
    answer = service.dispatcher.post("/runs", body)
    assert answer.status_code == 202, answer.text
    assert plan_runs(service.database, WORKER, TRAVEL, Event()) == 1
    run = service.dispatcher.get(answer.headers["Location"].removeprefix("/v1")).json()
    assert run["state"] == "solved", run["message"]
    plan: str = run["plan"]
    return plan


def published(service: Service) -> None:
    answer = service.dispatcher.post(f"/plans/{planned(service)}/publish", {})
    assert answer.status_code == 200, answer.text
    released = service.dispatcher.post(f"/boards/{DAY}/release", {})
    assert released.json() == {"count": 4}


def test_import_plan_publish_release_and_work(service: Service, clock: SetClock) -> None:
    owner = service.signed_in(Role.OWNER)
    day = DAY_JSON.document(two_technicians())
    preview = owner.post("/imports?preview=true", day).json()
    assert preview["kinds"]["job"] == {"added": 4, "changed": 0, "same": 0}
    assert items(owner, "/jobs") == []
    assert owner.post("/imports", day).json() == preview

    plan = planned(service)
    desk = service.dispatcher
    board = desk.get(f"/boards/{DAY}").json()
    assert len(board["unassigned"]) == 4
    stale = desk.post(
        f"/plans/{plan}/publish", {}, headers={"If-Match": f'"{board["version"] + 1}"'}
    )
    assert stale.status_code == 412
    done = desk.post(
        f"/plans/{plan}/publish",
        {"promise_s": 3600},
        headers={"If-Match": f'"{board["version"]}"'},
    )
    assert done.json()["conflicts"] == []
    assert items(desk, f"/schedules?day={DAY}")[0]["number"] == 1

    for key in ("T1", "T2"):
        assert service.technician(key).get(f"/me/route?day={DAY}").json()["stops"] == []
    assert desk.post(f"/boards/{DAY}/release", {}).json() == {"count": 4}
    for key in ("T1", "T2"):
        clock.now = two_technicians().start
        phone = service.technician(key)
        stops = phone.get(f"/me/route?day={DAY}").json()["stops"]
        number = 0
        for stop in stops:
            actions = []
            for kind in ("depart", "check_in", "start", "complete"):
                number += 1
                clock.forward(minutes=5)
                actions.append(
                    {
                        "sequence": number,
                        "kind": kind,
                        "visit": stop["visit"],
                        "happened_at": clock.now.isoformat(),
                    }
                )
            batch = {
                "device": key,
                "sent_at": clock.now.isoformat(),
                "actions": actions,
            }
            phone = service.technician(key)
            first = phone.post("/me/actions", batch).json()
            assert [answer["outcome"] for answer in first] == ["applied"] * 4
            assert phone.post("/me/actions", batch).json() == first
    jobs = items(service.dispatcher, f"/jobs?day={DAY}")
    assert {job["state"] for job in jobs} == {"completed"}
    owner = service.signed_in(Role.OWNER)
    kinds = [event["kind"] for event in owner.get("/events?limit=200").json()["items"]]
    assert kinds.count("visit.complete") == 4


def test_a_break_is_shown_to_whoever_takes_it(service: Service) -> None:
    rest = Break(earliest=at(8.5), latest=at(12), duration_s=1_800)
    two = two_technicians()
    people = [replace(one, shifts=(shift(breaks=(rest,)),)) for one in two.technicians]
    day = DAY_JSON.document(replace(two, technicians=tuple(people)))
    assert service.signed_in(Role.OWNER).post("/imports", day).status_code == 200
    published(service)
    board = service.dispatcher.get(f"/boards/{DAY}").json()
    busy = [route for route in board["routes"] if route["visits"]]
    assert busy
    for route in busy:
        (taken,) = route["breaks"]
        assert moment(taken["end"]) - moment(taken["start"]) == timedelta(minutes=30)
        own = service.technician(route["key"]).get(f"/me/route?day={DAY}").json()
        assert own["breaks"] == route["breaks"]


def test_a_request_that_comes_twice_is_done_once(city: Service) -> None:
    desk = city.dispatcher
    body = {"job": {"id": "J9", "type": "install", "site": "east"}}
    body["job"]["type"] = items(desk, "/jobs")[0]["type"]
    headers = {"Idempotency-Key": "phone call 17"}
    first = desk.post("/jobs", body, headers=headers)
    assert first.status_code == 201, first.text
    again = desk.post("/jobs", body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    other = desk.post("/jobs", {"job": body["job"] | {"id": "J10"}}, headers=headers)
    assert other.json()["code"] == "receipt.other-wish"
    assert desk.post("/jobs", body).json()["code"] == "job.taken"
    assert len(items(desk, "/jobs")) == 5
    bare = desk.ask("POST", "/jobs", json=body)
    assert (bare.status_code, bare.json()["code"]) == (422, "request.no-key")


def test_nobody_overwrites_what_they_have_not_seen(city: Service) -> None:
    desk = city.dispatcher
    job = items(desk, "/jobs")[0]
    read = desk.get(f"/jobs/{job['id']}")
    given = {"id": job["key"], "type": job["type"], "site": job["site"], "priority": 1}

    def edit(tag: str | None, **more: Any) -> Any:
        headers = {} if tag is None else {"If-Match": tag}
        body = {"job": given | more}
        return desk.ask("PUT", f"/jobs/{job['id']}", json=body, headers=headers)

    assert edit(None).json()["code"] == "request.if-match"
    changed = edit(read.headers["ETag"])
    assert (changed.status_code, changed.json()["priority"]) == (200, 1)
    assert edit(read.headers["ETag"]).status_code == 412
    newest = changed.headers["ETag"]
    assert edit(newest, id="J99").json()["code"] == "job.other-id"
    assert edit(newest, site="nowhere").status_code == 404
    assert edit(newest, priority=9).json()["code"] == "value.range"
    assert desk.get(f"/jobs/{job['id']}").headers["ETag"] == newest


def test_jobs_are_held_resumed_and_cancelled(city: Service) -> None:
    published(city)
    desk = city.dispatcher
    job = items(desk, "/jobs")[0]["id"]
    held = desk.post(f"/jobs/{job}/hold", {"why": "waits for a part"}).json()
    assert (held["state"], held["visits"][0]["state"]) == ("on_hold", "unscheduled")
    assert held["actions"] == ["resume", "cancel"]
    assert desk.post(f"/jobs/{job}/hold", {"why": "again"}).json()["code"] == "state.job"
    assert desk.post(f"/jobs/{job}/resume").json()["state"] == "open"
    assert desk.edit(f"/jobs/{job}/priority", {"priority": 1}).json()["priority"] == 1
    gone = desk.post(f"/jobs/{job}/cancel", {"why": "the customer asked for it"}).json()
    assert (gone["state"], gone["visits"][0]["state"]) == ("cancelled", "cancelled")
    board = desk.get(f"/boards/{DAY}").json()
    assert sum(len(route["visits"]) for route in board["routes"]) == 3


def test_a_dispatcher_assigns_by_hand_and_sees_who_could(city: Service) -> None:
    desk = city.dispatcher
    visit = desk.get(f"/boards/{DAY}").json()["unassigned"][0]
    choice = desk.get(f"/visits/{visit['id']}/candidates").json()
    assert choice["possible"] == 2
    best = choice["able"][0]
    assert best["way"]["cost_minor"] <= choice["able"][1]["way"]["cost_minor"]
    given = desk.edit(f"/visits/{visit['id']}/assign", {"technician": best["technician"]})
    assert given.json()["state"] == "scheduled", given.text
    assert moment(given.json()["start"]) == moment(best["way"]["places"][0]["start"])
    other = choice["able"][1]["technician"]
    moved = desk.edit(f"/visits/{visit['id']}/assign", {"technician": other}).json()
    assert moved["technician"] == other
    assert desk.edit(f"/visits/{visit['id']}/pin", {"level": "time"}).json()["pinned"]
    plan = desk.get(f"/plans/{planned(city)}").json()["plan"]
    where = {
        stop["job"]: (route["technician"], stop["start"])
        for route in plan["routes"]
        for stop in route["visits"]
    }
    technician = desk.get(f"/technicians/{other}").json()["key"]
    assert where[visit["job_key"]][0] == technician
    assert desk.edit(f"/visits/{visit['id']}/pin", {"level": None}).json()["pinned"] is False
    free = desk.edit(f"/visits/{visit['id']}/unassign", {}).json()
    assert (free["state"], free["technician"]) == ("unscheduled", None)
    assert desk.edit(f"/visits/{visit['id']}/unassign", {}).json()["code"] == "state.visit"
    assert (
        desk.edit(f"/visits/{visit['id']}/pin", {"level": "time"}).json()["code"] == "pin.nowhere"
    )


def test_the_pool_is_claimed_by_one(city: Service, clock: SetClock) -> None:
    desk = city.dispatcher
    visit = desk.get(f"/boards/{DAY}").json()["unassigned"][0]
    until = (clock.now + timedelta(hours=2)).isoformat()
    offer = desk.post(
        "/offers", {"visit": visit["id"], "fee_minor": 5_000, "expires_at": until}
    ).json()
    one, two = city.technician("T1"), city.technician("T2")
    (seen,) = one.get("/me/pool").json()
    assert seen["offer"] == offer["id"]
    assert seen["per_hour_minor"] > 0
    assert "address" not in seen
    headers = {"Idempotency-Key": "tap"}
    won = one.post(f"/me/pool/{offer['id']}/claim", headers=headers)
    assert won.status_code == 200, won.text
    assert one.post(f"/me/pool/{offer['id']}/claim", headers=headers).json() == won.json()
    lost = two.post(f"/me/pool/{offer['id']}/claim")
    assert (lost.status_code, lost.json()["code"]) == (409, "claim.lost")
    assert desk.get(f"/offers/{offer['id']}").json()["state"] == "claimed"
    late = desk.post(f"/offers/{offer['id']}/withdraw", {"why": "late"})
    assert late.json()["code"] == "state.offer"


def test_a_conflict_waits_for_a_dispatcher(city: Service, clock: SetClock) -> None:
    published(city)
    phone, desk = city.technician("T1"), city.dispatcher
    (stop, *_) = (
        phone.get(f"/me/route?day={DAY}").json()["stops"]
        or city.technician("T2").get(f"/me/route?day={DAY}").json()["stops"]
    )
    other = city.technician("T2" if phone.get(f"/me/route?day={DAY}").json()["stops"] else "T1")
    said = {
        "device": "other",
        "sent_at": clock.now.isoformat(),
        "actions": [
            {
                "sequence": 1,
                "kind": "depart",
                "visit": stop["visit"],
                "happened_at": clock.now.isoformat(),
            }
        ],
    }
    assert other.post("/me/actions", said).json()[0]["outcome"] == "conflict"
    (conflict,) = items(desk, "/conflicts")
    job = desk.get(f"/visits/{stop['visit']}").json()["job"]
    for name, told, nobody in (
        ("visit", stop["visit"], job),
        ("job", job, stop["visit"]),
        ("technician", conflict["technician"], job),
        ("outlet", items(desk, "/outlets")[0]["id"], job),
    ):
        assert items(desk, f"/conflicts?{name}={told}") == [conflict], name
        assert items(desk, f"/conflicts?{name}={nobody}") == [], name
    settled = desk.post(
        f"/conflicts/{conflict['id']}/settle", {"accept": False, "why": "a mistake"}
    )
    assert settled.status_code == 204
    assert items(desk, "/conflicts") == []


def test_lists_come_in_pages(city: Service) -> None:
    desk = city.dispatcher
    seen: list[str] = []
    path = "/jobs?limit=3"
    while True:
        page = desk.get(path).json()
        seen += [job["key"] for job in page["items"]]
        if page["next"] is None:
            break
        path = f"/jobs?limit=3&after={page['next']}"
    assert seen == ["J1", "J2", "J3", "J4"]
    assert desk.get("/jobs?limit=201").status_code == 422
    assert desk.get("/jobs?state=open&site=east").json()["items"]
    assert desk.get("/jobs?state=settled").json()["items"] == []


def test_a_run_is_watched_until_it_ends(city: Service) -> None:
    desk = city.dispatcher
    run = desk.post("/runs", {"day": DAY, "engine": "greedy", "seconds": 5}).json()["id"]
    assert desk.post(f"/runs/{run}/cancel").json()["state"] == "cancelled"
    stream = desk.get(f"/runs/{run}/progress")
    assert stream.headers["content-type"].startswith("text/event-stream")
    (event,) = [line for line in stream.text.splitlines() if line.startswith("data: ")]
    assert json.loads(event.removeprefix("data: "))["state"] == "cancelled"


def test_planning_and_checking_without_a_record(city: Service) -> None:
    erp = city.program("solve.use")
    day = DAY_JSON.document(two_technicians())
    solved = erp.post("/solve", {"day": day, "engine": "greedy", "seconds": 5}).json()
    assert solved["verdict"] == {"ok": True, "faults": []}
    checked = erp.post("/verify", {"day": day, "plan": solved["plan"]})
    assert checked.json()["ok"] is True
    for route in solved["plan"]["routes"]:
        for visit in route["visits"]:
            visit["start"] = visit["end"]
    assert erp.post("/verify", {"day": day, "plan": solved["plan"]}).json()["ok"] is False


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_server_says_that_it_is_up(service: Service, path: str) -> None:
    assert service.http.get(path).json() == {"status": "ok"}


def test_it_is_not_ready_while_its_database_may_lose_rows(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(durability.DEMANDS, "fsync", durability._is("never"))
    told = service.http.get("/readyz")
    assert (told.status_code, told.json()["code"]) == (503, "store.unfit")


def test_requests_are_counted_by_route(city: Service) -> None:
    city.dispatcher.get("/jobs")
    token = city.program("metrics.read").token
    told = city.http.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert 'dispatch_requests_total{route="jobs.list",status="200"}' in told.text


def test_a_manager_owns_the_skill_matrix(city: Service) -> None:
    manager = city.signed_in(Role.MANAGER)
    who = items(manager, "/technicians")[0]
    skill = who["skills"][0]["skill"] if who["skills"] else items(manager, "/skills")[0]["key"]
    path = f"/technicians/{who['id']}/skills/{skill}"

    def write(level: int | None, version: int, why: str = "a course") -> Any:
        body = {"level": level, "expires": "2027-01-31", "why": why}
        return manager.ask("PUT", path, json=body, headers={"If-Match": f'"{version}"'})

    better = write(5, who["version"]).json()
    wanted = {"skill": skill, "level": 5, "expires": "2027-01-31", "certificate": None}
    assert wanted in better["skills"]
    assert write(4, who["version"]).status_code == 412
    assert write(6, better["version"]).status_code == 422
    none = write(None, better["version"], "left").json()
    assert skill not in {held["skill"] for held in none["skills"]}
    owner = city.signed_in(Role.OWNER)
    events = owner.get(f"/events?subject={who['id']}&limit=200").json()["items"]
    changed = {f"technician_skill.{how}" for how in ("added", "changed", "removed")}
    notes = [event["note"] for event in events if event["kind"] in changed]
    assert notes == ["a course", "left"]


def test_who_falls_ill_has_nothing_to_do(city: Service) -> None:
    published(city)
    desk = city.dispatcher
    route = max(desk.get(f"/boards/{DAY}").json()["routes"], key=lambda route: len(route["visits"]))
    away = {"start": f"{DAY}T00:00:00+01:00", "end": f"{DAY}T23:59:00+01:00", "reason": "ill"}
    path = f"/technicians/{route['technician']}/absences"
    told = desk.post(path, away)
    assert told.status_code == 201, told.text
    board = desk.get(f"/boards/{DAY}").json()
    assert len(board["unassigned"]) == len(route["visits"])
    assert desk.post(path, away | {"end": away["start"]}).json()["code"] == "absence.reversed"
    gone = desk.ask("DELETE", f"{path}/{told.json()['absences'][0]['id']}")
    assert gone.status_code == 204
    assert desk.get(f"/technicians/{route['technician']}").json()["absences"] == []
    assert desk.ask("DELETE", f"{path}/{route['technician']}").status_code == 404


def test_a_technician_is_asked_and_hands_on_what_they_cannot_do(city: Service) -> None:
    desk = city.dispatcher
    visit = desk.get(f"/boards/{DAY}").json()["unassigned"][0]["id"]
    one, two = city.technician("T1"), city.technician("T2")
    first = one.get("/me").json()["technician"]
    push = desk.post("/pushes", {"visit": visit, "technician": first}).json()
    assert [asked["id"] for asked in one.get("/me/pushes").json()] == [push["id"]]
    assert two.post(f"/me/pushes/{push['id']}/accept").status_code == 404
    declined = one.post(f"/me/pushes/{push['id']}/decline", {"reason": "no parts"}).json()
    assert declined["state"] == "declined"
    (next_one,) = two.get("/me/pushes").json()
    assert two.post(f"/me/pushes/{next_one['id']}/accept").json()["state"] == "accepted"
    assert [asked["state"] for asked in items(desk, f"/pushes?visit={visit}")] == [
        "declined",
        "accepted",
    ]
    body = {"reason": "ill", "to": first}
    assert one.post(f"/me/visits/{visit}/transfer", body).status_code == 404
    handed = two.post(f"/me/visits/{visit}/transfer", body).json()
    assert handed["technician"] == first
    free = desk.edit(f"/visits/{visit}/transfer", {"reason": "no time"}).json()
    assert free["state"] == "unscheduled"


def test_a_technician_hands_work_on_to_colleagues_who_want_it_only(city: Service) -> None:
    visit = city.dispatcher.get(f"/boards/{DAY}").json()["unassigned"][0]["id"]
    me = city.technician("T1")
    mine = me.get("/me").json()["technician"]
    other = UUID(city.technician("T2").get("/me").json()["technician"])
    push = city.dispatcher.post("/pushes", {"visit": visit, "technician": mine}).json()
    assert me.post(f"/me/pushes/{push['id']}/accept").json()["state"] == "accepted"
    with city.database.work(OWNER) as work:
        root = root_of(work.session).id
        apart = [OutletRow(key=key, parent_id=root) for key in ("north", "south")]
        work.session.add_all(apart)
        work.session.flush()
        renew_reach(work.session)
        north, south = (row.id for row in apart)
        work.session.get_one(VisitRow, UUID(visit)).outlet_id = north
        work.session.get_one(TechnicianRow, other).outlet_id = south
        work.commit()
    body = {"to": str(other), "reason": "van broke"}
    stranger = me.post(f"/me/visits/{visit}/transfer", body)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "store.missing")
    with city.database.work(OWNER) as work:
        row = work.session.get_one(TechnicianRow, other)
        row.outlet_id, row.open_for_work = north, False
        work.commit()
    assert me.post(f"/me/visits/{visit}/transfer", body).json()["code"] == "push.closed"
    with city.database.work(OWNER) as work:
        work.session.get_one(TechnicianRow, other).open_for_work = True
        work.commit()
    assert me.post(f"/me/visits/{visit}/transfer", body).json()["technician"] == str(other)
