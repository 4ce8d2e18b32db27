"""Runs are planned by whoever is there, and none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import select, text
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, WORKER, Desk, two_technicians

from dispatch.domain.plan import Progress
from dispatch.domain.states.offer import OfferState
from dispatch.domain.states.run import PlanState, RunState
from dispatch.errors import Unavailable
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.plan_day import PlannedDay
from dispatch.operations.pool.offer import offer_visit
from dispatch.operations.runs.cancel import cancel_run
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.take import SILENT_S, take_run
from dispatch.solver.engine import Status
from dispatch.store.database import Database, wall_clock
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.plans import PlanRow, RunRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.worker import planning, rounds
from dispatch.worker.app import queue_app
from dispatch.worker.planning import plan_runs, work_on
from dispatch.worker.pulse import MOST_STEPS, Pulse
from dispatch.worker.rounds import look_round

PATIENCE_S = 60


def run_of(database: Database, run: UUID) -> RunRow:
    with database.work(OWNER) as work:
        return work.get(RunRow, run)


def asked(database: Database, seconds: float = 1, engine: str = "greedy") -> UUID:
    return request_run(database, OWNER, DATE, engine=engine, seconds=seconds)


def waiting_tasks(database: Database) -> list[str]:
    with database.connect() as connection:
        found = connection.execute(
            text("SELECT task_name FROM queue.procrastinate_jobs WHERE status = 'todo'")
        )
        return [row.task_name for row in found]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database).imported(two_technicians())


def test_all_that_waits_is_planned(desk: Desk) -> None:
    runs = [asked(desk.database) for _ in range(2)]
    assert plan_runs(desk.database, WORKER, TRAVEL, Event()) == 2
    for run in runs:
        assert run_of(desk.database, run).state is RunState.SOLVED
    with desk.database.work(OWNER) as work:
        plans = list(work.session.scalars(select(PlanRow)))
    assert {plan.run_id for plan in plans} == set(runs)
    assert all(plan.state is PlanState.DRAFT for plan in plans)


def test_a_run_starts_from_the_board_as_it_stands(database: Database) -> None:
    """From nothing, one of them would do all four: here it costs nothing to change a board."""
    day = two_technicians()
    free = replace(day.policy, technician_swapped_minor=0, order_changed_minor=0)
    desk = Desk(database).imported(replace(day, policy=free))
    with desk.database.work(OWNER) as work:
        people = {row.key: row.id for row in work.session.scalars(select(TechnicianRow))}
        visits = {row.job.key: row.id for row in work.session.scalars(select(VisitRow))}
    for job, person in (("J1", "T2"), ("J2", "T1"), ("J3", "T2")):
        assign_visit(desk.database, OWNER, visits[job], people[person], TRAVEL, day=DATE)
    run = asked(desk.database)
    plan_runs(desk.database, WORKER, TRAVEL, Event())
    with desk.database.work(OWNER) as work:
        plan = work.session.scalars(select(PlanRow).where(PlanRow.run_id == run)).one()
    has = {
        visit["job"]: route["technician"]
        for route in plan.said["routes"]
        for visit in route["visits"]
    }
    assert has.pop("J4") in people
    assert has == {"J1": "T2", "J2": "T1", "J3": "T2"}


def test_asking_for_a_run_wakes_a_worker_and_a_failed_wish_does_not(desk: Desk) -> None:
    asked(desk.database)
    assert waiting_tasks(desk.database) == ["plan_runs"]
    with pytest.raises(Exception, match="engine"):
        asked(desk.database, engine="none")
    assert waiting_tasks(desk.database) == ["plan_runs"]


def test_a_bad_day_fails_its_run_and_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning.plan_day

    def first_fails(*given: object, **named: object) -> object:
        monkeypatch.setattr(planning, "plan_day", real)
        raise MemoryError("too large")

    bad, good = asked(desk.database), asked(desk.database)
    monkeypatch.setattr(planning, "plan_day", first_fails)
    plan_runs(desk.database, WORKER, TRAVEL, Event())
    assert run_of(desk.database, bad).state is RunState.FAILED
    assert "too large" in run_of(desk.database, bad).message
    assert run_of(desk.database, good).state is RunState.SOLVED


def test_what_a_database_says_of_a_row_is_neither_logged_nor_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        with desk.database.connect() as connection:
            connection.execute(text("SELECT 'Tomas Lindqvist'::uuid"))

    run = asked(desk.database)
    monkeypatch.setattr(planning, "plan_day", fails)
    plan_runs(desk.database, WORKER, TRAVEL, Event())
    assert run_of(desk.database, run).message == "DataError"
    told = "".join(record.getMessage() for record in caplog.records)
    assert "sqlalchemy.exc.DataError (22P02)" in told
    assert "in fails" in told
    assert "Tomas" not in caplog.text


def test_what_the_checker_refuses_is_no_plan(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked(desk.database)
    monkeypatch.setattr(planning, "_doubt", lambda planned: "unverified: planted")
    plan_runs(desk.database, WORKER, TRAVEL, Event())
    assert run_of(desk.database, run).state is RunState.FAILED
    assert run_of(desk.database, run).message == "unverified: planted"


@pytest.mark.parametrize(
    ("status", "found", "state"),
    [
        (Status.FAILED, False, RunState.FAILED),
        (Status.TIMED_OUT, False, RunState.FAILED),
        (Status.FAILED, True, RunState.SOLVED),
    ],
)
def test_an_engine_that_failed_early_has_no_plan(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, status: Status, found: bool, state: RunState
) -> None:
    real = planning.plan_day

    def fails(*given: object, **named: object) -> PlannedDay:
        good = real(*given, **named)  # type: ignore[arg-type]
        plan = good.plan if found else replace(good.plan, routes=(), curve=())
        return replace(good, status=status, message="it crashed", plan=plan)

    run = asked(desk.database)
    monkeypatch.setattr(planning, "plan_day", fails)
    plan_runs(desk.database, WORKER, TRAVEL, Event())
    ended = run_of(desk.database, run)
    assert (ended.state, ended.message) == (state, "it crashed")


def test_a_cancelled_run_ends_within_moments(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = asked(desk.database)
    taken = take_run(desk.database, WORKER)
    assert taken is not None
    heard = Event()

    def plan_until_called_off(*_: object, called_off: Callable[[], bool], **__: object) -> None:
        cancel_run(desk.database, OWNER, run)
        end = time.monotonic() + PATIENCE_S
        while not called_off() and time.monotonic() < end:
            time.sleep(0.05)
        heard.set()
        raise Unavailable("store.embedded", folder="", reason="whatever it was")

    monkeypatch.setattr(planning, "plan_day", plan_until_called_off)
    work_on(desk.database, WORKER, taken, TRAVEL, Event())
    assert heard.is_set()
    assert run_of(desk.database, run).state is RunState.CANCELLED


def test_a_worker_that_closes_gives_its_run_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(desk.database)
    closing, real = Event(), planning.plan_day

    def close_meanwhile(*given: object, **named: object) -> object:
        closing.set()
        return real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "plan_day", close_meanwhile)
    assert plan_runs(desk.database, WORKER, TRAVEL, closing) == 1
    back = run_of(desk.database, run)
    assert (back.state, back.attempts, back.worker) == (RunState.QUEUED, 0, None)
    monkeypatch.setattr(planning, "plan_day", real)
    assert plan_runs(desk.database, WORKER, TRAVEL, Event()) == 1
    assert run_of(desk.database, run).state is RunState.SOLVED


def test_a_run_says_how_far_it_is(desk: Desk) -> None:
    run = asked(desk.database)
    assert take_run(desk.database, WORKER) is not None
    with Pulse(desk.database, WORKER, run, beat_s=0.01) as pulse:
        pulse.phase("solve", 0.25)
        for at in range(2 * MOST_STEPS):
            pulse.step(Progress(seconds=at, cost_minor=10_000 - at, unserved=0))
        end = time.monotonic() + PATIENCE_S
        while run_of(desk.database, run).phase == "" and time.monotonic() < end:
            time.sleep(0.02)
    found = run_of(desk.database, run)
    assert found.phase == "solve 25%"
    assert len(found.progress) <= MOST_STEPS
    assert found.progress[0]["seconds"] == 0


def test_rounds_close_what_is_over_and_wake_somebody_for_what_nobody_is_at(
    desk: Desk, clock: SetClock
) -> None:
    with desk.database.work(OWNER) as work:
        visit = work.session.scalars(select(VisitRow.id).limit(1)).one()
    over = clock.now.replace(hour=7)
    offer = offer_visit(desk.database, OWNER, visit, fee_minor=1, expires_at=over, then_push=False)
    run = asked(desk.database)
    assert take_run(desk.database, WORKER) is not None
    with desk.database.connect() as connection:
        connection.execute(text("SET LOCAL search_path = queue"))
        connection.execute(text("DELETE FROM procrastinate_jobs"))
        connection.commit()
    look_round(desk.database, WORKER, TRAVEL)
    assert waiting_tasks(desk.database) == []
    clock.now = over
    assert SILENT_S < 3_600
    look_round(desk.database, WORKER, TRAVEL)
    assert waiting_tasks(desk.database) == ["plan_runs"]
    assert run_of(desk.database, run).state is RunState.SOLVING
    with desk.database.work(OWNER) as work:
        assert work.get(OfferRow, offer).state is OfferState.EXPIRED


def test_what_fails_of_a_round_is_in_nothing_elses_way(
    desk: Desk, clock: SetClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with desk.database.work(OWNER) as work:
        visit = work.session.scalars(select(VisitRow.id).limit(1)).one()
    over = clock.now.replace(hour=7)
    offer = offer_visit(desk.database, OWNER, visit, fee_minor=1, expires_at=over, then_push=False)
    clock.now = over

    def fail(*_: object) -> None:
        raise ValueError("Tomas Lindqvist, 17 Hidden Lane")

    for name in ("award_offers", "push_unclaimed"):
        monkeypatch.setattr(rounds, name, fail)
    look_round(desk.database, WORKER, TRAVEL)
    with desk.database.work(OWNER) as work:
        assert work.get(OfferRow, offer).state is OfferState.EXPIRED
    told = [record.getMessage() for record in caplog.records if record.name == rounds.__name__]
    assert len(told) == 2
    assert all("ValueError at test_worker.py:" in line for line in told)
    assert "Tomas" not in caplog.text


PROGRAM = """
    import sys
    from dispatch.store.database import Database
    from dispatch.worker.app import run_worker
    from tests.planning.made import Board
    run_worker(Database(sys.argv[1]), Board())
