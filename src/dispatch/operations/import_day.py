"""Import a day: what is new is added, what differs is changed, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError

from dispatch.domain.actor import Actor
from dispatch.domain.day import Day
from dispatch.domain.named import EVERYTHING, Named
from dispatch.domain.site import Outlet
from dispatch.errors import Finding, InvalidInput, Refused
from dispatch.operations.import_jobs import late_jobs, left_jobs, merge_jobs, past_jobs
from dispatch.operations.import_network import set_network
from dispatch.operations.import_part import desk_part, own_part, own_warnings
from dispatch.operations.import_shifts import see_shifts
from dispatch.operations.jobs.circles import see_no_circles
from dispatch.planning.check import accept_day
from dispatch.store.database import Database
from dispatch.store.day_frame import day_frame
from dispatch.store.keeping import own_outlet
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.places import Outlets, Sites, Territories
from dispatch.store.kinds.technicians import Skills, Technicians
from dispatch.store.locks import Lock, hold
from dispatch.store.merging import Merged, merge
from dispatch.store.organisation import Change
from dispatch.store.reach import hold_tree, renew_reach, root_of
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.outlets import OutletRow, TerritoryRow
from dispatch.store.rows.technicians import SkillRow, TechnicianRow
from dispatch.store.work import Work


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has changed, or would change."""

    kinds: Mapping[str, Merged]
    """By kind: ``job``, ``technician``, and ``organisation``, of which there is one."""
    findings: tuple[Finding, ...]
    """Warnings."""
    organisation: tuple[Change, ...] = ()
    """What of the whole network is another than before."""


def import_day(
    database: Database,
    actor: Actor,
    day: Day,
    *,
    outlet: str | None = None,
    preview: bool = False,
    named: Named = EVERYTHING,
    may_set: bool = True,
    placed: Callable[[Sequence[Finding]], Sequence[Finding]] = tuple,
) -> Imported:
    """Bring all that a day says into the record.

    What the record knows and the day does not name stays as it is: technicians, their shifts and
    absences on other days, jobs, prices. A job without a hard window is to be done on this day,
    also one that another day has named before and nobody has begun. A job that is over, or that was
    split into several goes, is left as it is, with a warning where the file says something else.

    Whoever sees a part of the network brings in sites and jobs of theirs; see
    :mod:`dispatch.operations.import_part`.

    Parameters
    ----------
    outlet
        The key of the outlet whose jobs these are, and whose technicians those are that name none;
        if nothing is said, the actor's own, or headquarters.
    preview
        Only say what would happen.
    named
        What the file says of what holds for the whole network; the rest of that is left alone.
    may_set
        Whether the actor may change that (zone, currency, prices, speeds) and the network itself:
        outlets, territories, skills, job types, technicians. All others say of it what the record
        says, or nothing; the first who comes sets it up.
    placed
        Says of warnings where they stand in what the day was read from.

    Raises
    ------
    InvalidInput
        The day contradicts itself, or would change a job that has begun, or what is not the
        actor's, or a zone or currency that things hang on; a shift would overlap one of another
        day, or jobs that stay as they are would close a circle. Nothing is imported.
    Missing
        There is no such outlet, or it is not the actor's.
    Refused
        ``import.in-use``: a shift that the day leaves out has visits; ``import.meanwhile``;
        ``run.which-outlet``: the actor has several, and names none; ``outlet.closed``;
        ``organisation.missing``: nobody has set the network up yet, and the actor sees a part only.
    """
    findings = accept_day(day)
    with database.work(actor) as work:
        hold(work.session, Lock.IMPORT)
        hold_tree(work.session)
        try:
            if work.visible is None:
                kinds, changes = _bring_in(work, day, outlet, named, may_set=may_set)
            else:
                kinds, changes = _bring_in_part(work, day, outlet, named), ()
        except IntegrityError as error:
            raise Refused("import.meanwhile") from error
        if kinds["job"].late:
            raise InvalidInput(late_jobs(day, kinds["job"]))
        see_no_circles(work, day)
        if work.visible is not None:
            findings = own_warnings(findings)
        findings = (*findings, *left_jobs(work, day, kinds["job"]), *past_jobs(work, day))
        imported = Imported(kinds, tuple(placed(findings)), tuple(changes))
        return imported if preview else work.commit(imported)


def _bring_in(
    work: Work, day: Day, outlet: str | None, named: Named, *, may_set: bool
) -> tuple[dict[str, Merged], Sequence[Change]]:
    """Everything in an order in which what is named is there already."""
    root_of(work.session)
    frame = day_frame(work, day)
    organisation, changes = set_network(work, day, named, may_set=may_set)
    file = day
    if not (may_set or organisation.added):
        day = desk_part(work, day, frame)
    skills = merge(work, Skills(), day.skills, frame, new=lambda _: SkillRow())
    areas = merge(work, Territories(), day.territories, frame, new=lambda _: TerritoryRow())
    outlets = merge(work, Outlets(), _from_above(day.outlets), frame, new=lambda _: OutletRow())
    renew_reach(work.session)
    home = own_outlet(work, outlet)
    sites = merge(work, Sites(), day.sites, frame, new=lambda _: SiteRow(outlet_id=home))
    types = merge(work, JobTypes(), day.job_types, frame, new=lambda _: JobTypeRow(checklist=[]))
    see_shifts(work, file, day.technicians, frame)
    people = merge(
        work,
        Technicians(),
        day.technicians,
        frame,
        new=lambda _: TechnicianRow(outlet_id=home),
    )
    jobs = merge_jobs(work, day, frame, home)
    kinds = {
        "organisation": organisation,
        "skill": skills,
        "territory": areas,
        "outlet": outlets,
        "site": sites,
        "job_type": types,
        "technician": people,
        "job": jobs,
    }
    return kinds, changes


def _bring_in_part(work: Work, day: Day, outlet: str | None, named: Named) -> dict[str, Merged]:
    """The sites and jobs of a day that has nothing else in it that is new."""
    home, frame = own_outlet(work, outlet), day_frame(work, day)
    part, shared = own_part(work, day, named, frame)
    sites = merge(work, Sites(), part.sites, frame, new=lambda _: SiteRow(outlet_id=home))
    return {
        "organisation": Merged(same=1),
        "skill": Merged(same=len(day.skills)),
        "territory": Merged(same=len(day.territories)),
        "outlet": Merged(same=len(day.outlets)),
        "site": replace(sites, same=sites.same + shared),
        "job_type": Merged(same=len(day.job_types)),
        "technician": Merged(same=len(day.technicians)),
        "job": merge_jobs(work, day, frame, home),
    }


def _from_above(outlets: Sequence[Outlet]) -> list[Outlet]:
    """Each after the one it lies under; a circle is found out when all are in."""
    waiting = {outlet.id: outlet for outlet in outlets}
    found: list[Outlet] = []
    while waiting:
        ready = [outlet for outlet in waiting.values() if outlet.parent not in waiting]
        found.extend(waiting.pop(outlet.id) for outlet in ready or list(waiting.values()))
    return found
