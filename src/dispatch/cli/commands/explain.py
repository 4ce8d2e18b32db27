from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson, DayFile, PlanFile, Travel
from dispatch.cli.terminal import Terminal
from dispatch.domain.day import Day
from dispatch.domain.plan import Unassigned
from dispatch.errors import Finding, InvalidInput
from dispatch.report.reasons import for_customer, sentence

NEAREST = 3
"""Technicians told of where nobody asked for this very job."""


def explain(
    context: typer.Context,
    day: DayFile,
    plan: PlanFile,
    *,
    job: Annotated[list[str] | None, typer.Option("--job", metavar="ID")] = None,
    changes: Annotated[bool, typer.Option("--changes")] = False,
    travel: Travel = None,
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch explain``: reasons are found anew, from the day and the plan as they are."""
    from dispatch.bootstrap import open_sound_day, open_source
    from dispatch.cli.changes import changes_json, print_changes
    from dispatch.cli.progress import bar
    from dispatch.formats.plan_json import read_plan
    from dispatch.planning.compile import compile_day
    from dispatch.planning.explain import explain as reasons_of
    from dispatch.planning.explain.changes import explain_changes
    from dispatch.report.fit import check_fit

    terminal = Terminal.of(context)
    opened, planned = open_sound_day(day), read_plan(plan)
    check_fit(opened, planned)
    asked = chosen(opened, planned.unassigned, job or ())
    source = open_source(travel, opened)
    with bar(terminal, "travel.working") as progress:
        compiled = compile_day(opened, source.travel, progress=progress)
    if changes:
        changed = explain_changes(compiled, planned)
        if as_json:
            terminal.json(changes_json(opened, changed, terminal.lang))
        else:
            print_changes(terminal, opened, changed)
        return ExitCode.FINE
    with bar(terminal, "phase.explain") as progress:
        explained = reasons_of(compiled, replace(planned, unassigned=asked), progress)
    if as_json:
        terminal.json([_as_json(opened, left_out, terminal.lang) for left_out in explained])
        return ExitCode.FINE
    for left_out in explained:
        _print(terminal, opened, left_out, most=None if job else NEAREST)
    if not explained:
        terminal.say("explain.none")
    return ExitCode.FINE


def chosen(day: Day, left_out: Sequence[Unassigned], jobs: Sequence[str]) -> tuple[Unassigned, ...]:
    """Those asked for, or all.

    Raises
    ------
    InvalidInput
        ``cli.explain.unknown``: the day has no such job; one finding for each.
    """
    unknown = [name for name in jobs if name not in day.jobs_by_id]
    if unknown:
        raise InvalidInput(
            [Finding("cli.explain.unknown", values={"job": name}) for name in unknown]
        )
    return tuple(entry for entry in left_out if not jobs or entry.job in jobs)


def _print(terminal: Terminal, day: Day, left_out: Unassigned, *, most: int | None) -> None:
    """The job, why it is left out, what to tell the customer, and who came how near."""
    job = day.jobs_by_id[left_out.job]
    summary, *by_technician = left_out.reasons
    terminal.say("explain.job", job=job.id, name=job.name, priority=job.priority)
    terminal.out.print(f"  {sentence(summary, day, terminal.lang)}")
    told = for_customer(summary, day, terminal.lang)
    if told:
        terminal.say("explain.customer", sentence=told)
    for reason in by_technician[:most]:
        named = day.technicians_by_id[reason.technician or ""].name
        terminal.say(
            "explain.technician",
            technician=reason.technician,
            name=named,
            sentence=sentence(reason, day, terminal.lang),
        )
    if most is not None and len(by_technician) > most:
        terminal.say("explain.more", count=len(by_technician) - most, job=job.id)


def _as_json(day: Day, left_out: Unassigned, lang: str) -> Mapping[str, object]:
    return {
        "job": left_out.job,
        "customer": for_customer(left_out.reasons[0], day, lang),
        "reasons": [
            {
                "code": reason.code,
                "technician": reason.technician,
                "values": dict(reason.values),
                "sentence": sentence(reason, day, lang),
            }
            for reason in left_out.reasons
        ],
    }
