"""Import a day: what is new is added, what differs is changed, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from dispatch.domain.actor import Actor
from dispatch.domain.day import Day
from dispatch.domain.site import Outlet
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import BEGUN
from dispatch.errors import Finding, InvalidInput, Refused
from dispatch.operations.jobs.seats import free_misplaced, give_seats
from dispatch.planning.check import accept_day
from dispatch.store.database import Database
from dispatch.store.day_frame import day_frame, known_jobs
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.jobs import Jobs
from dispatch.store.kinds.places import Outlets, Sites, Territories
from dispatch.store.kinds.technicians import Skills, Technicians
from dispatch.store.merging import Merged, merge
from dispatch.store.organisation import set_organisation
from dispatch.store.reach import hold_tree, renew_reach, root_of
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow, TerritoryRow
from dispatch.store.rows.technicians import SkillRow, TechnicianRow
from dispatch.store.work import Work

LOCK = 0x696D7074  # "impt"
"""Who holds this advisory lock imports; others wait, so that both see what the other has added."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has changed, or would change."""

    kinds: Mapping[str, Merged]
    """By kind: ``job``, ``technician``."""
    findings: tuple[Finding, ...]
    """Warnings."""


def import_day(
    database: Database, actor: Actor, day: Day, *, outlet: str | None = None, preview: bool = False
) -> Imported:
    """Bring all that a day says into the record.

    What the record knows and the day does not name stays as it is: technicians, their shifts and
    absences on other days, jobs. A job without a hard window is to be done on this day, also one
    that another day has named before and nobody has begun.

    Parameters
    ----------
    outlet
        The key of the outlet whose jobs these are, and whose technicians those are that name none;
        headquarters if nothing is said.
    preview
        Only say what would happen.

    Raises
    ------
    InvalidInput
        The day contradicts itself, or would change a job that has begun; nothing is imported.
    Refused
        ``import.whole-network``: the actor does not see everything, and a day changes what all
        share; ``import.in-use``: something that the day leaves out is needed by visits.
    """
    if actor.outlets is not None:
        raise Refused("import.whole-network")
    findings = accept_day(day)
    with database.work(actor) as work:
        work.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        hold_tree(work.session)
        try:
            kinds = _bring_in(work, day, outlet)
        except IntegrityError as error:
            raise Refused("import.in-use", reason=str(error.orig).splitlines()[0]) from error
        if late := kinds["job"].late:
            raise InvalidInput([Finding("import.job.begun", values={"job": key}) for key in late])
        imported = Imported(kinds, findings)
        return imported if preview else work.commit(imported)


def _bring_in(work: Work, day: Day, outlet: str | None) -> dict[str, Merged]:
    """Everything in an order in which what is named is there already."""
    root_of(work.session)
    frame = day_frame(work, day)
    set_organisation(work, day)
    skills = merge(work, Skills(), day.skills, frame, new=lambda _: SkillRow())
    areas = merge(work, Territories(), day.territories, frame, new=lambda _: TerritoryRow())
    outlets = merge(work, Outlets(), _from_above(day.outlets), frame, new=lambda _: OutletRow())
    home = _home(work, outlet)
    sites = merge(work, Sites(), day.sites, frame, new=lambda _: SiteRow(outlet_id=home.id))
    types = merge(work, JobTypes(), day.job_types, frame, new=lambda _: JobTypeRow(checklist=[]))
    people = merge(
        work,
        Technicians(),
        day.technicians,
        frame,
        new=lambda _: TechnicianRow(outlet_id=home.id),
    )
    known = known_jobs(work, day)  # held until all are brought in
    jobs = merge(
        work,
        Jobs(),
        day.jobs,
        frame,
        new=lambda _: JobRow(state=JobState.OPEN, outlet_id=home.id),
        begun=_has_begun,
        after=lambda row, job: _seat(work, row, len(day.seats(job))),
    )
    del known
    return {
        "skill": skills,
        "territory": areas,
        "outlet": outlets,
        "site": sites,
        "job_type": types,
        "technician": people,
        "job": jobs,
    }


def _home(work: Work, key: str | None) -> OutletRow:
    """The outlet to which everything belongs that names none."""
    renew_reach(work.session)
    return root_of(work.session) if key is None else work.by_key(OutletRow, key)


def _seat(work: Work, row: JobRow, seats: int) -> None:
    """A visit for each seat, and none of them on a day that is the job's no longer."""
    give_seats(work, row, seats)
    free_misplaced(work, row)


def _has_begun(row: JobRow) -> bool:
    return any(visit.state in BEGUN for visit in row.visits)


def _from_above(outlets: Sequence[Outlet]) -> list[Outlet]:
    """Each after the one it lies under; a circle is found out when all are in."""
    waiting = {outlet.id: outlet for outlet in outlets}
    found: list[Outlet] = []
    while waiting:
        ready = [outlet for outlet in waiting.values() if outlet.parent not in waiting]
        found.extend(waiting.pop(outlet.id) for outlet in ready or list(waiting.values()))
    return found
