"""Nobody overwrites what they have not seen: each edit says which version it has read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.api.clients import Client, Service
from tests.api.test_day import DAY, published
from tests.databases import OWNER

from dispatch.domain.role import Role
from dispatch.domain.states.visit import VisitState
from dispatch.store.jobs import follow_visits
from dispatch.store.rows.jobs import VisitRow

POSTS = {
    "jobs.prioritise",
    "jobs.split",
    "jobs.verify",
    "jobs.settle",
    "jobs.reopen",
    "visits.assign",
    "visits.unassign",
    "visits.pin",
    "visits.transfer",
    "visits.not_done",
}
"""Edits that are actions with a name of their own; the rule is in ``docs/reference/http.md``."""
ONLY_IF_THEY_CARE = {"plans.publish", "wishes.decide"}
"""The version is of something else (the board), or guards an answer that is given once."""
EDITED_BY_ITSELF = {
    "absences.remove",
    "contacts.remove",
    "links.revoke",
    "integrations.revoke",
    "own.revoke_feed",
}
"""What is removed has no version: it is there, or not any more."""


def takes_version(operation: dict[str, Any]) -> bool:
    return any(one["name"] == "if-match" for one in operation.get("parameters", ()))


def test_puts_patches_and_edits_by_name_take_a_version_and_actions_do_not(city: Service) -> None:
    by_method: dict[str, set[str]] = {}
    silent: dict[str, set[str]] = {}
    for methods in city.app.openapi()["paths"].values():
        for method, operation in methods.items():
            heard = by_method if takes_version(operation) else silent
            heard.setdefault(method, set()).add(operation["operationId"])
    assert by_method["post"] == POSTS | ONLY_IF_THEY_CARE
    assert by_method["delete"] == {"shifts.remove"}
    assert silent["delete"] == EDITED_BY_ITSELF
    assert not silent.keys() & {"put", "patch"}
    assert "get" not in by_method


@pytest.fixture
def desk(city: Service) -> Client:
    published(city)
    return city.signed_in(Role.OWNER)


@pytest.fixture
def paths(city: Service, desk: Client) -> dict[str, tuple[str, Any]]:
    """Of each edit, on a job or visit that nobody is at, and a body that can be granted."""
    visits = desk.get("/visits?state=dispatched&sort=start").json()["items"]
    people = {row["id"] for row in desk.get("/technicians").json()["items"]}
    (other,) = people - {visits[0]["technician"]}
    at_it = visits[-1]["id"]
    with city.database.work(OWNER) as work:
        work.get(VisitRow, UUID(at_it)).state = VisitState.EN_ROUTE
        for done in visits[1:3]:
            row = work.get(VisitRow, UUID(done["id"]))
            row.state = VisitState.COMPLETED
            follow_visits(work, [row.job])
        work.commit()
    first, second = (f"/jobs/{done['job']}" for done in visits[1:3])
    visit, job = f"/visits/{visits[0]['id']}", f"/jobs/{visits[0]['job']}"
    goes = {"parts": [{"duration_s": 3_600}] * 2}
    return {
        "jobs.prioritise": (f"{job}/priority", {"priority": 1}),
        "visits.pin": (f"{visit}/pin", {"level": "technician"}),
        "visits.transfer": (f"{visit}/transfer", {"to": other, "reason": "Is nearer."}),
        "visits.unassign": (f"{visit}/unassign", {}),
        "visits.assign": (f"{visit}/assign", {"technician": other, "day": DAY}),
        "jobs.verify": (f"{first}/verify", {"note": "Looked at the photos."}),
        "jobs.settle": (f"{first}/settle", None),
        "jobs.reopen": (f"{second}/reopen", {"why": "It drips again."}),
        "jobs.split": (f"{job}/split", goes),
        "visits.not_done": (f"/visits/{at_it}/not-done", {"why": "An accident."}),
    }


def test_an_edit_of_what_was_read_is_done_once_and_of_what_has_changed_is_not(
    desk: Client, paths: dict[str, tuple[str, Any]]
) -> None:
    assert paths.keys() == POSTS
    for name, (path, body) in paths.items():
        above = path.rpartition("/")[0]
        read = desk.get(above)
        tag = read.headers["ETag"]
        for headers, status, code in (
            ({}, 422, "request.if-match"),
            ({"If-Match": "*"}, 422, "request.if-match"),
            ({"If-Match": '"9999"'}, 412, "store.stale"),
        ):
            refused = desk.post(path, body, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (status, code), name
            assert refused.headers.get("ETag") == (tag if status == 412 else None), name
            assert desk.get(above).json() == read.json(), name
        seen = {"If-Match": tag, "Idempotency-Key": f"edit {name}"}
        done = desk.post(path, body, headers=seen)
        assert done.is_success, (name, done.text)
        newer = desk.get(above)
        assert newer.headers["ETag"] != tag, name
        again = desk.post(path, body, headers=seen)
        assert again.json() == done.json(), name
        stale = desk.post(path, body, headers={"If-Match": tag})
        assert stale.status_code == 412, name
        assert stale.headers["ETag"] == newer.headers["ETag"], name
        assert desk.get(above).json() == newer.json(), name


def test_of_many_those_that_have_changed_are_left_alone(desk: Client) -> None:
    one, two, three = desk.get("/visits?state=dispatched").json()["items"][:3]
    visits = [visit["id"] for visit in (one, two, three)]
    versions = {one["id"]: one["version"], two["id"]: two["version"] + 1}
    many = {"action": "unassign", "visits": visits, "versions": versions}
    told = desk.post("/visits/bulk", many).json()
    assert [item["code"] for item in told["items"]] == [None, "store.stale", None]
    free = desk.get("/visits?state=unscheduled").json()["items"]
    assert {visit["id"] for visit in free} == {one["id"], three["id"]}
    assign = {"action": "assign", "technician": one["technician"], "day": DAY}
    told = desk.post("/visits/bulk", assign | {"visits": visits[:1], "versions": versions}).json()
    assert [item["code"] for item in told["items"]] == ["store.stale"]
    job = desk.get(f"/jobs/{three['job']}").json()
    urgent = {"action": "prioritise", "jobs": [job["id"]], "priority": 1}
    for version, code in ((job["version"] + 1, "store.stale"), (job["version"], None)):
        told = desk.post("/jobs/bulk", urgent | {"versions": {job["id"]: version}}).json()
        assert [item["code"] for item in told["items"]] == [code]
