"""Any day goes from its check to a verified plan, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.planning.drawn import busy_days
from tests.planning.faults.workable import workable_days
from tests.planning.made import Board
from tests.strategies import small_days

from dispatch.domain.day import Day
from dispatch.errors import InvalidInput
from dispatch.formats.day_json import day_json, read_day
from dispatch.formats.plan_json import plan_json, read_plan
from dispatch.operations.plan_day import PlannedDay, plan_day
from dispatch.planning.check import check_day
from dispatch.planning.verify import verify
from dispatch.solver.engine import Result, Status, Stop
from dispatch.solver.engines import load_engine
from dispatch.solver.problem import Problem

ANY = settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])


def here(engine: str, problem: Problem, stop: Stop, **_: object) -> Result:
    """Solve in this process: a child for each example would take too long."""
    return load_engine(engine).solve(problem, stop, seed=1)


@pytest.fixture(autouse=True, scope="module")
def in_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dispatch.operations.plan_day.run", here)
        yield


def planned(day: Day, engine: str = "greedy") -> PlannedDay | None:
    """The answer; none if the check refuses the day."""
    if any(finding.severity == "error" for finding in check_day(day)):
        with pytest.raises(InvalidInput):
            plan_day(day, Board(), engine="greedy")
        return None
    searched = None if engine == "greedy" else 30  # all is placed, and then moved about
    return plan_day(day, Board(), engine=engine, seconds=60, iterations=searched)


@ANY
@given(st.one_of(busy_days(), workable_days(), small_days()), st.sampled_from(["greedy", "lns"]))
def test_any_day_gets_a_verified_and_explained_plan(day: Day, engine: str) -> None:
    answer = planned(day, engine)
    if answer is None:
        return
    assert answer.status is Status.SOLVED
    assert [str(fault) for fault in answer.verification.faults] == []
    served = {visit.job for route in answer.plan.routes for visit in route.visits}
    left_out = {unassigned.job for unassigned in answer.plan.unassigned}
    assert served | left_out == {job.id for job in day.jobs}
    assert not served & left_out
    assert all(unassigned.reasons for unassigned in answer.plan.unassigned)


@ANY
@given(busy_days())
def test_a_plan_from_files_is_verified_as_the_one_in_memory(day: Day) -> None:
    answer = planned(day)
    assert answer is not None
    again = verify(read_day(day_json(day)), read_plan(plan_json(answer.plan)), Board())
    assert [str(fault) for fault in again.faults] == []
