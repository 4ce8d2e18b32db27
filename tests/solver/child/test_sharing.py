from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from tests.solver.small import Call, Small, Van

from dispatch.solver.child import run
from dispatch.solver.child.guards import child_environment
from dispatch.solver.child.sharing import Parcel, pack, shared
from dispatch.solver.engine import Status, Stop
from dispatch.solver.problem import Problem

BIG = 200
CHILD = """
import pickle, sys
from dispatch.solver.child.sharing import pack, unpack
problem = unpack(pickle.load(sys.stdin.buffer))
again = pack(problem)
print(int(problem.travel_s.sum()), problem.travel_s.flags.writeable, len(again.spans))
"""


def plain() -> Problem:
    calls = [Call(place=place) for place in range(1, BIG)]
    positions = tuple(range(0, 10 * BIG, 10))
    return Small(positions=positions, vans=(Van(), Van()), calls=calls).problem()


@pytest.fixture
def problem() -> Problem:
    return shared(plain())


def test_what_is_shared_stays_where_it_is(problem: Problem) -> None:
    assert shared(problem) is problem


def arrays(part: Any) -> list[np.ndarray[Any, Any]]:
    if isinstance(part, np.ndarray):
        return [part]
    slots = getattr(part, "__slots__", ())
    return [array for name in slots for array in arrays(getattr(part, name))]


def test_what_is_shared_is_the_same_and_to_read_only(problem: Problem) -> None:
    pairs = list(zip(arrays(problem), arrays(plain()), strict=True))

    assert len(pairs) > 40
    assert all((mine == theirs).all() for mine, theirs in pairs)
    assert not any(mine.flags.writeable for mine, _ in pairs)


def test_what_is_sent_does_not_hold_the_matrices(problem: Problem) -> None:
    parcel = pack(problem)

    assert len(parcel.content) < problem.travel_s.nbytes // 4
    assert {span.length for span in parcel.spans} == {problem.travel_s.nbytes}
    assert len(parcel.descriptors) == 1


def test_a_child_reads_them_and_can_pass_them_on(problem: Problem) -> None:
    parcel = pack(problem)
    told = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=pickle.dumps(parcel),
        capture_output=True,
        pass_fds=parcel.descriptors,
        env=child_environment(os.environ),
        check=True,
    )

    assert told.stdout.split() == [str(problem.travel_s.sum()).encode(), b"False", b"2"]


def test_an_engine_solves_a_shared_problem(problem: Problem) -> None:
    result = run("greedy", problem, Stop(seconds=60), seed=1)

    assert result.status is Status.SOLVED
    assert result.solution is not None
    assert result.solution.unserved_visits == 0


def test_small_things_stay_as_they_are() -> None:
    small = Small(positions=(0, 1), vans=(Van(),), calls=(Call(place=1),)).problem()

    assert shared(small) is small
    assert pack(small) == Parcel(pickle.dumps(small, protocol=5), ())
