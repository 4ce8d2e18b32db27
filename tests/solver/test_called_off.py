"""A run that is called off ends, whatever the engine, with a plan."""

from __future__ import annotations

from itertools import count

import pytest
from tests.solver.small import Call, Small, Van

from dispatch.solver.engine import Stop
from dispatch.solver.engines import engine_names, load_engine
from dispatch.solver.problem import Problem
from dispatch.solver.run import PORTFOLIO
from dispatch.solver.timing import time_routes

FOREVER_S = 3_600


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Too much to be proven soon."""
    return Small(
        positions=[(37 * at) % 1_000 for at in range(31)],
        vans=[Van(time_price=1) for _ in range(4)],
        calls=[
            Call(place=1 + at, duration=60, windows=[(start, start + 3_000)])
            for at, start in enumerate((613 * at) % 5_000 for at in range(30))
        ],
    ).problem()


@pytest.mark.parametrize("questions", [0, 20])
@pytest.mark.parametrize("name", sorted(set(engine_names()) - {PORTFOLIO, "cpsat"}))
def test_a_run_that_is_called_off_ends(name: str, questions: int, problem: Problem) -> None:
    asked = count()
    stop = Stop(seconds=FOREVER_S, called_off=lambda: next(asked) >= questions)

    result = load_engine(name).solve(problem, stop, seed=1)

    assert next(asked) >= questions or name == "greedy"
    assert result.seconds < FOREVER_S / 2
    assert result.solution is not None
    assert time_routes(problem, result.solution.routes).solution is not None
