"""Customers, sites, assets, job types: what a job is made of, by the service alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from tests.api.clients import Client, Service
from tests.databases import OWNER

from dispatch.domain.role import Role
from dispatch.operations.jobs.create import MOST_FIELDS
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.outlets import OutletRow


def edit(client: Client, path: str, body: Any, version: int) -> Any:
    return client.ask("PUT", path, json=body, headers={"If-Match": f'"{version}"'})


def test_a_job_from_nothing_but_what_was_typed_in(city: Service) -> None:
    manager, desk = city.signed_in(Role.MANAGER), city.dispatcher
    customer = desk.post(
        "/customers", {"id": "C-1", "customer": {"name": "王芳", "language": "zh"}}
    )
    assert customer.status_code == 201, customer.text
    path = f"/customers/{customer.json()['id']}"
    called = desk.post(f"{path}/contacts", {"name": "Fang", "phone": "+86 10 5555"}).json()
    assert called["contacts"][0]["phone"] == "+86 10 5555"
    site = desk.post("/sites", {"id": "S-1", "lat": 0.01, "lon": 0.02, "customer": "C-1"}).json()
    assert site["customer"] == customer.json()["id"]
    asset = desk.post(
        "/assets",
        {"serial": "SN-9", "asset": {"site": "S-1", "product": "Boiler", "said": {"kW": 24}}},
    ).json()
    assert (asset["site"], asset["said"]) == (site["id"], {"kW": 24})
    template = {
        "job_type": {"id": "swap", "duration_s": 3600},
        "fields": {
            "type": "object",
            "required": ["meter"],
            "properties": {"meter": {"type": "integer"}},
        },
        "checklist": [{"id": "off", "text": "Gas is off", "required": True}],
    }
    kind = manager.post("/job-types", template)
    assert kind.json()["checklist"][0]["required"] is True, kind.text
    job = {"id": "J-1", "type": "swap", "site": "S-1"}
    for fields, code in (({}, "job.fields.wrong"), ({"meter": "x"}, "job.fields.wrong")):
        assert desk.post("/jobs", {"job": job, "fields": fields}).json()["code"] == code
    made = desk.post("/jobs", {"job": job, "fields": {"meter": 7}})
    assert (made.status_code, made.json()["fields"]) == (201, {"meter": 7}), made.text
    visit = made.json()["visits"][0]["id"]
    who = listed(desk, "/technicians")[0]
    given = {"technician": who["id"], "day": "2026-03-03"}
    assert desk.edit(f"/visits/{visit}/assign", given).status_code == 200
    desk.post("/boards/2026-03-03/release", {})
    (stop,) = city.technician(who["key"]).get("/me/route?day=2026-03-03").json()["stops"]
    assert (stop["customer"], stop["contacts"][0]["phone"]) == ("王芳", "+86 10 5555")
    assert stop["actions"] == ["depart", "check_in"]
    gone = desk.ask("DELETE", f"{path}/contacts/{called['contacts'][0]['id']}")
    assert gone.status_code == 204
    assert desk.get(path).json()["contacts"] == []


def test_the_fields_of_a_job_are_so_large_and_no_larger(city: Service) -> None:
    """However it comes in; import and bulk bring none, and what is split was let in whole."""
    manager, desk = city.signed_in(Role.MANAGER), city.dispatcher
    template = {"job_type": {"id": "note", "duration_s": 3_600}, "fields": {"type": "object"}}
    assert manager.post("/job-types", template).status_code == 201
    job = {"id": "J-1", "type": "note", "site": "east"}
    around = len(json.dumps({"text": ""}))
    most, more = ({"text": "x" * (MOST_FIELDS - around + extra)} for extra in (0, 1))
    refused = desk.post("/jobs", {"job": job, "fields": more})
    assert (refused.status_code, refused.json()["code"]) == (422, "value.range")
    made = desk.post("/jobs", {"job": job, "fields": most}).json()
    path = f"/jobs/{made['id']}"
    refused = edit(desk, path, {"job": job, "fields": more}, made["version"])
    assert (refused.status_code, refused.json()["code"]) == (422, "value.range")
    parts = desk.edit(f"{path}/split", {"parts": [{"duration_s": 1_800}] * 2})
    assert [part["fields"] for part in parts.json()] == [most, most], parts.text


def test_each_is_changed_by_whoever_has_seen_it(city: Service) -> None:
    owner = city.signed_in(Role.OWNER)
    bodies = {
        "customers": ({"id": "C", "customer": {"name": "A"}}, {"name": "B"}),
        "sites": ({"id": "S", "lat": 1, "lon": 2}, {"id": "S", "lat": 3, "lon": 4}),
        "job-types": (
            {"job_type": {"id": "T", "duration_s": 60}},
            {"job_type": {"id": "T", "duration_s": 90}},
        ),
        "service-items": (
            {"id": "I", "item": {"name": "Call-out", "fee_minor": 5, "currency": "EUR"}},
            {"name": "Call-out", "fee_minor": 6, "currency": "EUR"},
        ),
        "assets": (
            {"serial": "A", "asset": {"site": "east", "product": "P"}},
            {"site": "west", "product": "Q"},
        ),
    }
    for name, (given, changed) in bodies.items():
        made = owner.post(f"/{name}", given)
        assert made.status_code == 201, made.text
        path = f"/{name}/{made.json()['id']}"
        assert owner.get(path).headers["ETag"] == '"1"'
        assert edit(owner, path, changed, 1).json()["version"] == 2
        assert edit(owner, path, changed, 1).status_code == 412
        assert owner.post(f"/{name}", given).json()["code"] == "key.taken"
        assert any(item["id"] == made.json()["id"] for item in listed(owner, f"/{name}"))


def listed(client: Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{path}?limit=200").json()["items"]
    return found


def test_a_position_of_a_chinese_map_is_put_right(city: Service) -> None:
    body = {"id": "SH", "lat": 31.17530398364597, "lon": 121.531541859215, "datum": "GCJ-02"}
    made = city.dispatcher.post("/sites", body).json()
    assert (made["lat"], made["lon"]) == pytest.approx((31.1774276, 121.5272106), abs=1e-5)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "nothing"},
        {"$ref": "http://elsewhere/x"},
        {"pattern": "(a+)+$"},
        {"enum": ["x"] * 9_000},
    ],
)
def test_a_schema_that_looks_elsewhere_or_is_none_is_refused(
    city: Service, fields: dict[str, Any]
) -> None:
    manager = city.signed_in(Role.MANAGER)
    told = manager.post("/job-types", {"job_type": {"id": "T", "duration_s": 60}, "fields": fields})
    assert (told.status_code, told.json()["code"]) == (422, "job_type.schema")


def test_customers_of_another_outlet_are_not_there(city: Service) -> None:
    with city.database.work(OWNER) as work:
        outlets = [OutletRow(key=key, parent_id=root_of(work.session).id) for key in ("a", "b")]
        work.session.add_all(outlets)
        renew_reach(work.session)
        work.commit()
    one, two = (
        city.signed_in(Role.DISPATCHER, login=f"d-{row.key}", outlets=(row.id,)) for row in outlets
    )
    made = one.post("/customers", {"id": "C", "customer": {"name": "Mine"}}).json()
    found = [desk.post("/customers/find", {"text": "mine"}).json() for desk in (one, two)]
    assert [len(some) for some in found] == [1, 0]
    assert city.technician("T1").post("/customers/find", {"text": "mine"}).status_code == 403
    assert one.post("/customers/find", {"text": " m "}).status_code == 422
    site = one.post("/sites", {"id": "S", "lat": 1, "lon": 2, "customer": "C"}).json()
    one.post("/assets", {"serial": "A", "asset": {"site": "S", "product": "P"}})
    one.post(f"/customers/{made['id']}/contacts", {"name": "Secret"})
    for path in ("/customers", "/sites", "/assets"):
        assert len(listed(one, path)) == 1, path
        assert listed(two, path) == [], path
    assert two.get(f"/customers/{made['id']}").status_code == 404
    assert two.post(f"/customers/{made['id']}/contacts", {"name": "x"}).status_code == 404
    assert edit(two, f"/sites/{site['id']}", {"id": "S", "lat": 1, "lon": 2}, 1).status_code == 404
    elsewhere = {"id": "C2", "customer": {"name": "x"}, "outlet": "a"}
    assert two.post("/customers", elsewhere).status_code == 404
    assert (
        two.post("/jobs", {"job": {"id": "J", "type": "install", "site": "S"}}).status_code == 404
    )
    with city.database.work(OWNER) as work:
        kinds = set(work.session.scalars(select(EventRow.kind)))
    assert {"customer.created", "site.created", "asset.created", "contact.added"} <= kinds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c-1", True),
        ("王芳", True),
        ("fang", True),
        ("010-5555", False),
        ("86 (10) 5555", True),
        ("105555", True),
        ("555", True),
        ("FANG@EXAMPLE", True),
        ("harbour", True),
        ("%%", False),
        ("nobody", False),
    ],
)
def test_who_is_calling(city: Service, text: str, found: bool) -> None:
    desk = city.dispatcher
    made = desk.post("/customers", {"id": "C-1", "customer": {"name": "王芳"}}).json()
    desk.post("/customers", {"id": "C-2", "customer": {"name": "Ada"}})
    whom = {"name": "Fang", "phone": "+86 10 5555", "email": "fang@example.com"}
    desk.post(f"/customers/{made['id']}/contacts", whom)
    site = {"id": "S-1", "lat": 0.01, "lon": 0.02, "customer": "C-1", "address": "3 Harbour Road"}
    assert desk.post("/sites", site).is_success
    told = desk.post("/customers/find", {"text": text})
    assert [one["key"] for one in told.json()] == (["C-1"] if found else []), told.text
