"""Plan a day: check, compile, solve, decode, explain, verify."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, Progress
from dispatch.errors import Finding, InvalidInput
from dispatch.planning.check import check_day
from dispatch.planning.compile import Compiled, compile_day
from dispatch.planning.decode import decode, point
from dispatch.planning.encode import encode
from dispatch.planning.explain import explain
from dispatch.planning.prune import pruned
from dispatch.planning.travel_times import TravelTimes
from dispatch.planning.verify import Verification, verify
from dispatch.solver.bounds import lower_bound
from dispatch.solver.bounds.rehearsal import are_bounds_warm, rehearse_bounds
from dispatch.solver.child import shared
from dispatch.solver.engine import Report, Result, Status, Step, Stop, never
from dispatch.solver.run import prepare, run
from dispatch.solver.solution import Solution

SHARE_FOR_BOUND = 0.2
"""Of the engine's time, beside it: how long a lower bound may take."""
LEAST_FOR_BOUND_S, MOST_FOR_BOUND_S = 1.0, 10.0
HURRIED_FOR_BOUND_S = 0.1
"""Whoever has ended the run early still learns how good the plan is, by the quickest of bounds."""


class Phase(StrEnum):
    """What planning is at."""

    CHECK = "check"
    TRAVEL = "travel"
    """And turning the day into a problem, which takes an instant."""
    COMPILE = "compile"
    """The solver's kernels, where they have not been yet; not counted into the limit."""
    SOLVE = "solve"
    BOUND = "bound"
    EXPLAIN = "explain"
    VERIFY = "verify"


class Watch(Protocol):
    """Who is told how planning goes."""

    def phase(self, name: str, part: float | None = None) -> None:
        """A phase goes on; ``part`` of it is done, where that is known."""
        ...

    def step(self, step: Progress) -> None:
        """A better plan has been found."""
        ...


class Unwatched:
    """Nobody is told."""

    def phase(self, name: str, part: float | None = None) -> None:
        """Say nothing."""

    def step(self, step: Progress) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """The answer: a plan, what an independent checker says of it, and how it came about."""

    plan: Plan
    verification: Verification
    findings: tuple[Finding, ...]
    """Warnings about the day."""
    status: Status
    message: str
    """What went wrong with the engine, where something did."""
    compiled: Compiled


def plan_day(
    day: Day,
    travel: TravelTimes,
    *,
    engine: str = "lns",
    seconds: float = 30.0,
    iterations: int | None = None,
    seed: int = 1,
    cores: int | None = None,
    initial: Plan | None = None,
    watch: Watch | None = None,
    called_off: Callable[[], bool] = never,
) -> PlannedDay:
    """Make a plan for a day.

    Parameters
    ----------
    engine
        A name of :func:`dispatch.solver.engines.engine_names`.
    seconds, iterations
        The engine stops at whichever comes first.
    seed
        With ``iterations`` it makes a run repeatable.
    cores
        For the engine ``portfolio``: how many searches at once, and of big days how many parts at
        once, as for ``partition``; all cores there are, if nothing is said.
    initial
        A plan of the same day to start from. What of it breaks a rule is left out of the start,
        and a finding says so.
    called_off
        Asked now and then while the engine is at it; True ends it with the best it has by then.

    Returns
    -------
    PlannedDay
        Also where the engine failed: then with every job left out, or the best it had. A plan
        that ``verification`` does not confirm is not to be used. An interrupt while it is
        bounded or explained leaves it without bound or reasons.

    Raises
    ------
    InvalidInput
        The day contradicts itself, or a place cannot be reached.
    InvalidValue
        No engine has this name, the limits are impossible, or the engine has but one core.
    Unavailable
        The travel times did not answer.
    """
    watch = watch or Unwatched()
    stop = Stop(seconds=seconds, iterations=iterations, called_off=called_off)
    watch.phase(Phase.CHECK)
    findings = _accepted(day)
    watch.phase(Phase.TRAVEL)
    compiled = compile_day(day, travel, progress=_part(watch, Phase.TRAVEL))
    compiled = replace(compiled, problem=shared(compiled.problem))
    prepare(engine, lambda: watch.phase(Phase.COMPILE))
    if not are_bounds_warm():
        watch.phase(Phase.COMPILE)
        rehearse_bounds()
    start, doubts = _start(compiled, initial)
    watch.phase(Phase.SOLVE)
    result = run(
        engine,
        compiled.problem,
        stop,
        seed=seed,
        cores=cores,
        initial=start,
        report=_report(watch, seconds),
    )
    watch.phase(Phase.BOUND)
    result = _bounded(compiled, result, seconds)
    plan = decode(compiled, result, engine=engine, seed=seed)
    status = result.status
    watch.phase(Phase.EXPLAIN)
    try:
        plan = replace(plan, unassigned=explain(compiled, plan, _part(watch, Phase.EXPLAIN)))
    except KeyboardInterrupt:  # the reasons can be asked for later, the plan cannot
        status = Status.INTERRUPTED
    watch.phase(Phase.VERIFY)
    return PlannedDay(
        plan=plan,
        verification=verify(day, plan, travel, progress=_part(watch, Phase.VERIFY)),
        findings=(*findings, *doubts),
        status=status,
        message=result.message,
        compiled=compiled,
    )


def _accepted(day: Day) -> tuple[Finding, ...]:
    """The warnings; an error among them refuses the day."""
    findings = check_day(day)
    if any(finding.severity == "error" for finding in findings):
        raise InvalidInput(findings)
    return findings


def _start(compiled: Compiled, initial: Plan | None) -> tuple[Solution | None, tuple[Finding, ...]]:
    if initial is None:
        return None, ()
    prices = zip(compiled.day.jobs, compiled.problem.unserved_price.tolist(), strict=True)
    may_go = {job.id: (price,) for job, price in prices}
    found = pruned(compiled, encode(compiled, initial), may_go)
    if not found.off:
        return found.timed.solution, ()
    rules = ", ".join(sorted(set(found.off.values())))
    told = Finding(
        "plan.initial-broken", values={"jobs": len(found.off), "rules": rules}, severity="warning"
    )
    return found.timed.solution, (told,)


def _bounded(compiled: Compiled, result: Result, seconds: float) -> Result:
    """With a lower bound on the cost of any plan; a weaker one if the user is in a hurry.

    What was proven of a problem that is stricter than the day is not proven of the day.
    """
    if result.status is Status.OPTIMAL:
        if compiled.is_exact:
            return result
        result = replace(result, status=Status.SOLVED)
    if not compiled.is_exact:
        result = replace(result, lower_bound=None)
    share_s = min(MOST_FOR_BOUND_S, max(LEAST_FOR_BOUND_S, SHARE_FOR_BOUND * seconds))
    if result.status is Status.INTERRUPTED:
        share_s = HURRIED_FOR_BOUND_S
    try:
        bound = max(result.lower_bound or 0, lower_bound(compiled.problem, share_s))
    except KeyboardInterrupt:
        return replace(result, status=Status.INTERRUPTED)
    return replace(result, lower_bound=bound)


def _part(watch: Watch, phase: Phase) -> Callable[[float], None]:
    return lambda done: watch.phase(phase, done)


def _report(watch: Watch, limit_s: float) -> Report:
    def report(seconds: float, solution: Solution) -> bool:
        watch.phase(Phase.SOLVE, min(1.0, seconds / limit_s))
        watch.step(point(Step(seconds, solution.cost, solution.unserved_visits)))
        return True

    return report
