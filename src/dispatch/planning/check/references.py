"""Everything that is named exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Job, JobType
from dispatch.domain.shift import AnchorKind
from dispatch.domain.skill import SkillNeeds
from dispatch.domain.technician import Technician
from dispatch.errors import Finding
from dispatch.planning.check.pointer import at

Path: TypeAlias = tuple[str | int, ...]
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """An id that stands somewhere and should be known."""

    kind: str
    id: str
    path: Path


def unknown_references(day: Day) -> Iterator[Finding]:
    """One finding for each reference that leads nowhere, with what was probably meant."""
    known = {
        "skill": [skill.id for skill in day.skills],
        "territory": [territory.id for territory in day.territories],
        "outlet": list(day.outlets_by_id),
        "site": list(day.sites_by_id),
        "job-type": list(day.job_types_by_id),
        "technician": list(day.technicians_by_id),
        "job": list(day.jobs_by_id),
    }
    sets = {kind: frozenset(ids) for kind, ids in known.items()}
    for reference in references(day):
        if reference.id not in sets[reference.kind]:
            yield _unknown(reference, known[reference.kind])
    yield from _unknown_shifts(day)


def references(day: Day) -> Iterator[Reference]:
    """Every id that one part of a day uses for another."""
    for index, outlet in enumerate(day.outlets):
        yield from _one("outlet", outlet.parent, ("outlets", index, "parent"))
    for index, site in enumerate(day.sites):
        yield from _one("territory", site.territory, ("sites", index, "territory"))
    for index, job_type in enumerate(day.job_types):
        yield from _of_work(job_type, ("job_types", index))
    for index, technician in enumerate(day.technicians):
        yield from _of_technician(technician, ("technicians", index))
    for index, job in enumerate(day.jobs):
        yield from _of_job(job, ("jobs", index))


def _of_technician(technician: Technician, path: Path) -> Iterator[Reference]:
    yield from _one("outlet", technician.outlet, (*path, "outlet"))
    yield from _many("territory", technician.territories, (*path, "territories"))
    for index, held in enumerate(technician.skills):
        yield Reference("skill", held.skill, (*path, "skills", index, "skill"))
    for job_type in technician.job_type_factors:
        yield Reference("job-type", job_type, (*path, "job_type_factors", job_type))
    for index, shift in enumerate(technician.shifts):
        for name, anchor in (("start_at", shift.start_at), ("end_at", shift.end_at)):
            if anchor.kind in (AnchorKind.OUTLET, AnchorKind.SITE):
                where = (*path, "shifts", index, name, "id")
                yield from _one(anchor.kind.value, anchor.id, where)


def _of_job(job: Job, path: Path) -> Iterator[Reference]:
    yield Reference("job-type", job.type, (*path, "type"))
    yield Reference("site", job.site, (*path, "site"))
    yield from _of_work(job, path)
    for name in ("required_technicians", "preferred_technicians", "prohibited_technicians"):
        yield from _many("technician", getattr(job, name), (*path, name))
    for index, dependency in enumerate(job.dependencies):
        yield Reference("job", dependency.job, (*path, "dependencies", index, "job"))
    for index, pin in enumerate(job.pins):
        yield Reference("technician", pin.technician, (*path, "pins", index, "technician"))


def _of_work(work: Job | JobType, path: Path) -> Iterator[Reference]:
    yield from _of_needs(work.needs, (*path, "needs"))
    yield from _of_crew(work.crew, (*path, "crew"))


def _of_crew(crew: Crew | None, path: Path) -> Iterator[Reference]:
    for index, seat in enumerate(crew.seats if crew else ()):
        if seat.needs is not None:
            yield from _of_needs(seat.needs, (*path, "seats", index, "needs"))


def _of_needs(needs: SkillNeeds, path: Path) -> Iterator[Reference]:
    for name in ("all_of", "any_of"):
        for index, need in enumerate(getattr(needs, name)):
            yield Reference("skill", need.skill, (*path, name, index, "skill"))
    yield from _many("skill", needs.none_of, (*path, "none_of"))


def _one(kind: str, name: str | None, path: Path) -> Iterator[Reference]:
    if name is not None:
        yield Reference(kind, name, path)


def _many(kind: str, names: Iterable[str], path: Path) -> Iterator[Reference]:
    for index, name in enumerate(names):
        yield Reference(kind, name, (*path, index))


def _unknown_shifts(day: Day) -> Iterator[Finding]:
    """A pin names a shift of its technician."""
    for index, job in enumerate(day.jobs):
        for number, pin in enumerate(job.pins):
            technician = day.technicians_by_id.get(pin.technician)
            if pin.shift is None or technician is None:
                continue
            shifts = [shift.id for shift in technician.shifts]
            if pin.shift not in shifts:
                path = ("jobs", index, "pins", number, "shift")
                yield _unknown(Reference("shift", pin.shift, path), shifts)


def _unknown(reference: Reference, known: list[str]) -> Finding:
    return Finding(
        f"day.unknown.{reference.kind}",
        at(*reference.path),
        {"id": reference.id, "known": ", ".join(_suggestions(reference.id, known)) or "-"},
    )


def _suggestions(name: str, known: list[str]) -> list[str]:
    """The ids that look most like ``name``; without any, the first ones there are."""
    by_plain = {entry.casefold(): entry for entry in known}
    close = get_close_matches(name.casefold(), by_plain, n=MOST_SUGGESTIONS)
    return [by_plain[plain] for plain in close] or known[:MOST_SUGGESTIONS]
