from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from dispatch.cli.commands.explain import NEAREST, chosen
from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.figures import Cell
from dispatch.cli.options import AsJson, DayFile, PlanFile, Travel
from dispatch.cli.terminal import Terminal
from dispatch.domain.day import Day
from dispatch.domain.money import amount
from dispatch.domain.plan import Reason
from dispatch.report.figures import clock, distance, duration, money
from dispatch.report.reasons import sentence, technician_name

if TYPE_CHECKING:
    from dispatch.planning.recommend import Candidate, Recommendation

MOST_SHOWN = 1_000


def recommend(
    context: typer.Context,
    day: DayFile,
    plan: PlanFile,
    job: Annotated[str, typer.Argument(metavar="JOB")],
    *,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, max=MOST_SHOWN)] = 5,
    travel: Travel = None,
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch recommend``: no if nobody can take the job."""
    from dispatch.bootstrap import open_sound_day, open_source
    from dispatch.cli.progress import bar
    from dispatch.formats.plan_json import read_plan
    from dispatch.planning.compile import compile_day
    from dispatch.planning.recommend import recommend as recommendation_for
    from dispatch.report.fit import check_fit
    from dispatch.solver.child.rehearsal import is_warm
    from dispatch.solver.everywhere import EVERYWHERE, rehearse_everywhere

    terminal = Terminal.of(context)
    opened, planned = open_sound_day(day), read_plan(plan)
    check_fit(opened, planned)
    chosen(opened, (), (job,))
    source = open_source(travel, opened)
    with bar(terminal, "travel.working") as progress:
        compiled = compile_day(opened, source.travel, progress=progress)
    if not is_warm(EVERYWHERE):
        terminal.note("phase.compile")
        rehearse_everywhere()
    with terminal.working("recommend.working"):
        found = recommendation_for(compiled, planned, job, most=top)
    if as_json:
        terminal.json(_as_json(opened, found, terminal.lang))
    else:
        _print(terminal, opened, found)
    return ExitCode.FINE if found.candidates else ExitCode.NO


def _print(terminal: Terminal, day: Day, found: Recommendation) -> None:
    """The job, who could take it at what price, and why others could not."""
    job = day.jobs_by_id[found.job]
    terminal.say("explain.job", job=job.id, name=job.name, priority=job.priority)
    worth = amount(found.unserved_minor, day.policy.currency)
    terminal.say("recommend.worth", worth=worth)
    if found.candidates:
        names = ("technician", "after", "arrival", "start", "more-travel", "more-distance")
        headings = (*terminal.headings(*names, "more-time"), day.policy.currency)
        rows = [_row(terminal, day, candidate) for candidate in found.candidates]
        terminal.table(headings, rows, right=range(2, len(headings)))
    if found.possible > len(found.candidates):
        terminal.say("recommend.more", count=found.possible - len(found.candidates))
    for reason in found.reasons[:NEAREST]:
        _print_reason(terminal, day, reason)
    if len(found.reasons) > NEAREST:
        terminal.say("recommend.cannot", count=len(found.reasons) - NEAREST)


def _row(terminal: Terminal, day: Day, candidate: Candidate) -> Sequence[Cell]:
    first, zone = candidate.places[0], ZoneInfo(day.zone)
    people = (technician_name(place.technician, day) for place in candidate.places)
    return (
        ", ".join(people),
        first.after or terminal.text("recommend.first"),
        clock(first.arrive, zone),
        clock(first.start, zone),
        duration(candidate.travel_s, terminal.lang),
        distance(candidate.distance_m, terminal.lang),
        duration(candidate.duration_s, terminal.lang),
        money(candidate.cost_minor, day.policy.currency),
    )


def _print_reason(terminal: Terminal, day: Day, reason: Reason) -> None:
    terminal.say(
        "explain.technician",
        technician=reason.technician,
        name=day.technicians_by_id[reason.technician or ""].name,
        sentence=sentence(reason, day, terminal.lang),
    )


def _as_json(day: Day, found: Recommendation, lang: str) -> Mapping[str, object]:
    """The same for a program: seconds, metres, minor units, and moments with their offset."""
    candidates = [
        {
            **asdict(candidate),
            "places": [
                {
                    **asdict(place),
                    "arrive": place.arrive.isoformat(),
                    "start": place.start.isoformat(),
                }
                for place in candidate.places
            ],
        }
        for candidate in found.candidates
    ]
    reasons = [
        {
            "code": reason.code,
            "technician": reason.technician,
            "values": dict(reason.values),
            "sentence": sentence(reason, day, lang),
        }
        for reason in found.reasons
    ]
    return {
        "job": found.job,
        "currency": day.policy.currency,
        "unserved_minor": found.unserved_minor,
        "possible": found.possible,
        "candidates": candidates,
        "reasons": reasons,
    }
