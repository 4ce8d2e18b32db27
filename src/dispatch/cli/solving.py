"""What ``solve`` and ``run`` share: planning under the eyes of the user, and the last word."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.bootstrap import TravelSource
from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.faults import fault_json, print_faults
from dispatch.cli.solve_view import solve_view
from dispatch.cli.summary import print_summary, summary_json
from dispatch.cli.terminal import Terminal, finding_json
from dispatch.domain.day import Day
from dispatch.domain.plan import Plan
from dispatch.operations.plan_day import PlannedDay, plan_day
from dispatch.solver.engine import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """With what to solve, and for how long."""

    engine: str
    time: float
    iterations: int | None
    seed: int
    cores: int | None = None
    initial: Plan | None = None


def solve_in_view(terminal: Terminal, day: Day, source: TravelSource, effort: Effort) -> PlannedDay:
    """Plan a day and show how it goes."""
    with solve_view(terminal, day.policy.currency, effort.time) as view:
        return plan_day(
            day,
            source.travel,
            engine=effort.engine,
            seconds=effort.time,
            iterations=effort.iterations,
            seed=effort.seed,
            cores=effort.cores,
            initial=effort.initial,
            watch=view,
        )


def report_on(terminal: Terminal, day: Day, planned: PlannedDay, *, as_json: bool) -> None:
    """The figures of the plan, and all that is doubtful about it."""
    verified = planned.verification.ok
    if as_json:
        terminal.json(
            {
                **summary_json(day, planned.plan, verified=verified),
                "status": planned.status.value,
                "message": planned.message,
                "findings": [finding_json(found, terminal.lang) for found in planned.findings],
                "faults": [
                    fault_json(fault, terminal.lang) for fault in planned.verification.faults
                ],
            }
        )
        return
    terminal.findings(planned.findings, beside=True)
    if planned.status is Status.INTERRUPTED:
        terminal.note("solve.interrupted")
    if planned.message:
        terminal.note("solve.trouble", message=planned.message)
    print_summary(terminal, day, planned.plan, verified=verified)
    if not verified:
        print_faults(terminal, planned.verification, planned.plan.travel)


def ending(planned: PlannedDay) -> ExitCode:
    """How a command that planned ends."""
    if not planned.verification.ok:
        return ExitCode.NO
    if planned.status is Status.INTERRUPTED:
        return ExitCode.INTERRUPTED
    if planned.status is Status.FAILED:
        return ExitCode.UNAVAILABLE
    return ExitCode.FINE
