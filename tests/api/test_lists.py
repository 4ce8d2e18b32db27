"""Lists: by what, in which order, in pages that miss nothing; and many things at once."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from tests.api.clients import Client, Service
from tests.operations.boards import Desk, two_technicians

from dispatch.domain.role import Role

DAY = "2026-03-03"


def keys(client: Client, path: str, **query: Any) -> list[str]:
    """Of all pages."""
    found, after = [], None
    while True:
        params = query | ({"after": after} if after else {})
        told = client.get(path, params=params)
        assert told.status_code == 200, told.text
        page = told.json()
        found += [item.get("key", item["id"]) for item in page["items"]]
        after = page["next"]
        if after is None:
            return found


@pytest.fixture
def desk(city: Service) -> Client:
    """J1 and J3 are a customer's in the east, of an outlet of their own; T1 has J1."""
    owner = city.signed_in(Role.OWNER)
    top = owner.get("/outlets").json()["items"][0]["id"]
    branch = owner.post("/outlets", {"id": "branch", "parent": top, "name": "Branch"}).json()
    owner.post("/outlets", {"id": "twig", "parent": branch["id"]})
    customer = owner.post("/customers", {"id": "C-1", "customer": {"name": "Li"}}).json()
    new = {"id": "shore", "lat": 0.0, "lon": 0.1, "customer": "C-1"}
    assert owner.post("/sites", new).status_code == 201
    for key, priority in (("J5", 1), ("J6", 5)):
        job = {"id": key, "type": "repair", "site": "shore", "priority": priority, "name": "50%_x"}
        made = owner.post("/jobs", {"job": job, "outlet": "twig"})
        assert made.status_code == 201, made.text
    assert customer["key"] == "C-1"
    return owner


def the(client: Client, path: str, key: str) -> dict[str, Any]:
    items = client.get(path, params={"limit": 200}).json()["items"]
    (found,) = [item for item in items if item["key"] == key]
    return dict(found)


def test_jobs_by_what_they_are(desk: Client) -> None:
    customer = the(desk, "/customers", "C-1")["id"]
    branch, top = (the(desk, "/outlets", key)["id"] for key in ("branch", ""))
    everything = ["J1", "J2", "J3", "J4", "J5", "J6"]
    for query, expected in (
        ({}, everything),
        ({"customer": customer}, ["J5", "J6"]),
        ({"outlet": branch}, ["J5", "J6"]),
        ({"outlet": top}, everything),
        ({"text": "j5"}, ["J5"]),
        ({"text": "0%_"}, ["J5", "J6"]),
        ({"text": "%"}, ["J5", "J6"]),
        ({"day": DAY}, everything),
        ({"day": "2026-05-03"}, []),
        ({"type": "repair", "site": "west"}, ["J2", "J4"]),
        ({"type": "nothing"}, []),
        ({"state": ["open", "on_hold"]}, everything),
        ({"state": "completed"}, []),
    ):
        assert keys(desk, "/jobs", **query) == expected, query


def test_jobs_offers_and_pushes_of_a_technician(desk: Client) -> None:
    who, other = (the(desk, "/technicians", key)["id"] for key in ("T1", "T2"))
    visits = {key: the(desk, "/jobs", key)["visits"][0]["id"] for key in ("J1", "J2", "J5")}
    told = desk.edit(f"/visits/{visits['J1']}/assign", {"technician": who, "day": DAY})
    assert told.status_code == 200, told.text
    assert keys(desk, "/jobs", technician=who) == ["J1"]
    assert keys(desk, "/jobs", technician=other) == []
    until = "2026-03-03T10:00:00Z"
    offer = {"visit": visits["J2"], "fee_minor": 1, "expires_at": until}
    made = desk.post("/offers", offer).json()["id"]
    push = desk.post("/pushes", {"visit": visits["J5"], "technician": other}).json()["id"]
    branch = the(desk, "/outlets", "branch")["id"]
    for path, query, expected in (
        ("/offers", {"day": DAY}, [made]),
        ("/offers", {"text": "J2"}, [made]),
        ("/offers", {"text": "J5"}, []),
        ("/offers", {"state": "open", "visit": visits["J2"], "sort": "-fee_minor"}, [made]),
        ("/offers", {"technician": who}, []),
        ("/offers", {"outlet": branch}, []),
        ("/pushes", {"outlet": branch, "state": "sent"}, [push]),
        ("/pushes", {"technician": other, "sort": "answer_by"}, [push]),
        ("/pushes", {"technician": who}, []),
        ("/pushes", {"customer": the(desk, "/customers", "C-1")["id"]}, [push]),
    ):
        assert keys(desk, path, **query) == expected, (path, query)


