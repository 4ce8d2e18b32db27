"""Batches of phones over HTTP: what cannot be read stops nothing else, and is kept."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.api.clients import Client, Service
from tests.databases import OWNER, SetClock
from tests.planning.made import at

from dispatch.domain.role import Role
from dispatch.domain.states.visit import VisitState
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.technicians import TechnicianRow

NOW = at(8).isoformat()


@pytest.fixture
def visit(city: Service, clock: SetClock) -> UUID:
    """One that T1 has been told of, at eight."""
    clock.now = at(8)
    with city.database.work(OWNER) as work:
        row, owner = work.by_key(JobRow, "J1").visits[0], work.by_key(TechnicianRow, "T1")
        shift = owner.shifts[0].id
        row.state, row.technician_id, row.shift_id = VisitState.DISPATCHED, owner.id, shift
        row.place = 0
        row.arrive_at, row.start_at, row.end_at = at(9), at(9), at(10)
        work.commit()
        return row.id


def said(phone: Client, visit: UUID, *actions: dict[str, Any]) -> Any:
    usual = {"visit": str(visit), "happened_at": NOW}
    sent = [usual | action for action in actions]
    return sent_batch(phone, {"device": "phone-1", "sent_at": NOW, "actions": sent})


def sent_batch(phone: Client, batch: dict[str, Any]) -> Any:
    """As JavaScript writes JSON: also half of a character has a name in it."""
    headers = {"Content-Type": "application/json"}
    return phone.ask("POST", "/me/actions", content=json.dumps(batch), headers=headers)


def test_what_cannot_be_read_is_rejected_by_itself_and_kept(city: Service, visit: UUID) -> None:
    phone = city.technician("T1")
    batch = (
        {"sequence": 1, "kind": "depart"},
        {"sequence": 2, "kind": "check_in", "note": "n" * 9_000, "code": "4711"},
        {"sequence": 3, "kind": "teleport"},
        {"sequence": 4, "kind": "check_in"},
        {"sequence": 5, "kind": "start", "visit": None, "position": [1, 2]},
    )
    first = said(phone, visit, *batch)
    assert first.status_code == 200, first.text
    told = {entry["sequence"]: entry for entry in first.json()}
    assert [told[number]["outcome"] for number in range(1, 6)] == [
        "applied",
        "rejected",
        "rejected",
        "applied",
        "rejected",
    ]
    assert {told[number]["reason"] for number in (2, 3, 5)} == {"action.malformed"}
    assert told[2]["wrong"] == [{"pointer": "/note", "code": "value.range"}]
    assert told[3]["wrong"] == [{"pointer": "/kind", "code": "request.field"}]
    assert {entry["pointer"] for entry in told[5]["wrong"]} >= {"/visit"}
    assert said(phone, visit, *batch).json() == first.json()
    with city.database.work(OWNER) as work:
        rows = {row.sequence: row for row in work.session.scalars(select(ActionRow))}
    assert len(rows) == 5
    assert len(rows[2].said["malformed"]) == 4_000 > len(rows[3].said["malformed"])
    assert '"teleport"' in rows[3].said["malformed"]
    assert "4711" not in str(rows[2].said)
    assert (rows[2].visit_id, rows[3].kind) == (visit, None)


def test_half_a_character_is_marked_and_stops_nobody(city: Service, visit: UUID) -> None:
    phone = city.technician("T1")
    batch = (
        {"sequence": 1, "kind": "depart"},
        {"sequence": 2, "kind": "check_in", "note": "door \ud83d"},
        {"sequence": 3, "kind": "start", "checklist": {"door": "a\x00b \N{GRINNING FACE}"}},
        {"sequence": 4, "kind": "pause", "pause": "break", "serial": "A\x00"},
        {"sequence": 5, "kind": "pause", "pause": "break", "\ud83d": "\ud83d"},
        {"sequence": 6, "kind": "pause", "pause": "break", "checklist": {"\udc00": "yes"}},
        {"sequence": 7, "kind": "pause", "pause": "break"},
    )
    first = said(phone, visit, *batch)
    assert first.status_code == 200, first.text
    told = {entry["sequence"]: entry for entry in first.json()}
    assert [told[number]["reason"] for number in (1, 2, 3, 7)] == [""] * 4
    assert [told[number]["reason"] for number in (4, 5, 6)] == ["action.malformed"] * 3
    assert [number for number in told if "text" in told[number]["flags"]] == [2, 3]
    assert said(phone, visit, *batch).json() == first.json()
    with city.database.work(OWNER) as work:
        rows = {row.sequence: row for row in work.session.scalars(select(ActionRow))}
    assert rows[2].said["note"] == "door \N{REPLACEMENT CHARACTER}"
    answer = "a\N{REPLACEMENT CHARACTER}b \N{GRINNING FACE}"
    assert rows[3].said["checklist"] == {"door": answer}
    found = city.signed_in(Role.DISPATCHER).get("/actions/flagged", params={"flag": "text"})
    assert [row["kind"] for row in found.json()["items"]] == ["check_in", "start"]


@pytest.mark.parametrize(
    "sent_at",
    [
        "2201-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "1969-12-31T00:00:00Z",
    ],
)
def test_no_clock_is_too_wrong(city: Service, visit: UUID, sent_at: str) -> None:
    phone = city.technician("T1")
    action = {"sequence": 1, "kind": "depart", "visit": str(visit), "happened_at": NOW}
    batch = {"device": "phone-1", "sent_at": sent_at, "actions": [action]}
    (told,) = phone.post("/me/actions", batch).json()
    assert (told["outcome"], "clock" in told["flags"]) == ("applied", True)
    with city.database.work(OWNER) as work:
        row = work.session.scalars(select(ActionRow)).one()
    assert row.happened_at <= at(8)


@pytest.mark.parametrize("wrong", [{"device": "a\ud83d"}, {"sent_at": "\ud83d"}, {"\ud83d": 1}])
def test_what_holds_a_batch_together_is_text(
    city: Service, visit: UUID, wrong: dict[str, Any]
) -> None:
    batch = {"device": "phone-1", "sent_at": NOW, "actions": []} | wrong
    answer = sent_batch(city.technician("T1"), batch)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.text")


def test_an_action_without_a_number_is_pointed_at_whatever_it_says(
    city: Service, visit: UUID
) -> None:
    action = {"\ud83d": "\ud83d", "note": "\ud83d", "kind": "\ud83d"}
    answer = said(city.technician("T1"), visit, action)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.field")


@pytest.mark.parametrize("number", [True, "1", 1.0])
def test_only_a_whole_number_is_a_number(city: Service, visit: UUID, number: object) -> None:
    answer = said(city.technician("T1"), visit, {"sequence": number, "kind": "depart"})
    assert answer.status_code == 422


def test_something_else_under_its_number_is_told_of(city: Service, visit: UUID) -> None:
    phone = city.technician("T1")
    said(phone, visit, {"sequence": 1, "kind": "depart", "note": "n" * 5_000})
    for again in ({"kind": "depart"}, {"kind": "depart", "note": "n" * 5_001}):
        (answer,) = said(phone, visit, {"sequence": 1} | again).json()
        assert answer["reason"] == "action.number-used"


@pytest.mark.parametrize("number", [None, "one", 0, -1, 1.5, True, 2**70])
def test_without_a_number_nobody_could_be_answered(
    city: Service, visit: UUID, number: object
) -> None:
    answer = said(city.technician("T1"), visit, {"sequence": number, "kind": "teleport"})
    assert answer.status_code == 422
    with city.database.work(OWNER) as work:
        assert work.session.scalars(select(ActionRow)).all() == []


def test_the_desk_sees_what_looks_odd(city: Service, visit: UUID) -> None:
    phone, desk = city.technician("T1"), city.signed_in(Role.DISPATCHER)
    early = {"happened_at": (at(8) - timedelta(days=3)).isoformat()}
    here = {"position": {"lat": 0.0, "lon": 0.1}, "accuracy_m": 10}
    said(phone, visit, {"sequence": 1, "kind": "depart", **here})
    said(phone, visit, {"sequence": 2, "kind": "check_in"})
    said(phone, visit, {"sequence": 3, "kind": "start", **early})
    told = desk.get("/actions/flagged").json()
    assert [(row["kind"], row["outcome"], row["flags"]) for row in told["items"]] == [
        ("check_in", "applied", ["no-position"]),
        ("start", "applied", ["time"]),
    ]
    first = desk.get("/actions/flagged", params={"limit": 1}).json()
    rest = desk.get("/actions/flagged", params={"after": first["next"]}).json()
    assert [*first["items"], *rest["items"]] == told["items"]
    one, other = (person(city, key) for key in ("T1", "T2"))
    for asked, kinds in (
        ({"flag": "time"}, ["start"]),
        ({"flag": "far"}, []),
        ({"technician": one}, ["check_in", "start"]),
        ({"technician": other}, []),
        ({"day": "2026-03-03"}, ["check_in"]),
        ({"day": "2026-02-28"}, ["start"]),
        ({"outcome": "conflict"}, []),
    ):
        found = desk.get("/actions/flagged", params=asked).json()["items"]
        assert [row["kind"] for row in found] == kinds, asked
    assert phone.get("/actions/flagged").status_code == 403
    assert desk.get("/actions/flagged", params={"flag": "odd"}).status_code == 422


def test_only_those_of_their_own_outlets(city: Service, visit: UUID) -> None:
    said(city.technician("T1"), visit, {"sequence": 1, "kind": "check_in"})
    owner = city.signed_in(Role.OWNER)
    top = owner.get("/outlets").json()["items"][0]["id"]
    branch = owner.post("/outlets", {"id": "branch", "parent": top}).json()["id"]
    theirs = city.signed_in(Role.DISPATCHER, login="branch", outlets=(UUID(branch),))
    assert theirs.get("/actions/flagged").json()["items"] == []
    assert len(owner.get("/actions/flagged").json()["items"]) == 1


def test_events_tell_where_it_was(city: Service, visit: UUID) -> None:
    here = {"position": {"lat": 0.25, "lon": 0.5}}
    said(city.technician("T1"), visit, {"sequence": 1, "kind": "depart", **here})
    owner = city.signed_in(Role.OWNER)
    events = owner.get("/events", params={"subject": str(visit)}).json()["items"]
    (left,) = [event for event in events if event["kind"] == "visit.depart"]
    assert (left["lat"], left["lon"]) == (0.25, 0.5)
    table = owner.get("/exports/events").text
    (line,) = [row for row in table.splitlines() if "visit.depart" in row]
    assert ",0.25,0.5," in line


def test_a_job_tells_only_what_would_be_granted(city: Service, visit: UUID) -> None:
    desk, phone = city.signed_in(Role.DISPATCHER), city.technician("T1")
    with city.database.work(OWNER) as work:
        path = f"/jobs/{work.by_key(JobRow, 'J1').id}"
    assert desk.get(path).json()["actions"] == ["hold", "cancel", "split"]
    said(phone, visit, {"sequence": 1, "kind": "depart"})
    assert desk.get(path).json()["actions"] == ["hold"]
    assert desk.post(f"{path}/cancel", {"why": "Not wanted."}).status_code == 409
    said(phone, visit, {"sequence": 2, "kind": "not_done", "reason": "no_access"})
    assert desk.get(path).json()["actions"] == ["hold", "cancel", "split"]
    assert desk.post(f"{path}/hold", {"why": "Waits."}).json()["actions"] == ["resume", "cancel"]


def person(city: Service, key: str) -> str:
    with city.database.work(OWNER) as work:
        return str(work.by_key(TechnicianRow, key).id)
