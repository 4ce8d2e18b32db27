from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.made import Board, at, day, job, shift, technician, window

from dispatch.domain.job import Crew, Dependency, Seat
from dispatch.domain.plan import CostKind, Plan, Progress
from dispatch.domain.policy import PRIORITIES, Policy
from dispatch.errors import InvalidInput, InvalidValue
from dispatch.operations.plan_day import Phase, plan_day
from dispatch.solver.engine import Status


class Notebook:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.steps: list[Progress] = []

    def phase(self, name: str, part: float | None = None) -> None:
        if name not in self.phases:
            self.phases.append(name)
        assert part is None or 0 <= part <= 1

    def step(self, step: Progress) -> None:
        self.steps.append(step)


JOBS = [job("J1"), job("J2", site="west"), job("J3", prohibited_technicians=("T1",))]


def test_a_day_is_planned_verified_and_explained() -> None:
    told = Notebook()
    answer = plan_day(day(JOBS), Board(), engine="greedy", seconds=30, seed=7, watch=told)
    assert answer.status is Status.SOLVED
    assert answer.verification.ok
    assert answer.plan.engine == "greedy"
    assert answer.plan.seed == 7
    (left_out,) = answer.plan.unassigned
    assert (left_out.job, left_out.reasons[0].code) == ("J3", "job.held")
    assert [finding.code for finding in answer.findings] == ["job.nobody.technician.prohibited"]
    assert [phase for phase in told.phases if phase != Phase.COMPILE] == [
        phase for phase in Phase if phase != Phase.COMPILE
    ]
    assert told.steps[-1].cost_minor == answer.plan.cost_minor
    assert answer.plan.curve[-1].cost_minor == answer.plan.cost_minor


def test_a_plan_says_how_much_a_better_one_could_save_at_most() -> None:
    plan = plan_day(day(JOBS), Board(), engine="greedy").plan
    cost, bound = plan.cost_minor, plan.lower_bound_minor
    assert bound is not None
    assert 0 < bound <= cost
    assert plan.gap == pytest.approx((cost - bound) / cost)
    assert replace(plan, lower_bound_minor=cost + 1).gap == 0
    assert replace(plan, lower_bound_minor=None).gap is None


def test_a_plan_whose_run_was_ended_early_says_so_too() -> None:
    answer = plan_day(day(JOBS), Board(), engine="lns", called_off=lambda: True)
    assert answer.status is Status.INTERRUPTED
    assert answer.plan.gap is not None


def test_nothing_can_be_saved_on_a_plan_that_is_proven() -> None:
    answer = plan_day(day(JOBS), Board(), engine="cpsat", seconds=60)
    assert answer.status is Status.OPTIMAL
    assert answer.plan.gap == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(("max_delay_s", "status"), [(None, Status.OPTIMAL), (600, Status.SOLVED)])
def test_nothing_is_proven_where_the_search_sees_fewer_plans_than_the_rules_allow(
    max_delay_s: int | None, status: Status
) -> None:
    crew = Crew(seats=(Seat(), Seat()))
    after = job("J2", dependencies=(Dependency(job="J1", max_delay_s=max_delay_s),))
    staff = [technician("T1"), technician("T2")]
    made = day([job("J1", crew=crew), after], staff, policy=Policy(wage_minor_per_h=0))
    answer = plan_day(made, Board(), engine="cpsat", seconds=60)
    assert answer.verification.ok
    assert answer.status is status
    assert not answer.plan.unassigned
    assert answer.plan.gap is not None


def test_a_day_that_contradicts_itself_is_refused_whole() -> None:
    with pytest.raises(InvalidInput) as refused:
        plan_day(day([job(site="x"), job(type="y")]), Board(), engine="greedy")
    codes = {finding.code for finding in refused.value.findings}
    assert codes == {"day.unknown.site", "day.unknown.job-type", "day.twice.jobs"}


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(InvalidValue):
        plan_day(day(JOBS), Board(), engine="magic")