"""


def start_worker(database: Database) -> subprocess.Popen[bytes]:
    url = database.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), url],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def wait_for(database: Database, run: UUID, state: RunState) -> None:
    end = time.monotonic() + PATIENCE_S
    while run_of(database, run).state is not state:
        assert time.monotonic() < end, run_of(database, run).state
        time.sleep(0.1)


@pytest.mark.slow
def test_a_killed_workers_run_is_finished_by_another(desk: Desk) -> None:
    desk.database.clock = wall_clock
    run = asked(desk.database, seconds=300, engine="lns")
    first = start_worker(desk.database)
    wait_for(desk.database, run, RunState.SOLVING)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert run_of(desk.database, run).state is RunState.SOLVING
    with desk.database.connect() as connection:  # rather than wait until its silence is long
        connection.execute(
            text("UPDATE run SET alive_at = alive_at - interval '1 hour', seconds = 1")
        )
        connection.commit()
    second = start_worker(desk.database)
    try:
        wait_for(desk.database, run, RunState.SOLVED)
        assert run_of(desk.database, run).attempts == 2
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(PATIENCE_S) == 0


def test_the_queue_knows_what_it_is_woken_for(database: Database) -> None:
    app = queue_app(database, WORKER, TRAVEL, Event())
    assert {"plan_runs", "look_round"} <= set(app.tasks)