def test_technicians_by_what_they_are(desk: Client) -> None:
    top = the(desk, "/outlets", "")["id"]
    who = the(desk, "/technicians", "T2")
    level = {"level": 3}
    seen = {"If-Match": f'"{who["version"]}"'}
    path = f"/technicians/{who['id']}/skills/gas"
    assert desk.ask("PUT", path, json=level, headers=seen).status_code == 200
    for query, expected in (
        ({"sort": "-key"}, ["T2", "T1"]),
        ({"skill": "gas"}, ["T2"]),
        ({"skill": "power"}, []),
        ({"outlet": top}, ["T1", "T2"]),
        ({"outlet": the(desk, "/outlets", "branch")["id"]}, []),
        ({"day": DAY}, ["T1", "T2"]),
        ({"day": "2026-03-04"}, []),
        ({"text": "t1"}, ["T1"]),
        ({"active": False}, []),
    ):
        assert keys(desk, "/technicians", **query) == expected, query


@pytest.mark.parametrize("limit", [1, 2, 3, 6])
@pytest.mark.parametrize("sort", ["key", "priority", "earliest", "sla_due"])
def test_pages_miss_nothing_and_tell_nothing_twice(desk: Client, limit: int, sort: str) -> None:
    up = keys(desk, "/jobs", sort=sort, limit=limit)
    down = keys(desk, "/jobs", sort=f"-{sort}", limit=limit)
    assert sorted(up) == ["J1", "J2", "J3", "J4", "J5", "J6"]
    assert down == up[::-1]
    if sort == "priority":
        priorities = [the(desk, "/jobs", key)["priority"] for key in up]
        assert all(one <= two for one, two in pairwise(priorities))


def test_a_sort_that_is_none_and_a_page_too_long_are_refused(desk: Client) -> None:
    for query in ({"sort": "phone"}, {"limit": 201}, {"text": ""}, {"outlet": "x"}):
        assert desk.get("/jobs", params=query).status_code == 422, query


def test_many_jobs_at_once_each_with_what_became_of_it(desk: Client) -> None:
    ids = [the(desk, "/jobs", key)["id"] for key in ("J1", "J2")]
    nobody = "00000000-0000-7000-8000-000000000007"
    body = {"action": "hold", "jobs": [*ids, nobody], "why": "Storm."}
    again = {"Idempotency-Key": "bulk-1"}
    told = desk.post("/jobs/bulk", body, headers=again).json()
    assert (told["done"], told["refused"]) == (2, 1)
    assert [item["done"] for item in told["items"]] == [True, True, False]
    assert told["items"][2]["code"] == "store.missing"
    assert told["items"][2]["cause"]
    assert desk.post("/jobs/bulk", body, headers=again).json() == told
    other = desk.post("/jobs/bulk", body | {"why": "Snow."}, headers=again)
    assert (other.status_code, other.json()["code"]) == (409, "receipt.other-wish")
    assert keys(desk, "/jobs", state="on_hold") == ["J1", "J2"]
    for action, more, state in (
        ("resume", {}, "open"),
        ("prioritise", {"priority": 1}, "open"),
        ("cancel", {"why": "x"}, "cancelled"),
    ):
        body = {"action": action, "jobs": ids, **more}
        assert desk.post("/jobs/bulk", body).json()["done"] == 2, action
        assert {the(desk, "/jobs", key)["state"] for key in ("J1", "J2")} == {state}
    assert the(desk, "/jobs", "J1")["priority"] == 1


def test_many_visits_at_once(desk: Client, city: Service) -> None:
    who = the(desk, "/technicians", "T1")["id"]
    visits = [the(desk, "/jobs", key)["visits"][0]["id"] for key in ("J1", "J2")]
    until = "2026-03-03T10:00:00Z"
    for body, state in (
        ({"action": "assign", "technician": who, "day": DAY}, "scheduled"),
        ({"action": "release"}, "dispatched"),
        ({"action": "unassign", "why": "x"}, "unscheduled"),
        ({"action": "offer", "fee_minor": 5, "expires_at": until}, "unscheduled"),
    ):
        told = desk.post("/visits/bulk", {**body, "visits": visits})
        assert told.json()["done"] == 2, told.text
        assert {the(desk, "/jobs", key)["visits"][0]["state"] for key in ("J1", "J2")} == {state}
    assert len(keys(desk, "/offers", state="open")) == 2
    program = city.program("jobs.write")
    assert program.post("/visits/bulk", {"action": "release", "visits": visits}).status_code == 403
    many = {"action": "release", "visits": [visits[0]] * 201}
    assert desk.post("/visits/bulk", many).status_code == 422
    twice = {"action": "release", "visits": [visits[0]] * 2}
    assert desk.post("/visits/bulk", twice).json()["code"] == "value.twice"