def test_a_plan_to_start_from_is_kept_where_nothing_is_better() -> None:
    made = day(JOBS)
    first = plan_day(made, Board(), engine="greedy").plan
    answer = plan_day(made, Board(), engine="greedy", initial=first)
    assert answer.plan.routes == first.routes
    assert "plan.initial-broken" not in {finding.code for finding in answer.findings}


def test_what_of_a_plan_breaks_a_rule_is_not_started_from() -> None:
    first: Plan = plan_day(day(JOBS), Board(), engine="greedy").plan
    moved = day([job("J1", windows=(window(9, 9),)), *JOBS[1:]])
    early = day([job("J1", windows=(window(20, 21),)), *JOBS[1:]])
    assert plan_day(moved, Board(), engine="greedy", initial=first).verification.ok
    answer = plan_day(early, Board(), engine="greedy", initial=first)
    (told,) = [found for found in answer.findings if found.code == "plan.initial-broken"]
    assert told.values == {"jobs": 1, "rules": "not-allowed"}
    assert answer.verification.ok


def test_a_day_without_people_is_an_answer() -> None:
    answer = plan_day(day(JOBS[:2], []), Board(), engine="greedy")
    assert answer.verification.ok
    assert [left_out.reasons[0].code for left_out in answer.plan.unassigned] == [
        "job.nobody-works"
    ] * 2


def test_a_day_of_two_dates_is_planned_over_both() -> None:
    staff = [technician(shifts=(shift(8, 10, "today"), shift(32, 34, "tomorrow")))]
    made = replace(day([job("J1"), job("J2"), job("J3")], staff), end=at(48))
    answer = plan_day(made, Board(), engine="greedy")
    assert answer.verification.ok
    assert {route.shift for route in answer.plan.routes} == {"today", "tomorrow"}


def test_an_interrupt_while_explaining_keeps_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dispatch.operations.plan_day.explain", interrupted)
    answer = plan_day(day(JOBS), Board(), engine="greedy")
    assert answer.status is Status.INTERRUPTED
    assert answer.verification.ok
    assert answer.plan.routes
    assert [(left_out.job, left_out.reasons) for left_out in answer.plan.unassigned] == [("J3", ())]


def test_where_nothing_has_a_price_jobs_are_done_all_the_same() -> None:
    free = Policy(
        travel_minor_per_km=0,
        wage_minor_per_h=0,
        not_preferred_technician_minor=0,
        unserved_minor=dict.fromkeys(PRIORITIES, 0),
    )
    answer = plan_day(day(JOBS[:2], policy=free), Board(), engine="greedy")
    assert answer.verification.ok
    assert answer.plan.unassigned == ()
    assert answer.plan.cost_minor == 0


def test_a_job_that_is_days_overdue_is_not_left_out_to_save_its_lateness() -> None:
    overdue = job("J1", priority=1, sla_due=at(-96))
    answer = plan_day(day([overdue]), Board(), engine="greedy", seconds=30, seed=1)
    assert not answer.plan.unassigned
    assert answer.verification.ok


def test_leaving_out_costs_priority_revenue_and_lateness_until_the_window_ends() -> None:
    crew = Crew(seats=(Seat(), Seat()))
    alone = job("J1", priority=2, sla_due=at(22), revenue_minor=7, crew=crew)
    answer = plan_day(day([alone]), Board(), engine="greedy", seconds=30, seed=1)
    policy = Policy()
    late = 2 * 120 * policy.lateness_minor_per_min[2]
    assert [left.job for left in answer.plan.unassigned] == ["J1"]
    assert answer.plan.costs_minor[CostKind.UNSERVED] == policy.unserved_minor[2] + 7 + late
    assert answer.verification.ok


def test_a_compile_is_announced_before_the_clock_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    warmed: list[str] = []
    monkeypatch.setattr("dispatch.solver.run.is_warm", warmed.__contains__)
    monkeypatch.setattr("dispatch.solver.child.warm_up", warmed.append)
    first, again = Notebook(), Notebook()
    for told in (first, again):
        plan_day(day(JOBS), Board(), engine="greedy", seconds=30, watch=told)
    assert warmed == ["greedy"]
    assert first.phases == list(Phase)
    assert Phase.COMPILE not in again.phases
