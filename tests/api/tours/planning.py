"""Plans, and what dispatchers do by hand."""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from typing import Any

from tests.api.tours.asking import DAY, Tour
from tests.operations.boards import TRAVEL, WORKER, two_technicians

from dispatch.demo.company import OUTLETS
from dispatch.domain.day import Day
from dispatch.formats.day_json import DAY_JSON
from dispatch.store.database import Database
from dispatch.worker.planning import plan_runs


def plan(asked: Tour, database: Database) -> None:
    """A plan is asked for, made, published; and one is made without the database."""
    wish = {"day": DAY, "engine": "greedy", "seconds": 5}
    run = asked.ask("runs.create", wish)["id"]
    asked.ask("runs.cancel", run=run)
    run = asked.ask("runs.create", wish)["id"]
    assert plan_runs(database, WORKER, TRAVEL, Event()) == 1
    plan = asked.ask("runs.read", run=run)["plan"]
    asked.ask("runs.progress", run=run)
    asked.ask("runs.list", day=DAY)
    asked.ask("plans.read", plan=plan)
    asked.ask("plans.preview", plan=plan)
    schedule = asked.ask("plans.publish", {"promise_s": 7_200}, plan=plan)["schedule"]
    asked.ask("boards.events", day=DAY, headers={"Last-Event-ID": "0"})
    asked.ask("schedules.list", day=DAY)
    asked.ask("schedules.read", schedule=schedule)
    document = DAY_JSON.document(in_the_demo_city(two_technicians()))
    solved = asked.ask("solve", {"day": document, "engine": "greedy", "seconds": 2})
    asked.ask("verify", {"day": document, "plan": solved["plan"]})


def in_the_demo_city(day: Day) -> Day:
    """So that whoever sends the example to a server of the demo gets a plan."""
    places = {"east": OUTLETS[1], "west": OUTLETS[2], "far": OUTLETS[0]}
    return replace(
        day,
        sites=tuple(replace(site, position=places[site.id].position) for site in day.sites),
        technicians=tuple(replace(one, home=OUTLETS[0].position) for one in day.technicians),
    )


def visits(asked: Tour) -> dict[str, dict[str, Any]]:
    board = asked.ask("boards.read", day=DAY)
    rows = [visit for route in board["routes"] for visit in route["visits"]]
    return {visit["job_key"]: visit for visit in (*rows, *board["unassigned"])}


def by_hand(asked: Tour) -> None:
    """A visit moves from one to the next, and into the pool."""
    visit = visits(asked)["J1"]
    here, who = {"visit": visit["id"]}, visit["technician"]
    asked.ask("visits.list", day=DAY, technician=who, sort="start")
    seen = asked.ask("visits.read", **here)["version"]
    seen = asked.ask("visits.pin", {"level": "time"}, see=seen, **here)["version"]
    broken = {"why": "The van is broken."}
    seen = asked.ask("visits.unassign", broken, see=seen, **here)["version"]
    asked.ask("visits.candidates", day=DAY, **here)
    seen = asked.ask("visits.assign", {"technician": who, "day": DAY}, see=seen, **here)["version"]
    others = [row["id"] for row in asked.ask("technicians.list")["items"] if row["id"] != who]
    asked.ask("visits.transfer", {"to": others[0], "reason": "Is nearer."}, see=seen, **here)
    loose = [visits(asked)[key]["id"] for key in ("J2", "J3", "J-17")]
    asked.ask("visits.bulk", {"action": "unassign", "visits": loose, "why": "Strike."})
    until = f"{DAY}T10:00:00+01:00"
    new = {"visit": loose[0], "fee_minor": 2_500, "expires_at": until}
    offer = asked.ask("offers.create", new)["id"]
    asked.ask("offers.read", offer=offer)
    asked.ask("offers.withdraw", {"why": "A plan has it."}, offer=offer)
    asked.ask("offers.list", state="withdrawn")
    push = asked.ask("pushes.create", {"visit": loose[0], "technician": who, "patience_s": 300})
    asked.ask("pushes.withdraw", push=push["id"])
    asked.ask("pushes.list", visit=loose[0])
    asked.ask("boards.release", {}, day=DAY)
