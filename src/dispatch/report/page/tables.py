"""The page's figures and tables, ready for the template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from dispatch.domain.plan import Reason, Unassigned
from dispatch.report import figures
from dispatch.report.kpis import Workload
from dispatch.report.page.bilingual import Bilingual, each, reason, words
from dispatch.report.page.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One large figure with a line of detail."""

    label: Bilingual
    value: str | Bilingual
    suffix: Bilingual | str = ""
    detail: Bilingual | str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """One component of the cost."""

    label: Bilingual
    amount: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell and the number by which its column is sorted."""

    text: str | Bilingual
    order: float
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicianRow:
    """What one technician does."""

    id: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicianReason:
    """Why one technician could not take a job."""

    technician: str
    sentence: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class UnassignedRow:
    """A job left out, the reason to tell the customer, and one for each technician."""

    index: int
    """In the plan's order."""
    job: str
    name: str
    priority: int
    mandatory: bool
    sentence: Bilingual
    by_technician: tuple[TechnicianReason, ...]


COLUMNS = (
    "visits",
    "travel",
    "distance",
    "work",
    "wait",
    "rest",
    "lateness",
    "overtime",
    "utilisation",
)
"""Of the table of technicians, as the catalogue names them."""


def dates(content: Content) -> str:
    """The first date of the day, and the last if that is another: ``2026-03-03 2026-03-05``."""
    zone = content.day.zone_info
    last = content.day.end.astimezone(zone) - timedelta(seconds=1)
    both = (content.day.start.astimezone(zone).date(), last.date())
    return " ".join(dict.fromkeys(date.isoformat() for date in both))


def tiles(content: Content) -> tuple[Tile, ...]:
    """The figures at the head of the page."""
    kpis, total = content.kpis, content.kpis.total
    left_out = kpis.jobs_left_out
    return (
        Tile(
            label=words("kpi.served"),
            value=f"{kpis.jobs_served:,}",
            suffix=words("of.total", total=f"{kpis.jobs:,}"),
            detail=words("kpi.left-out", count=left_out)
            if left_out
            else words("kpi.none-left-out"),
            alert=bool(left_out),
        ),
        Tile(
            label=words("kpi.technicians"),
            value=f"{kpis.technicians_used:,}",
            suffix=words("of.total", total=f"{kpis.technicians:,}"),
            detail=words("kpi.visits", count=f"{total.visits:,}"),
        ),
        Tile(
            label=words("kpi.work"),
            value=_duration(total.work_s),
            detail=words("kpi.setup-of", setup=_duration(total.setup_s)),
        ),
        Tile(
            label=words("kpi.travel"),
            value=_duration(total.travel_s),
            detail=_distance(total.distance_m),
        ),
        Tile(
            label=words("kpi.wait"),
            value=_duration(total.wait_s),
            detail=words("kpi.break-of", rest=_duration(total.break_s)),
        ),
        Tile(
            label=words("kpi.utilisation"),
            value=figures.percent(total.utilisation),
            detail=words("kpi.utilisation-more"),
        ),
        Tile(
            label=words("kpi.lateness"),
            value=_duration(total.lateness_s),
            detail=words("kpi.late-visits", count=total.late_visits),
            alert=bool(total.lateness_s),
        ),
        Tile(label=words("kpi.overtime"), value=_duration(total.overtime_s)),
        Tile(
            label=words("kpi.cost"),
            value=figures.money(kpis.cost_minor, kpis.currency),
            suffix=kpis.currency,
        ),
    )


def costs(content: Content) -> tuple[CostRow, ...]:
    """The components that cost anything, the dearest first."""
    total = content.kpis.cost_minor or 1
    return tuple(
        CostRow(
            label=words(f"component.{kind}"),
            amount=figures.money(minor, content.plan.currency),
            part=figures.percent(minor / total),
        )
        for kind, minor in sorted(content.plan.costs_minor.items(), key=lambda item: -item[1])
        if minor
    )


def total_cost(content: Content) -> str:
    """The sum of all components."""
    return figures.money(content.kpis.cost_minor, content.kpis.currency)


def technicians(content: Content) -> tuple[TechnicianRow, ...]:
    """Everybody with a route, in the day's order."""
    people = content.day.technicians_by_id
    return tuple(
        TechnicianRow(
            id=who,
            name=people[who].name or who,
            cells=(*_load_cells(load), *_cost_cells(content, who)),
        )
        for who, load in content.kpis.by_technician.items()
    )


def idle(content: Content) -> str:
    """The names of those who have a shift and no route."""
    used = content.kpis.by_technician
    return ", ".join(
        who.name or who.id
        for who in content.day.technicians
        if who.shifts and who.id not in used
    )


def unassigned(content: Content) -> Iterator[UnassignedRow]:
    """The jobs left out, the most urgent first."""
    jobs = content.day.jobs_by_id
    ranked = sorted(
        enumerate(content.plan.unassigned),
        key=lambda entry: (not jobs[entry[1].job].mandatory, jobs[entry[1].job].priority),
    )
    for index, entry in ranked:
        job = jobs[entry.job]
        kind = content.day.job_types_by_id[job.type]
        yield UnassignedRow(
            index=index,
            job=job.id,
            name=job.name or kind.name,
            priority=job.priority,
            mandatory=job.mandatory,
            sentence=customer_sentence(entry),
            by_technician=tuple(
                TechnicianReason(
                    technician=_technician_name(content, one), sentence=reason(one.code, one.values)
                )
                for one in entry.reasons
                if one.technician is not None
            ),
        )


def customer_sentence(entry: Unassigned) -> Bilingual:
    """The reason to tell the customer: the first that speaks of no single technician.

    Without one, the reason that most technicians share.
    """
    for one in entry.reasons:
        if one.technician is None:
            return reason(one.code, one.values)
    if not entry.reasons:
        return words("unassigned.no-reason")
    shared = Counter(one.code for one in entry.reasons).most_common(1)[0][0]
    first = next(one for one in entry.reasons if one.code == shared)
    return reason(first.code, first.values)


def _technician_name(content: Content, one: Reason) -> str:
    known = content.day.technicians_by_id.get(one.technician or "")
    return (known and known.name) or one.technician or ""


def _load_cells(load: Workload) -> tuple[Cell, ...]:
    return (
        Cell(text=f"{load.visits:,}", order=load.visits),
        Cell(text=_duration(load.travel_s), order=load.travel_s),
        Cell(text=_distance(load.distance_m), order=load.distance_m),
        Cell(text=_duration(load.work_s + load.setup_s), order=load.work_s + load.setup_s),
        Cell(text=_duration_or_dash(load.wait_s), order=load.wait_s),
        Cell(text=_duration_or_dash(load.break_s), order=load.break_s),
        Cell(text=_duration_or_dash(load.lateness_s), order=load.lateness_s, alert=True),
        Cell(text=_duration_or_dash(load.overtime_s), order=load.overtime_s, alert=True),
        Cell(text=figures.percent(load.utilisation), order=load.utilisation),
    )


def _cost_cells(content: Content, technician: str) -> tuple[Cell, ...]:
    if not content.costs_by_technician:
        return ()
    minor = sum(content.costs_by_technician.get(technician, {}).values())
    return (Cell(text=figures.money(minor, content.plan.currency), order=minor),)


def _duration(seconds: int) -> Bilingual:
    return each(lambda lang: figures.duration(seconds, lang))


def _duration_or_dash(seconds: int) -> Bilingual | str:
    return _duration(seconds) if seconds else "–"


def _distance(metres: int) -> Bilingual:
    return each(lambda lang: figures.distance(metres, lang))
