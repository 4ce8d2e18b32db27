"""Notes on a job: who writes them, who reads them, and what the log tells of them."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from tests.api.clients import Client, Service
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL
from tests.operations.pools import person, visit_of

from dispatch.domain.role import Role
from dispatch.operations.board.assign import assign_visit, unassign_visit
from dispatch.operations.board.release import release_day
from dispatch.operations.jobs import notes
from dispatch.store.notes import NEWEST

SECRET = "The key is under the third stone."


@pytest.fixture
def held(city: Service) -> Service:
    """T1 has J1 and knows of it."""
    assign_visit(city.database, OWNER, visit_of(city.database, "J1").id, who(city), TRAVEL)
    release_day(city.database, OWNER, DATE)
    return city


def who(service: Service) -> Any:
    return person(service.database, "T1")


def path(service: Service) -> str:
    return f"/jobs/{visit_of(service.database, 'J1').job_id}/notes"


def own_path(service: Service) -> str:
    return f"/me/visits/{visit_of(service.database, 'J1').id}/notes"


def texts(answer: Any) -> list[str]:
    assert answer.status_code in {200, 201}, answer.text
    return [note["text"] for note in answer.json()]


def stop(phone: Client) -> dict[str, Any]:
    (found,) = phone.get(f"/me/route?day={DATE}").json()["stops"]
    return dict(found)


def test_desk_and_technician_tell_each_other(held: Service, clock: SetClock) -> None:
    desk, phone = held.dispatcher, held.technician("T1")
    assert stop(phone)["notes"] == []
    assert texts(desk.post(path(held), {"text": f"  {SECRET} "})) == [SECRET]
    clock.forward(minutes=1)
    told = phone.post(own_path(held), {"text": "Dog."})
    assert texts(told) == ["Dog.", SECRET]
    assert [note["author"] for note in told.json()] == ["technician", "dispatcher"]
    assert stop(phone)["notes"] == told.json()
    visit = visit_of(held.database, "J1").id
    assert phone.get(f"/me/visits/{visit}").json()["notes"] == told.json()
    assert desk.get(path(held)).json() == told.json()


def test_managers_read_and_do_not_write(held: Service) -> None:
    held.dispatcher.post(path(held), {"text": SECRET})
    manager = held.signed_in(Role.MANAGER)
    assert texts(manager.get(path(held))) == [SECRET]
    assert manager.post(path(held), {"text": "Hm."}).status_code == 403
    assert held.program("jobs.read").get(path(held)).status_code == 403


def test_who_has_the_visit_no_longer_neither_writes_nor_reads(held: Service) -> None:
    phone = held.technician("T1")
    phone.post(own_path(held), {"text": "Dog."})
    other = held.technician("T2")
    assert other.post(own_path(held), {"text": "Cat."}).status_code == 404
    unassign_visit(held.database, OWNER, visit_of(held.database, "J1").id)
    assert phone.post(own_path(held), {"text": "Late."}).status_code == 404
    assert texts(held.dispatcher.get(path(held))) == ["Dog."]


@pytest.mark.parametrize("text", ["", "   ", "x" * (notes.MOST_LETTERS + 1), "a\0b", 7, None])
def test_what_is_no_note_is_refused(held: Service, text: object) -> None:
    assert held.dispatcher.post(path(held), {"text": text}).status_code == 422
    assert texts(held.dispatcher.get(path(held))) == []


def test_a_job_has_so_many_and_a_phone_is_told_of_the_newest(
    held: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = NEWEST + 3
    monkeypatch.setattr(notes, "MOST", most)
    desk = held.dispatcher
    for number in range(most):
        desk.post(path(held), {"text": f"{number}"})
    refused = desk.post(path(held), {"text": "One more."})
    assert (refused.status_code, refused.json()["code"]) == (409, "note.too-many")
    assert texts(desk.get(path(held))) == [f"{number}" for number in reversed(range(most))]
    told = [note["text"] for note in stop(held.technician("T1"))["notes"]]
    assert told == [f"{number}" for number in reversed(range(3, most))]


def test_sent_twice_it_is_written_once(held: Service) -> None:
    headers = {"Idempotency-Key": "the same"}
    for _ in range(2):
        answer = held.dispatcher.post(path(held), {"text": "Once."}, headers=headers)
        assert texts(answer) == ["Once."]


def test_the_log_tells_that_it_was_written_and_only_the_owner_what(
    held: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (note,) = held.dispatcher.post(path(held), {"text": SECRET}).json()
    assert SECRET not in caplog.text
    for role in (Role.OWNER, Role.MANAGER):
        found = held.signed_in(role).get(f"/events?subject={note['id']}")
        (event,) = found.json()["items"]
        assert event["kind"] == "note.written"
        assert (SECRET in found.text) == (role is Role.OWNER)