def test_nothing_of_another_outlet_is_listed_or_done(desk: Client, city: Service) -> None:
    branch = the(desk, "/outlets", "branch")["id"]
    theirs = city.signed_in(Role.MANAGER, login="branch", outlets=(branch,))
    job = the(desk, "/jobs", "J1")["id"]
    assert keys(theirs, "/jobs", sort="-priority") == ["J6", "J5"]
    assert keys(theirs, "/jobs", text="J1") == []
    told = theirs.post("/jobs/bulk", {"action": "hold", "jobs": [job], "why": "x"}).json()
    assert [item["code"] for item in told["items"]] == ["store.missing"]
    assert theirs.edit(f"/jobs/{job}/split", {"parts": [{"duration_s": 3600}] * 2}).status_code == (
        404
    )
    who = the(desk, "/technicians", "T1")
    shift = who["shifts"][0]
    seen = {"If-Match": '"1"'}
    body = {"shift": {"id": "x", "start": f"{DAY}T18:00:00Z", "end": f"{DAY}T19:00:00Z"}}
    for method, path, given in (
        ("PUT", f"/technicians/{who['id']}", {"name": "x"}),
        ("POST", f"/technicians/{who['id']}/end", {"why": "x"}),
        ("POST", f"/technicians/{who['id']}/take-back", None),
        ("GET", f"/technicians/{who['id']}/shifts", None),
        ("POST", f"/technicians/{who['id']}/shifts", body),
        ("GET", f"/shifts/{shift['id']}", None),
        ("PUT", f"/shifts/{shift['id']}", body),
        ("DELETE", f"/shifts/{shift['id']}", None),
    ):
        headers = seen | {"Idempotency-Key": path}
        told = theirs.ask(method, path, json=given, headers=headers)
        assert told.status_code == 404, (method, path, told.text)
    item = {"name": "x", "fee_minor": 1, "currency": "EUR"}
    for path, given in (
        ("/skills", {"id": "x"}),
        ("/territories", {"id": "x"}),
        ("/job-types", {"job_type": {"id": "x", "duration_s": 60}}),
        ("/service-items", {"id": "x", "item": item}),
    ):
        assert theirs.post(path, given).json()["code"] == "network.shared"


def test_edits_say_what_they_have_seen(desk: Client) -> None:
    outlet = the(desk, "/outlets", "branch")
    path = f"/outlets/{outlet['id']}"
    body = {"name": "Harbour", "parent": outlet["parent"], "lat": 1.0, "lon": 2.0}
    assert desk.ask("PUT", path, json=body).json()["code"] == "request.if-match"
    tag = desk.get(path).headers["ETag"]
    assert desk.ask("PUT", path, json=body, headers={"If-Match": tag}).json()["lat"] == 1.0
    assert desk.ask("PUT", path, json=body, headers={"If-Match": tag}).status_code == 412
    half = {**body, "lon": None}
    tag = desk.get(path).headers["ETag"]
    told = desk.ask("PUT", path, json=half, headers={"If-Match": tag})
    assert told.json()["code"] == "position.half"


def test_a_desk_without_jobs_lists_nothing(service: Service) -> None:
    Desk(service.database).imported(two_technicians())
    assert keys(service.dispatcher, "/pushes", day=DAY) == []


def test_customers_sites_and_assets_by_what_they_are(desk: Client) -> None:
    branch = the(desk, "/outlets", "branch")["id"]
    theirs = {"id": "C-2", "customer": {"name": "Wu"}, "outlet": "twig"}
    other = desk.post("/customers", theirs).json()["id"]
    bay = {"id": "bay", "lat": 0.0, "lon": 0.2, "customer": "C-2", "outlet": "twig"}
    site = desk.post("/sites", bay).json()["id"]
    for serial, at in (("SN-1", "shore"), ("SN-2", "bay")):
        asset = {"serial": serial, "asset": {"site": at, "product": "Boiler"}}
        assert desk.post("/assets", asset).status_code == 201
    for path, query, expected in (
        ("/customers", {"outlet": branch}, ["C-2"]),
        ("/customers", {"key": "C-1"}, ["C-1"]),
        ("/sites", {"customer": other}, ["bay"]),
        ("/sites", {"outlet": branch}, ["bay"]),
        ("/sites", {"key": "shore", "customer": other}, []),
    ):
        assert keys(desk, path, **query) == expected, (path, query)
    for query, serials in (
        ({}, ["SN-1", "SN-2"]),
        ({"serial": "SN-1"}, ["SN-1"]),
        ({"site": site}, ["SN-2"]),
        ({"customer": other}, ["SN-2"]),
        ({"site": site, "serial": "SN-1"}, []),
    ):
        found = desk.get("/assets", params=query).json()["items"]
        assert [item["serial"] for item in found] == serials, query


def test_a_sorted_list_goes_on_only_from_what_it_has(desk: Client, city: Service) -> None:
    branch = the(desk, "/outlets", "branch")["id"]
    theirs = city.signed_in(Role.MANAGER, login="branch", outlets=(branch,))
    hidden = the(desk, "/jobs", "J1")["id"]
    for client, after in ((desk, "00000000-0000-7000-8000-000000000007"), (theirs, hidden)):
        told = client.get("/jobs", params={"sort": "priority", "after": after})
        assert (told.status_code, told.json()["code"]) == (422, "page.unknown")
    assert desk.get("/jobs", params={"sort": "priority", "after": hidden}).status_code == 200


@pytest.mark.parametrize("why", ["", "   ", "\u200b", "\u2060\u00a0"])
def test_a_reason_is_one_that_can_be_read(desk: Client, why: str) -> None:
    job = the(desk, "/jobs", "J1")["id"]
    assert desk.edit(f"/jobs/{job}/hold", {"why": why}).status_code == 422
    assert keys(desk, "/jobs", state="on_hold") == []
