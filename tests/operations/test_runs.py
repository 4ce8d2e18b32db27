"""Runs are taken by one worker each, outlive their workers, and can be called off."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, WORKER, Desk, two_technicians
from tests.planning.made import technician

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, Progress
from dispatch.domain.site import Outlet
from dispatch.domain.states.run import RunState
from dispatch.errors import InvalidValue, Missing, Refused
from dispatch.operations.import_day import import_day
from dispatch.operations.runs import take
from dispatch.operations.runs.cancel import cancel_run
from dispatch.operations.runs.finish import fail_run, finish_run
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.say import say_alive
from dispatch.operations.runs.take import MOST_ATTEMPTS, SILENT_S, take_run
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.plans import PlanRow, RunRow

OTHER = replace(WORKER, id="worker-2")
EMPTY = Plan(day=str(DATE), currency="EUR", routes=(), unassigned=(), costs_minor={})


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database).imported(two_technicians())


def state(database: Database) -> RunState:
    with database.work(OWNER) as work:
        return work.session.scalars(select(RunRow)).one().state


def test_a_run_goes_from_queue_to_plan(desk: Desk, database: Database) -> None:
    run = request_run(database, OWNER, DATE, engine="greedy")
    assert state(database) is RunState.QUEUED
    taken = take_run(database, WORKER)
    assert taken is not None
    assert (taken.id, taken.engine) == (run, "greedy")
    assert {job.id for job in taken.day.jobs} == {"J1", "J2", "J3", "J4"}
    assert state(database) is RunState.SOLVING
    plan = finish_run(database, WORKER, run, EMPTY)
    assert state(database) is RunState.SOLVED
    with database.work(OWNER) as work:
        assert work.get(PlanRow, plan).run_id == run


def test_nothing_to_take(desk: Desk, database: Database) -> None:
    assert take_run(database, WORKER) is None


def test_each_of_many_workers_gets_another_run(desk: Desk, database: Database) -> None:
    runs = {request_run(database, OWNER, DATE) for _ in range(6)}
    workers = [replace(WORKER, id=f"worker-{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda worker: take_run(database, worker), workers))
    found = [each.id for each in taken if each is not None]
    assert sorted(found) == sorted(runs)


def test_the_run_of_a_dead_worker_is_taken_over(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    run = request_run(database, OWNER, DATE)
    assert take_run(database, WORKER)
    clock.forward(seconds=SILENT_S - 1)
    assert say_alive(
        database, WORKER, run, "solve", (Progress(seconds=1, cost_minor=5, unserved=0),)
    )
    clock.forward(seconds=SILENT_S - 1)
    assert take_run(database, OTHER) is None
    clock.forward(seconds=2)
    taken = take_run(database, OTHER)
    assert taken is not None
    assert taken.id == run
    assert not say_alive(database, WORKER, run, "solve", ())
    with pytest.raises(Refused) as refused:
        finish_run(database, WORKER, run, EMPTY)
    assert refused.value.code == "run.taken-over"
    finish_run(database, OTHER, run, EMPTY)


def test_a_run_that_kills_its_workers_is_given_up(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    request_run(database, OWNER, DATE)
    for _ in range(MOST_ATTEMPTS):
        assert take_run(database, WORKER)
        clock.forward(seconds=SILENT_S + 1)
    assert take_run(database, WORKER) is None
    assert state(database) is RunState.FAILED


def test_a_day_that_cannot_be_read_does_not_stop_the_next(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = request_run(database, OWNER, DATE), request_run(database, OWNER, DATE)
    whole, asked = take.snapshot, []

    def once_broken(*args: Any, **more: Any) -> Day:
        asked.append(1)
        if len(asked) == 1:
            raise LookupError("nowhere")
        return whole(*args, **more)

    monkeypatch.setattr(take, "snapshot", once_broken)
    taken = take_run(database, WORKER)
    assert taken is not None
    assert taken.id == second
    with database.work(OWNER) as work:
        row = work.get(RunRow, first)
        assert (row.state, row.message) == (RunState.FAILED, "LookupError: nowhere")


def test_a_cancelled_run_is_heard_of_and_has_no_plan(desk: Desk, database: Database) -> None:
    run = request_run(database, OWNER, DATE)
    assert take_run(database, WORKER)
    cancel_run(database, OWNER, run)
    assert not say_alive(database, WORKER, run, "solve", ())
    with pytest.raises(Refused) as refused:
        finish_run(database, WORKER, run, EMPTY)
    assert refused.value.code == "state.run"
    with pytest.raises(Refused):
        cancel_run(database, OWNER, run)


def test_a_failed_run_says_why(desk: Desk, database: Database) -> None:
    run = request_run(database, OWNER, DATE)
    take_run(database, WORKER)
    fail_run(database, WORKER, run, "The travel times did not answer.")
    with database.work(OWNER) as work:
        row = work.get(RunRow, run)
        assert (row.state, row.message) == (RunState.FAILED, "The travel times did not answer.")


def test_what_cannot_be_run_is_refused(database: Database) -> None:
    with pytest.raises(Refused) as refused:
        request_run(database, OWNER, DATE)
    assert refused.value.code == "organisation.missing"
    with pytest.raises(InvalidValue):
        request_run(database, OWNER, DATE, engine="magic")
    with pytest.raises(InvalidValue):
        request_run(database, OWNER, DATE, seconds=-1)
    with pytest.raises(Missing):
        cancel_run(database, OWNER, new_id())


def test_a_run_plans_an_outlet_and_what_is_below(database: Database) -> None:
    place = two_technicians().sites[0].position
    outlets = (
        Outlet(id="north", position=place),
        Outlet(id="branch", position=place, parent="north"),
        Outlet(id="south", position=place),
    )
    people = (technician("T1", outlet="branch"), technician("T2", outlet="south"))
    day = replace(two_technicians(), outlets=outlets, technicians=people)
    import_day(database, OWNER, day, outlet="north")
    with database.work(OWNER) as work:
        ids = {key: work.by_key(OutletRow, key).id for key in ("north", "branch", "south")}
    north = replace(OWNER, outlets=frozenset((ids["north"],)))
    request_run(database, north, DATE)
    taken = take_run(database, WORKER)
    assert taken is not None
    assert [person.id for person in taken.day.technicians] == ["T1"]
    assert len(taken.day.jobs) == 4
    request_run(database, north, DATE, outlet=ids["branch"])
    taken = take_run(database, WORKER)
    assert taken is not None
    assert taken.day.jobs == ()
    with pytest.raises(Missing):
        request_run(database, north, DATE, outlet=ids["south"])
    both = replace(OWNER, outlets=frozenset((ids["north"], ids["south"])))
    with pytest.raises(Refused) as refused:
        request_run(database, both, DATE)
    assert refused.value.code == "run.which-outlet"
    south = replace(OWNER, outlets=frozenset((ids["south"],)))
    with pytest.raises(Missing):
        cancel_run(database, south, taken.id)
