"""A board says why nobody has a job, by what the newest plan of the day says."""

from __future__ import annotations

from datetime import datetime
from threading import Event
from typing import Any

import pytest
from tests.api.clients import Client, Service
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, WORKER
from tests.planning.made import at, held, job, spot, technician
from tests.planning.made import day as made_day

from dispatch.domain.role import Role
from dispatch.domain.site import Outlet
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.create import create_job
from dispatch.store.reasons import MOST
from dispatch.store.rows.outlets import OutletRow
from dispatch.worker.planning import plan_runs

GAS = SkillNeeds(all_of=(NeededSkill(skill="gas"),))
OUTLETS = (Outlet(id="north", position=spot()), Outlet(id="south", position=spot()))


@pytest.fixture
def town(service: Service) -> Service:
    """Nobody in the north can do J1; J2 is for anybody."""
    people = [technician(f"T{number}", outlet="north") for number in range(8)]
    made = made_day([job("J1", needs=GAS), job("J2")], people, outlets=OUTLETS)
    import_day(service.database, OWNER, made, outlet="north")
    return service


def desk(service: Service, outlet: str) -> Client:
    with service.database.work(OWNER) as work:
        where = work.by_key(OutletRow, outlet).id
    return service.signed_in(Role.DISPATCHER, login=outlet, outlets=(where,))


def planned(service: Service, asker: Client) -> str:
    run = asker.post("/runs", {"day": DATE.isoformat(), "engine": "greedy", "seconds": 5}).json()
    assert plan_runs(service.database, WORKER, TRAVEL, Event()) == 1
    plan: str = asker.get(f"/runs/{run['id']}").json()["plan"]
    return plan


def waiting(asker: Client) -> dict[str, Any]:
    """What is said of each job that nobody has."""
    found = asker.get(f"/boards/{DATE}").json()["unassigned"]
    return {visit["job_key"]: visit["left_out"] for visit in found}


def test_nothing_is_said_before_there_is_a_plan(town: Service) -> None:
    assert waiting(desk(town, "north")) == {"J1": None, "J2": None}


def test_it_says_why_a_plan_leaves_a_job_out_and_when_that_was(
    town: Service, clock: SetClock
) -> None:
    north = desk(town, "north")
    plan = planned(town, north)
    made = clock.now
    clock.forward(minutes=5)
    told = waiting(north)
    assert told["J2"] is None  # the plan has it planned, and nobody has published that
    assert told["J1"]["plan"] == plan
    assert datetime.fromisoformat(told["J1"]["made_at"]) == made
    whole = next(
        entry["reasons"]
        for entry in north.get(f"/plans/{plan}").json()["plan"]["unassigned"]
        if entry["job"] == "J1"
    )
    assert len(whole) > MOST
    codes = [(reason["code"], reason["technician"]) for reason in told["J1"]["reasons"]]
    assert codes == [(reason["code"], reason.get("technician")) for reason in whole[:MOST]]
    north.post(f"/plans/{plan}/publish", {})
    assert list(waiting(north)) == ["J1"]
    assert waiting(north)["J1"]["plan"] == plan


def test_a_newer_plan_is_believed(town: Service, clock: SetClock) -> None:
    north = desk(town, "north")
    planned(town, north)
    people = [technician("T0", outlet="north", skills=(held("gas"),))]
    import_day(town.database, OWNER, made_day([], people, outlets=OUTLETS), outlet="north")
    create_job(town.database, OWNER, job("J3"), outlet="north")
    clock.forward(minutes=1)
    planned(town, north)
    assert waiting(north) == {"J1": None, "J2": None, "J3": None}


def test_each_outlet_hears_of_its_own_plans(town: Service, clock: SetClock) -> None:
    """The south plans later, and knows nothing of the north's."""
    people = [technician("T9", outlet="south", shifts=())]
    made = made_day([job("J8", site="west")], people, outlets=OUTLETS)
    import_day(town.database, OWNER, made, outlet="south")
    clock.now = at(-10)
    first = planned(town, desk(town, "north"))
    clock.now = at(-9)
    second = planned(town, desk(town, "south"))
    assert waiting(desk(town, "south"))["J8"]["plan"] == second
    everything = waiting(town.dispatcher)
    assert everything["J1"]["plan"] == first
    assert everything["J8"]["plan"] == second
