"""Two outlets plan and work on one day, and neither sees what is the other's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, WORKER, Desk
from tests.planning.made import at, job, spot, technician
from tests.planning.made import day as made_day

from dispatch.domain.actor import Actor
from dispatch.domain.site import Outlet
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Missing
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.import_day import import_day
from dispatch.operations.network.absences import add_absence
from dispatch.operations.network.technicians import end_employment
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.take import take_run
from dispatch.store.board import span_of, zone_of
from dispatch.store.board_lines import planned_lines, technician_lines
from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.plans import ScheduleRow
from dispatch.store.rows.technicians import TechnicianRow

OUTLETS = (Outlet(id="north", position=spot()), Outlet(id="south", position=spot()))


@pytest.fixture
def desks(database: Database) -> dict[str, Desk]:
    """A job and a technician of each; the sites are everybody's."""
    for number, outlet in enumerate(OUTLETS, 1):
        people = [technician(f"T{number}", outlet=outlet.id)]
        made = made_day([job(f"J{number}")], people, outlets=OUTLETS)
        import_day(database, OWNER, made, outlet=outlet.id)
    with database.work(OWNER) as work:
        return {
            outlet.id: Desk(database, _of(work.by_key(OutletRow, outlet.id).id))
            for outlet in OUTLETS
        }


def _of(outlet: UUID) -> Actor:
    return replace(OWNER, outlets=frozenset((outlet,)))


def _start(visit: VisitRow) -> datetime:
    assert visit.start_at is not None
    return visit.start_at


def visit_of(database: Database, key: str) -> VisitRow:
    with database.work(OWNER) as work:
        return work.by_key(JobRow, key).visits[0]


def test_both_publish_schedules_of_one_day(database: Database, desks: dict[str, Desk]) -> None:
    for desk in desks.values():
        desk.publish(desk.plan())
    with database.work(OWNER) as work:
        numbers = work.session.scalars(select(ScheduleRow.number).order_by(ScheduleRow.number))
        assert list(numbers) == [1, 2]
    assert {visit_of(database, key).state for key in ("J1", "J2")} == {VisitState.SCHEDULED}


def test_a_day_is_planned_on_from_where_somebody_is(
    database: Database, desks: dict[str, Desk], clock: SetClock
) -> None:
    """At a site that is not the outlet's own."""
    north = desks["north"]
    north.publish(north.plan())
    with database.work(OWNER) as work:
        visit = work.by_key(JobRow, "J1").visits[0]
        assert visit.start_at is not None
        visit.state, clock.now = VisitState.ON_SITE, visit.start_at
        work.commit()
    request_run(database, north.actor, DATE)
    taken = take_run(database, WORKER)
    assert taken is not None
    (planned,) = taken.day.jobs
    assert [pin.technician for pin in planned.pins] == ["T1"]


def test_what_somebody_does_for_another_outlet_stays_when_it_is(
    database: Database, desks: dict[str, Desk]
) -> None:
    with database.work(OWNER) as work:
        person = work.by_key(TechnicianRow, "T1").id
    assign_visit(database, OWNER, visit_of(database, "J2").id, person, TRAVEL)
    before = visit_of(database, "J2")
    assign_visit(database, desks["north"].actor, visit_of(database, "J1").id, person, TRAVEL)
    other, own = visit_of(database, "J2"), visit_of(database, "J1")
    assert (other.start_at, other.version) == (before.start_at, before.version)
    assert own.technician_id == person
    assert own.start_at is not None
    assert other.start_at is not None
    assert own.end_at <= other.start_at or other.end_at <= own.start_at
    assert at(0) <= own.start_at


@pytest.mark.parametrize("hour", [8, 9.5, 11])
@pytest.mark.parametrize("first", ["J1", "J2"])
def test_what_cannot_be_when_it_was_to_be_comes_later_also_for_another_outlet(
    database: Database, desks: dict[str, Desk], clock: SetClock, first: str, hour: float
) -> None:
    """They are late already; what is before it is written down as it can be now, and so is this."""
    people = [technician("T1", outlet="north")]
    again = made_day([job("J1"), job("J3")], people, outlets=OUTLETS)
    import_day(database, OWNER, again, outlet="north")
    with database.work(OWNER) as work:
        person = work.by_key(TechnicianRow, "T1").id
    for key in sorted(("J1", "J2"), key=lambda key: key != first):
        assign_visit(database, OWNER, visit_of(database, key).id, person, TRAVEL)
    before = visit_of(database, "J2")
    with database.work(OWNER) as work:
        scheduled = select(EventRow).where(EventRow.subject_id == before.id)
        assigned = work.session.scalars(scheduled.where(EventRow.kind == "visit.scheduled")).all()
    clock.now = at(hour)
    assign_visit(database, desks["north"].actor, visit_of(database, "J3").id, person, TRAVEL)
    found = sorted((visit_of(database, key) for key in ("J1", "J2", "J3")), key=_start)
    for one, other in pairwise(found):
        assert one.end_at is not None
        assert one.end_at <= _start(other)
    assert _start(found[0]) >= clock.now
    with database.work(desks["south"].actor) as work:
        told = work.session.scalars(select(EventRow).where(EventRow.subject_id == before.id)).all()
    moved = visit_of(database, "J2").start_at != before.start_at
    assert moved == (visit_of(database, "J2").version != before.version)
    assert [event.kind for event in told].count("visit.scheduled") == len(assigned) + moved


@pytest.mark.parametrize("how", ["ended", "away"])
def test_who_is_not_there_leaves_nothing_to_do_for_other_outlets_either(
    database: Database, desks: dict[str, Desk], how: str
) -> None:
    with database.work(OWNER) as work:
        person = work.by_key(TechnicianRow, "T1").id
    for key in ("J1", "J2"):
        assign_visit(database, OWNER, visit_of(database, key).id, person, TRAVEL)
    boss = desks["north"].actor
    if how == "ended":
        end_employment(database, boss, person, why="Has moved away.")
    else:
        add_absence(database, boss, person, start=at(0), end=at(24))
    for key in ("J1", "J2"):
        assert visit_of(database, key).state is VisitState.UNSCHEDULED
    with database.work(desks["south"].actor) as work:
        freed = work.session.scalars(select(EventRow).where(EventRow.kind == "visit.freed")).all()
        assert [event.subject_id for event in freed] == [visit_of(database, "J2").id]
    with database.work(boss) as work, pytest.raises(Missing):
        work.get(VisitRow, visit_of(database, "J2").id)


def test_a_board_shows_who_does_a_visit_also_of_another_outlet(
    database: Database, desks: dict[str, Desk]
) -> None:
    with database.work(OWNER) as work:
        person = work.by_key(TechnicianRow, "T1")
        person.name = "Tomas"
        work.commit()
    assign_visit(database, OWNER, visit_of(database, "J2").id, person.id, TRAVEL)
    with database.work(desks["south"].actor) as work:
        span = span_of(DATE, zone_of(work.session))
        there = {line["technician"] for line in planned_lines(work.session, span)}
        lines = {line["key"]: line["name"] for line in technician_lines(work.session, there)}
    assert lines == {"T1": "", "T2": ""}
    with database.work(OWNER) as work:
        work.get(TechnicianRow, person.id).active = False
        assert {"key": "T1", "name": "Tomas"} in [
            {"key": line["key"], "name": line["name"]}
            for line in technician_lines(work.session, there)
        ]
        assert person.id not in {line["id"] for line in technician_lines(work.session, ())}
