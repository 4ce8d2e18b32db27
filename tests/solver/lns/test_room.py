"""Making room for a job that is left out."""

from __future__ import annotations

import numpy as np
import pytest
from tests.solver.small import Call, Pause, Small, Tie, Van

from dispatch.solver.arrays import Ints
from dispatch.solver.lns.room import Room
from dispatch.solver.problem import Problem
from dispatch.solver.timing import time_routes

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
    made = Room(problem, 1).made(crew_first())
    assert made[0].tolist() == [2]
    timed = time_routes(problem, made).solution
    assert timed is not None
    assert timed.unserved_visits == 0


def test_a_job_that_is_worth_no_route_gets_none() -> None:
    routes = crew_first()
    assert Room(scarce(unserved=0), 1).made(routes) is routes


def test_where_nothing_is_left_out_nothing_is_done() -> None:
    routes = [np.array([2]), np.array([0]), np.array([1])]
    assert Room(scarce(), 1).made(routes) is routes


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
    made = Room(problem, 1).made([np.array([0]), NOBODY])
    assert made[1].tolist() == [2, 1]


@pytest.mark.parametrize("paid", [True, False])
def test_a_try_that_has_not_paid_is_taken_back(paid: bool) -> None:
    """What the search made of it in the meantime is what counts."""
    problem, before = scarce(), crew_first()
    room = Room(problem, 1)
    made = room.tried(before, more=True)
    assert made is not before
    later = made if paid else [NOBODY, NOBODY, NOBODY]
    kept = room.tried(later, more=False)
    assert [row.tolist() for row in kept] == [row.tolist() for row in (made if paid else before)]
