"""Fair shares of the work of a day."""

from __future__ import annotations

from hypothesis import given
from tests.planning.drawn import busy_days
from tests.planning.made import Board, at, day, job, shift, technician

from dispatch.domain.day import Day
from dispatch.domain.plan import CostKind
from dispatch.domain.policy import Policy
from dispatch.domain.shift import Absence
from dispatch.planning.compile import compile_day
from dispatch.planning.decode import decode
from dispatch.planning.shares import expected_work_s, fair_shares
from dispatch.solver.engine import Result, Status
from dispatch.solver.timing import time_routes

JOBS = [job(f"J{number}") for number in range(4)]


def test_all_work_is_shared_by_working_time() -> None:
    people = [
        technician("T1", shifts=(shift(8, 10, "early"), shift(12, 16, "late"))),
        technician("T2", absences=(Absence(start=at(7), end=at(12)),)),
        technician("T3", absences=(Absence(start=at(7), end=at(20)),)),
    ]
    assert fair_shares(day(JOBS, people)) == {
        ("T1", "early"): 4 * 720,
        ("T1", "late"): 4 * 1_440,
        ("T2", "day"): 4 * 1_440,
        ("T3", "day"): 0,
    }


def test_whoever_is_ahead_gets_less() -> None:
    people = [technician("T1", work_ahead_s=3_600), technician("T2", work_ahead_s=-1_800)]
    shares = fair_shares(day(JOBS, people))
    assert shares == {("T1", "day"): 8_100 - 3_600, ("T2", "day"): 8_100 + 1_800}
    far = [technician("T1", work_ahead_s=36_000), technician("T2")]
    assert fair_shares(day(JOBS, far))["T1", "day"] == 0


@given(busy_days())
def test_nobody_is_due_less_than_nothing_and_together_all_work(drawn: Day) -> None:
    shares = fair_shares(drawn)
    assert all(share >= 0 for share in shares.values())
    short = len(shares)
    assert sum(shares.values()) >= expected_work_s(drawn) - short or not any(shares.values())


def test_time_on_visits_past_the_share_is_paid_for() -> None:
    people = [technician("T1"), technician("T2")]
    made = day(JOBS, people, policy=Policy(unfairness_minor_per_h=720))
    compiled = compile_day(made, Board())
    for rows, cost in (([[0, 1], [2, 3]], 0), ([[0, 1, 2], [3]], 720)):
        solution = time_routes(compiled.problem, rows).solution
        assert solution is not None
        plan = decode(compiled, Result(status=Status.SOLVED, solution=solution))
        assert plan.costs_minor[CostKind.UNFAIRNESS] == cost
