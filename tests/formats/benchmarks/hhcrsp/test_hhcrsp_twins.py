"""What the solver's timing says can be kept, the set's checker must find kept, at that cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from dispatch.formats.benchmarks.hhcrsp.checker import check
from dispatch.formats.benchmarks.hhcrsp.model import (
    CareDay,
    Carer,
    Patient,
    Service,
    Synchronization,
)
from dispatch.formats.benchmarks.hhcrsp.solving import from_solution, to_problem, units_per_minute
from dispatch.solver.timing import time_routes

THOUSANDTHS = st.integers(0, 30_000)
BOTH = frozenset({"wash", "lift"})


@st.composite
def patients(draw: st.DrawFn, name: str, minutes: st.SearchStrategy[float]) -> Patient:
    earliest = draw(st.integers(0, 60))
    services = [Service("wash", draw(minutes))]
    kinds: list[Synchronization | None] = [None, "simultaneous", "sequential"]
    kind = draw(st.sampled_from(kinds))
    delay = (0.0, 0.0)
    if kind is not None:
        services.append(Service("lift", draw(minutes)))
    if kind == "sequential":
        least, wider = draw(THOUSANDTHS), draw(THOUSANDTHS)
        delay = (least / 1000, (least + wider) / 1000)
    latest = earliest + draw(st.integers(0, 20))
    return Patient(name, earliest, latest, tuple(services), kind, delay)


@st.composite
def days(draw: st.DrawFn) -> CareDay:
    whole = draw(st.booleans())
    minutes = st.integers(0, 30).map(float) if whole else st.floats(0, 30)
    count = draw(st.integers(1, 4))
    travel = draw(st.lists(minutes, min_size=(count + 1) ** 2, max_size=(count + 1) ** 2))
    matrix = np.array(travel).reshape(count + 1, count + 1)
    np.fill_diagonal(matrix, 0)
    return CareDay(
        patients=tuple(draw(patients(f"p{index}", minutes)) for index in range(count)),
        carers=(Carer("ann", BOTH), Carer("bo", BOTH), Carer("cy", frozenset({"wash"}))),
        travel_min=matrix,
    )


@given(days(), st.data())
def test_a_plan_that_the_solver_times_is_a_plan_of_the_set(
    day: CareDay, data: st.DataObject
) -> None:
    problem = to_problem(day)
    order = data.draw(st.permutations(range(problem.visit_count)))
    carer = [data.draw(st.integers(0, len(day.carers) - 1)) for _ in order]
    routes = [[visit for visit in order if carer[visit] == row] for row in range(len(day.carers))]
    solution = time_routes(problem, routes).solution
    event("infeasible" if solution is None else "feasible")
    if solution is None:
        return
    checked = check(day, from_solution(day, solution))
    assert checked.errors == ()
    assert checked.unserved == ()
    in_minutes = solution.cost / units_per_minute(day) / 3
    assert checked.cost == pytest.approx(in_minutes, abs=1e-2)
    if day.tolerance_min == 0:
        assert checked.cost == pytest.approx(in_minutes, rel=1e-12)
