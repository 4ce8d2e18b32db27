from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import typer

from dispatch import texts
from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson, DayFile, PlanFile
from dispatch.cli.terminal import Terminal
from dispatch.domain.day import Day
from dispatch.domain.plan import CostKind


def score(
    context: typer.Context,
    day: DayFile,
    plan: PlanFile,
    *,
    by: Annotated[Literal["component", "technician", "job"], typer.Option("--by")] = "component",
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch score``: the dearest first."""
    from dispatch.bootstrap import open_sound_day
    from dispatch.formats.plan_json import read_plan
    from dispatch.planning.score import by_job, by_technician, cost_items, totals
    from dispatch.report import figures
    from dispatch.report.fit import check_fit

    terminal = Terminal.of(context)
    opened, planned = open_sound_day(day), read_plan(plan)
    check_fit(opened, planned)
    items = cost_items(opened, planned)
    bearers: Mapping[str | None, Mapping[CostKind, int]]
    match by:
        case "technician":
            bearers = by_technician(items)
        case "job":
            bearers = by_job(items)
        case _:
            bearers = {kind.value: {kind: minor} for kind, minor in totals(items).items()}
    sums = {bearer: sum(kinds.values()) for bearer, kinds in bearers.items()}
    dearest = sorted(sums.items(), key=lambda entry: (-entry[1], entry[0] or ""))
    if as_json:
        terminal.json(
            [
                {by: bearer, "minor": minor, "components": dict(bearers[bearer])}
                for bearer, minor in dearest
            ]
        )
        return ExitCode.FINE
    rows = [
        (_named(terminal, opened, by, bearer), figures.money(minor, planned.currency))
        for bearer, minor in dearest
    ]
    rows.append(
        (terminal.text("summary.total"), figures.money(sum(sums.values()), planned.currency))
    )
    terminal.table((*terminal.headings(by), planned.currency), rows, right=(1,))
    return ExitCode.FINE


def _named(terminal: Terminal, day: Day, by: str, bearer: str | None) -> str:
    if bearer is None:
        return terminal.text("score.nobody")
    if by == "component":
        return texts.say(f"report.page.component.{bearer}", terminal.lang)
    if by == "technician":
        return f"{bearer} {day.technicians_by_id[bearer].name}".rstrip()
    return bearer
