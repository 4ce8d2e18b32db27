"""The page's tables, ready for the template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.domain.plan import Reason, Unassigned
from dispatch.report import figures
from dispatch.report.kpis import Workload
from dispatch.report.page.bilingual import Bilingual, distance, duration, each, words
from dispatch.report.page.content import Content
from dispatch.report.reasons import for_customer, sentence, technician_name
from dispatch.texts import LANGUAGES


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
    """A job left out, why, what to tell the customer, and a reason for each technician."""

    index: int
    """In the plan's order."""
    job: str
    name: str
    priority: int
    mandatory: bool
    sentence: Bilingual
    for_customer: Bilingual | None
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
        who.name or who.id for who in content.day.technicians if who.shifts and who.id not in used
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
            sentence=main_reason(content, entry),
            for_customer=_for_customer(content, entry),
            by_technician=tuple(
                TechnicianReason(
                    technician=technician_name(one.technician, content.day),
                    sentence=_sentence(content, one),
                )
                for one in entry.reasons
                if one.technician is not None
            ),
        )


def main_reason(content: Content, entry: Unassigned) -> Bilingual:
    """Why a job is left out: the reason that speaks of no single technician.

    Without one, the reason that most technicians share.
    """
    one = _main(entry)
    return _sentence(content, one) if one else words("unassigned.no-reason")


def _sentence(content: Content, reason: Reason) -> Bilingual:
    return each(lambda lang: sentence(reason, content.day, lang))


def _main(entry: Unassigned) -> Reason | None:
    shared = Counter(one.code for one in entry.reasons).most_common(1)
    ranked = (one for one in entry.reasons if one.code == shared[0][0])
    return next((one for one in entry.reasons if one.technician is None), next(ranked, None))


def _for_customer(content: Content, entry: Unassigned) -> Bilingual | None:
    """What the customer could be told, where the catalogue has a sentence for it."""
    one = _main(entry)
    if one is None or for_customer(one, content.day, LANGUAGES[0]) is None:
        return None
    told = each(lambda lang: for_customer(one, content.day, lang) or "")
    return words("unassigned.customer", sentence=told)


def _load_cells(load: Workload) -> tuple[Cell, ...]:
    return (
        Cell(text=f"{load.visits:,}", order=load.visits),
        Cell(text=duration(load.travel_s), order=load.travel_s),
        Cell(text=distance(load.distance_m), order=load.distance_m),
        Cell(text=duration(load.work_s + load.setup_s), order=load.work_s + load.setup_s),
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


def _duration_or_dash(seconds: int) -> Bilingual | str:
    return duration(seconds) if seconds else "–"
