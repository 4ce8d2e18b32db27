"""Making room for a job that is left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from tests.solver.small import Call, Pause, Small, Tie, Van

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Stop
from dispatch.solver.lns import room as lns_room
from dispatch.solver.lns.room import Room
from dispatch.solver.problem import Problem
from dispatch.solver.timing import time_routes

FOREVER = Stop(seconds=3_600)
NOBODY: Ints = np.zeros(0, np.int64)


def scarce(unserved: int = 1_000) -> Problem:
    """The last call is for the first van alone, which has a crew's seat that others could have."""
    return Small(
        positions=[0],
        vans=[Van(), Van(), Van()],
        calls=[
            Call(place=0, group=0, windows=[(0, 20)], duration=30),
            Call(place=0, group=0, windows=[(0, 20)], duration=30),
            Call(place=0, group=1, windows=[(0, 20)], duration=30, only=(0,)),
        ],
        ties=[Tie(before=0, after=1, low=0, high=0)],
        unserved=unserved,
    ).problem()


def crew_first() -> list[Ints]:
    return [np.array([0]), np.array([1]), NOBODY]


def test_a_crew_makes_room_for_what_nobody_else_may_do() -> None:
    problem = scarce()
    made = Room(problem, FOREVER, 1).made(crew_first())
    assert made[0].tolist() == [2]
    timed = time_routes(problem, made).solution
    assert timed is not None
    assert timed.unserved_visits == 0


def test_a_job_that_is_worth_no_route_gets_none() -> None:
    routes = crew_first()
    assert Room(scarce(unserved=0), FOREVER, 1).made(routes) is routes


def test_where_nothing_is_left_out_nothing_is_done() -> None:
    routes = [np.array([2]), np.array([0]), np.array([1])]
    assert Room(scarce(), FOREVER, 1).made(routes) is routes


def test_a_technician_at_home_takes_breaks_as_well() -> None:
    problem = Small(
        positions=[0],
        vans=[Van(), Van()],
        calls=[
            Call(place=0, group=0, windows=[(0, 200)], duration=30),
            Call(place=0, group=1, windows=[(20, 200)], duration=30, only=(1,)),
        ],
        pauses=[Pause(van=1, earliest=0, latest=10, duration=10)],
        unserved=1_000,
    ).problem()
    made = Room(problem, FOREVER, 1).made([np.array([0]), NOBODY])
    assert made[1].tolist() == [2, 1]


@pytest.mark.parametrize("paid", [True, False])
def test_a_try_that_has_not_paid_is_taken_back(paid: bool) -> None:
    """What the search made of it in the meantime is what counts."""
    problem, before = scarce(), crew_first()
    room = Room(problem, FOREVER, 1)
    made = room.tried(before, more=True)
    assert made is not before
    later = made if paid else [NOBODY, NOBODY, NOBODY]
    kept = room.tried(later, more=False)
    assert [row.tolist() for row in kept] == [row.tolist() for row in (made if paid else before)]


def test_tries_take_no_more_than_their_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(lns_room, "perf_counter", lambda: clock[0])
    tries: list[float] = []

    class Slow(Room):
        def made(self, routes: Sequence[Ints]) -> Sequence[Ints]:
            tries.append(clock[0])
            clock[0] += 1.0
            return routes

    room = Slow(scarce(), FOREVER, 1)
    while clock[0] < 100:
        room.tried(crew_first(), more=True)
        clock[0] += 0.5
    assert len(tries) == 10
    assert tries[1] >= 10


def test_tries_go_by_no_clock_where_a_run_is_to_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lns_room, "perf_counter", lambda: 0.0)
    room = Room(scarce(), Stop(seconds=3_600, iterations=10), 1)
    room._spent_s = 1.0
    assert room.tried(crew_first(), more=True)[0].tolist() == [2]
