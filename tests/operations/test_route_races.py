"""Two people at one route: what one sees to fit is written down, and nothing else is undone."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk, two_technicians
from tests.operations.test_crews import BEGIN, PAIR, say, seat
from tests.operations.test_pool import offer, technician_id, visit_of
from tests.planning.made import at, job, technician
from tests.planning.made import day as made_day

from dispatch.domain.action import ActionKind
from dispatch.domain.job import PinLevel
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Refused, Stale
from dispatch.operations.board import assign
from dispatch.operations.board.assign import assign_visit, pin_visit, unassign_visit
from dispatch.operations.board.release import release_day
from dispatch.operations.jobs.decide import hold_job
from dispatch.operations.pool import claim
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.push import answer, transfer
from dispatch.operations.push.answer import accept_push
from dispatch.operations.push.send import send_push
from dispatch.operations.push.transfer import transfer_visit
from dispatch.store.audit import audit
from dispatch.store.database import Database

LOOKS = {
    "claim": (claim, "fitting"),
    "assign": (assign, "fit_on"),
    "push": (answer, "first_fit"),
    "transfer": (transfer, "route_day"),
}
"""By what each sees how a visit goes into a route."""


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database).imported(two_technicians())


def give(database: Database, key: str, to: str) -> UUID:
    visit = visit_of(database, key).id
    assign_visit(database, OWNER, visit, technician_id(database, to), TRAVEL, day=DATE)
    return visit


def giving(database: Database, way: str) -> Callable[[], object]:
    """Give J3 to T1, who has J1 already."""
    t1, visit = technician_id(database, "T1"), visit_of(database, "J3").id
    if way == "claim":
        made = offer(database, "J3")
        return lambda: claim_offer(database, OWNER, made, t1, TRAVEL)
    if way == "push":
        push = send_push(database, OWNER, visit, TRAVEL, technician=t1)
        return lambda: accept_push(database, OWNER, push, t1, TRAVEL)
    if way == "transfer":
        give(database, "J3", "T2")
        return lambda: transfer_visit(database, OWNER, visit, TRAVEL, reason="ill", to=t1)
    return lambda: assign_visit(database, OWNER, visit, t1, TRAVEL, day=DATE)


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, database: Database, way: str, deed: Callable[[], object]
) -> Future[object]:
    """Let somebody else do something between the look at the route and the writing; it waits."""
    module, name = LOOKS[way]
    real, threads, asked = getattr(module, name), ThreadPoolExecutor(1), Future[object]()

    def slowly(*given: Any) -> Any:
        found = real(*given)
        monkeypatch.setattr(module, name, real)
        done = threads.submit(deed)
        done.add_done_callback(lambda told: asked.set_result(told.exception()))
        end = time.monotonic() + 30
        while not _waits(database):
            assert time.monotonic() < end
            assert not done.done(), "it did not wait"
            time.sleep(0.01)
        threads.shutdown(wait=False)
        return found

    monkeypatch.setattr(module, name, slowly)
    return asked


def _waits(database: Database) -> bool:
    with database.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


@pytest.mark.parametrize("way", LOOKS)
def test_what_is_taken_off_meanwhile_stays_off(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    taken_off = give(database, "J1", "T1")
    put = giving(database, way)
    asked = meanwhile(
        monkeypatch, database, way, lambda: unassign_visit(database, OWNER, taken_off)
    )
    put()
    assert asked.result(30) is None
    assert visit_of(database, "J1").state is VisitState.UNSCHEDULED
    assert visit_of(database, "J3").technician_id == technician_id(database, "T1")
    assert audit(database).findings == ()


def test_who_holds_a_job_meanwhile_finds_it_as_it_is(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(database, "J1", "T1")
    put = giving(database, "claim")
    job = visit_of(database, "J1").job_id
    asked = meanwhile(
        monkeypatch, database, "claim", lambda: hold_job(database, OWNER, job, why="no part")
    )
    put()
    refused = asked.result(30)
    state = visit_of(database, "J1").state
    assert refused is None or isinstance(refused, Stale)
    assert (state is VisitState.UNSCHEDULED) is (refused is None)
    assert audit(database).findings == ()


def test_what_is_pinned_meanwhile_is_pinned_where_it_is(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = give(database, "J1", "T1")
    put = giving(database, "claim")
    asked = meanwhile(
        monkeypatch, database, "claim", lambda: pin_visit(database, OWNER, pinned, PinLevel.TIME)
    )
    put()
    assert asked.result(30) is None
    visit = visit_of(database, "J1")
    assert visit.start_at is not None
    assert visit.pin is not None
    assert visit.pin["start"] == visit.start_at.isoformat().replace("+00:00", "Z")


def test_two_visits_change_places_and_nobody_waits_in_a_circle(
    desk: Desk, database: Database
) -> None:
    visits = [give(database, "J1", "T1"), give(database, "J2", "T2")]
    people = [technician_id(database, name) for name in ("T1", "T2")]
    for turn in range(6):
        start, refused = Barrier(2), list[str]()

        def put(number: int, turn: int = turn, start: Barrier = start) -> None:
            to = people[(number + turn + 1) % 2]
            start.wait(30)
            assign_visit(database, OWNER, visits[number], to, TRAVEL, day=DATE)

        with ThreadPoolExecutor(2) as threads:
            for done in [threads.submit(put, number) for number in range(2)]:
                try:
                    done.result()
                except Refused as error:
                    refused.append(error.code)
        assert refused == []
    assert visit_of(database, "J1").start_at == at(8) + timedelta(minutes=10)


def test_the_phone_of_another_of_a_crew_is_not_waited_for_in_a_circle(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of either seat: what the others of a crew have to do is not held for whoever gets more."""
    people = [technician("T1"), technician("T2")]
    crew = Desk(database).imported(made_day([job("J1", crew=PAIR), job("J3")], people))
    crew.publish(crew.plan())
    release_day(database, OWNER, DATE)
    clock.now = at(7)
    for mine, other in ((0, 1), (1, 0)):
        unassign_visit(database, OWNER, visit_of(database, "J3").id)
        said = partial(say, database, other, *((ActionKind.DEPART,) if mine == 0 else BEGIN[:2]))
        real, threads, told = assign.fit_on, ThreadPoolExecutor(1), list[Future[None]]()
        begin = partial(threads.submit, said)

        def slowly(*given: Any, real: Any = real, told: Any = told, begin: Any = begin) -> Any:
            found = real(*given)
            told.append(begin())
            time.sleep(0.3)  # by then it has what it needs, or waits
            return found

        monkeypatch.setattr(assign, "fit_on", slowly)
        taker = seat(database, mine).technician_id
        assert taker is not None
        assign_visit(database, OWNER, visit_of(database, "J3").id, taker, TRAVEL, day=DATE)
        monkeypatch.setattr(assign, "fit_on", real)
        told[0].result(30)
        threads.shutdown()
