"""The figures of a plan, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from dispatch import texts
from dispatch.cli.figures import Cell
from dispatch.cli.terminal import Terminal
from dispatch.domain.day import Day
from dispatch.domain.plan import Plan
from dispatch.report import figures
from dispatch.report.kpis import Kpis, kpis


def print_summary(terminal: Terminal, day: Day, plan: Plan, *, verified: bool | None) -> None:
    """The figures that decide whether a plan is good, then what it costs and for what."""
    figured = kpis(day, plan)
    rows = list(_rows(terminal, plan, figured, verified))
    terminal.table(terminal.headings("figure", "value"), rows)
    costs = list(_costs(terminal, figured))
    terminal.table((*terminal.headings("component"), plan.currency), costs, right=(1,))


def summary_json(day: Day, plan: Plan, *, verified: bool | None) -> dict[str, object]:
    """The same for a program: seconds, metres and minor units."""
    figured = kpis(day, plan)
    return {
        "day": day.id,
        "engine": plan.engine,
        "seed": plan.seed,
        "seconds": plan.seconds,
        "travel": plan.travel,
        "verified": verified,
        "jobs": figured.jobs,
        "jobs_served": figured.jobs_served,
        "jobs_left_out": figured.jobs_left_out,
        "technicians": figured.technicians,
        "technicians_used": figured.technicians_used,
        **asdict(figured.total),
        "utilisation": figured.total.utilisation,
        "currency": figured.currency,
        "cost_minor": figured.cost_minor,
        "lower_bound_minor": plan.lower_bound_minor,
        "gap": plan.gap,
        "costs_minor": {kind.value: minor for kind, minor in figured.costs_minor.items()},
    }


def _rows(
    terminal: Terminal, plan: Plan, figured: Kpis, verified: bool | None
) -> Iterator[tuple[Cell, Cell]]:
    """Name and value of each figure."""
    total, lang = figured.total, terminal.lang
    verdict = "unchecked" if verified is None else ("yes" if verified else "no")
    texts_by_name = {
        "served": terminal.text("summary.of", part=figured.jobs_served, whole=figured.jobs),
        "left-out": str(figured.jobs_left_out),
        "technicians": terminal.text(
            "summary.of", part=figured.technicians_used, whole=figured.technicians
        ),
        "visits": str(total.visits),
        "travel": figures.duration(total.travel_s, lang),
        "distance": figures.distance(total.distance_m, lang),
        "work": figures.duration(total.work_s + total.setup_s, lang),
        "wait": figures.duration(total.wait_s, lang),
        "late": str(total.late_visits),
        "lateness": figures.duration(total.lateness_s, lang),
        "overtime": figures.duration(total.overtime_s, lang),
        "utilisation": figures.percent(total.utilisation),
        "cost": f"{figures.money(figured.cost_minor, figured.currency)} {figured.currency}",
        "gap": _gap(terminal, plan),
        "engine": terminal.text("summary.by", engine=plan.engine, seed=plan.seed),
        "time": terminal.text("summary.seconds", seconds=f"{plan.seconds:.1f}"),
        "travel-times": plan.travel,
        "verified": terminal.text(f"summary.verdict.{verdict}"),
    }
    for name, value in texts_by_name.items():
        yield terminal.text(f"summary.figure.{name}"), value


def _gap(terminal: Terminal, plan: Plan) -> str:
    """How far the plan can be from the best one."""
    if plan.gap is None or plan.lower_bound_minor is None:
        return terminal.text("summary.no-bound")
    bound = figures.money(plan.lower_bound_minor, plan.currency)
    part = figures.percent(plan.gap)
    return terminal.text("summary.gap", part=part, bound=bound, currency=plan.currency)


def _costs(terminal: Terminal, figured: Kpis) -> Iterator[tuple[Cell, Cell]]:
    """Each component that costs anything, and the sum."""
    for kind, minor in figured.costs_minor.items():
        if minor:
            name = texts.say(f"report.page.component.{kind.value}", terminal.lang)
            yield name, figures.money(minor, figured.currency)
    yield terminal.text("summary.total"), figures.money(figured.cost_minor, figured.currency)
