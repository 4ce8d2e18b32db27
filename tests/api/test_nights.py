"""A night through the service, as its users see it."""

from __future__ import annotations

from datetime import datetime

from tests.api.clients import Service
from tests.databases import OWNER, SetClock
from tests.operations.nights import EVE, NEXT, a_night, plan
from tests.planning.made import at

from dispatch.operations.import_day import import_day


def test_who_works_over_midnight_is_told_of_the_night_that_they_are_in(
    service: Service, clock: SetClock
) -> None:
    import_day(service.database, OWNER, a_night())
    clock.now = at(20)
    plan(service.database, EVE)
    assert service.dispatcher.post(f"/boards/{EVE}/release", {}).json() == {"count": 2}
    board = service.dispatcher.get(f"/boards/{EVE}").json()
    assert datetime.fromisoformat(board["ends"]) == at(30)
    assert [visit["job_key"] for visit in board["unassigned"]] == ["J12"]
    routes = {route["key"]: route["visits"] for route in board["routes"]}
    assert [visit["job_key"] for visit in routes["T1"]] == ["J23", "J03"]
    for day, jobs in ((EVE, ["J23", "J03"]), (NEXT, [])):
        found = service.dispatcher.get(f"/visits?day={day}&state=dispatched").json()["items"]
        assert [visit["job_key"] for visit in found] == jobs
    clock.now = at(27)
    told = service.technician("T1").get("/me/route").json()
    assert told["day"] == EVE.isoformat()
    assert [stop["job"] for stop in told["stops"]] == ["J23", "J03"]
    assert service.technician("T2").get("/me/route").json()["day"] == NEXT.isoformat()


def test_the_board_of_the_evening_hears_of_what_happens_after_midnight(
    service: Service, clock: SetClock
) -> None:
    import_day(service.database, OWNER, a_night())
    clock.now = at(20)
    service.dispatcher.get(f"/boards/{EVE}")
    service.without_streams()
    before = service.dispatcher.get(f"/boards/{EVE}/events").text
    last = before.rpartition("id: ")[2].split("\n")[0]
    plan(service.database, EVE)
    (visit,) = (
        visit["id"]
        for route in service.dispatcher.get(f"/boards/{EVE}").json()["routes"]
        for visit in route["visits"]
        if visit["job_key"] == "J03"
    )
    clock.now = at(21)
    heard = service.dispatcher.get(f"/boards/{EVE}/events", headers={"Last-Event-ID": last}).text
    assert visit in heard
