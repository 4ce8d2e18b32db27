"""The record as a day to plan: who can work, what is to be done, and what holds already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.domain.day import Day
from dispatch.domain.job import Job
from dispatch.domain.policy import Policy
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Shift
from dispatch.domain.site import Outlet
from dispatch.domain.speed import Speed
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import COMMITTED, UNDER_WAY, VisitState
from dispatch.domain.technician import Technician
from dispatch.planning.from_now import Whereabouts, from_now
from dispatch.store.board_jobs import board_job, since
from dispatch.store.days import lasts_until, may_be_on, of_another_day, of_day
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.kinds.places import Outlets, Sites, Territories
from dispatch.store.kinds.technicians import Skills, Technicians
from dispatch.store.organisation import organisation_of
from dispatch.store.rows.base import Keyed
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow, TerritoryRow
from dispatch.store.rows.technicians import AbsenceRow, SkillRow, TechnicianRow
from dispatch.store.said import heard
from dispatch.store.scope import SCOPE, UNSCOPED
from dispatch.store.shifts import begins_in, shift_names
from dispatch.store.waiting import in_time

R = TypeVar("R", bound=Keyed)

WAS_THERE = (VisitState.COMPLETED, VisitState.NOT_DONE, VisitState.SUSPENDED)
TO_PLAN = (JobState.OPEN, JobState.OFFERED, JobState.SCHEDULED, JobState.IN_PROGRESS)


def snapshot(
    session: Session,
    id: str,  # noqa: A002
    span: Span,
    *,
    now: datetime | None = None,
    technician: UUID | None = None,
    jobs: Collection[UUID] | None = None,
) -> Day:
    """All that a plan of ``span`` is made from, as it is now.

    Parameters
    ----------
    now
        What is before it is over: whoever works already goes on from where they are. None plans the
        day as if nothing of it had begun.
    technician
        Only this one; with all if nothing is said.
    jobs
        Only these, whatever their state.

    Visits that are under way are pinned to their time; visits that are scheduled are published, so
    that a plan which changes them pays for it. Shifts that begin in ``span`` are its own, with all
    that is to be done in them: the day ends when the last of them does, overtime included.

    Raises
    ------
    Refused
        ``organisation.missing``: nothing has been imported or set up yet.
    """
    organisation = organisation_of(session)
    frame = Frame(session, span, lasts_until(session, span))
    outlets = _outlets(session, frame)
    technicians = _technicians(session, frame, technician, {outlet.id for outlet in outlets})
    rows = _job_rows(session, span, jobs)
    frame.learn_keys(SiteRow, {row.site_id for row in rows})
    shifts = shift_names(session, span, of=technician)
    found = [board_job(row, frame, now, shifts) for row in rows]
    seen = {} if now is None else last_seen(frame, now)
    found = _without_strangers(found, technicians)
    if jobs is None:
        found = in_time(session, found, rows, frame.whole, now=now, people=technicians)
    found = among_themselves(found)
    places = {
        *(job.site for job in found),
        *(where.site for where in seen.values()),
        *_anchored(technicians),
    }
    # Also a site that another outlet takes care of, where there is something to do for this one.
    sites = select(SiteRow).where(SiteRow.key.in_(places)).execution_options(**UNSCOPED)
    day = Day(
        id=id,
        zone=organisation.zone,
        start=span.start,
        end=_last_end(technicians, span.end),
        name=organisation.name,
        policy=heard(Policy, organisation.policy),
        skills=tuple(Skills().read(row, frame) for row in _all(session, SkillRow)),
        territories=tuple(Territories().read(row, frame) for row in _all(session, TerritoryRow)),
        outlets=outlets,
        sites=tuple(
            Sites().read(row, frame) for row in session.scalars(sites.order_by(SiteRow.id))
        ),
        job_types=tuple(JobTypes().read(row, frame) for row in _all(session, JobTypeRow)),
        technicians=technicians,
        jobs=tuple(found),
        speeds=tuple(heard(Speed, speed) for speed in organisation.speeds),
    )
    day = replace(day, technicians=_blocked(frame, day.technicians, also_here=jobs is None))
    return day if now is None else from_now(day, now, seen)


def _blocked(
    frame: Frame, technicians: Sequence[Technician], *, also_here: bool
) -> tuple[Technician, ...]:
    """What people do takes up their time also where it is not planned here.

    That is what is of another day and not over when this one begins, or begun before this one ends;
    and, if ``also_here``, what is for outlets that are not seen from here, and what is on a route
    though its job is not to be planned on this day: it was put on hold, or its time was changed.
    """
    session, whole = frame.session, frame.whole
    visible = session.info.get(SCOPE)
    planned = and_(JobRow.state.in_(TO_PLAN), may_be_on(frame.span))
    unseen: ColumnElement[bool] = ~VisitRow.job.has(planned)
    if visible is not None:
        unseen = or_(unseen, VisitRow.outlet_id.not_in(visible))
    another_day = of_another_day(frame.span)
    query = (
        select(VisitRow)
        .join(VisitRow.technician)
        .where(
            TechnicianRow.key.in_([technician.id for technician in technicians]),
            or_(unseen, another_day) if also_here else another_day,
            VisitRow.state.in_(COMMITTED),
            VisitRow.start_at < whole.end,
            VisitRow.end_at > whole.start,
        )
        .options(joinedload(VisitRow.technician))
    )
    taken: dict[str, list[Absence]] = defaultdict(list)
    for visit in session.scalars(query, execution_options=UNSCOPED):
        if visit.technician and visit.start_at and visit.end_at:
            away = Absence(start=visit.start_at, end=visit.end_at)
            taken[visit.technician.key].append(away)
    return tuple(
        replace(technician, absences=(*technician.absences, *taken[technician.id]))
        for technician in technicians
    )


def _without_strangers(jobs: Sequence[Job], technicians: Sequence[Technician]) -> list[Job]:
    """Without other people; a job of which nobody is there whom it needs is left out itself."""
    people = {person.id for person in technicians}

    def there(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name in people)

    return [
        replace(
            job,
            required_technicians=there(job.required_technicians),
            preferred_technicians=there(job.preferred_technicians),
            prohibited_technicians=there(job.prohibited_technicians),
            pins=tuple(pin for pin in job.pins if pin.technician in people),
            published=tuple(told for told in job.published if told.technician in people),
        )
        for job in jobs
        if not job.required_technicians or there(job.required_technicians)
    ]


def among_themselves(jobs: Sequence[Job]) -> list[Job]:
    """Without dependencies on what is not there."""
    known = {job.id for job in jobs}
    return [
        replace(job, dependencies=tuple(entry for entry in job.dependencies if entry.job in known))
        for job in jobs
    ]


def _anchored(technicians: Sequence[Technician]) -> Iterable[str]:
    """Sites at which shifts start or end."""
    for technician in technicians:
        for shift in technician.shifts:
            for anchor in (shift.start_at, shift.end_at):
                if anchor.kind is AnchorKind.SITE and anchor.id is not None:
                    yield anchor.id


def to_plan(span: Span) -> ColumnElement[bool]:
    """Which jobs a plan of ``span`` is about: open ones, but for those that another day has."""
    elsewhere = and_(VisitRow.state.in_(COMMITTED), of_another_day(span))
    return and_(JobRow.state.in_(TO_PLAN), may_be_on(span), ~JobRow.visits.any(elsewhere))


def last_seen(frame: Frame, now: datetime) -> dict[str, Whereabouts]:
    """Where each technician was seen last: at a visit that is under way, or that has ended."""
    visits = frame.session.scalars(
        select(VisitRow)
        .where(
            VisitRow.state.in_((*UNDER_WAY, *WAS_THERE)),
            of_day(frame.span.start, frame.span.end),
        )
        .order_by(VisitRow.state.in_(UNDER_WAY), VisitRow.start_at)
        .options(joinedload(VisitRow.technician), joinedload(VisitRow.job))
    )
    return {
        visit.technician.key: Whereabouts(
            site=frame.key(SiteRow, visit.job.site_id),
            under_way=since(visit, now) if visit.state in UNDER_WAY else None,
        )
        for visit in visits
        if visit.technician is not None
    }


def _outlets(session: Session, frame: Frame) -> tuple[Outlet, ...]:
    """Those from which a shift can start; the others are there for people to belong to."""
    rows = _all(session, OutletRow)
    found = [Outlets().read(row, frame) for row in rows if row.lat is not None]
    placed = {outlet.id for outlet in found}
    return tuple(
        outlet if outlet.parent in placed else replace(outlet, parent=None) for outlet in found
    )


def _technicians(
    session: Session, frame: Frame, only: UUID | None, placed: Collection[str]
) -> tuple[Technician, ...]:
    query = (
        select(TechnicianRow)
        .where(TechnicianRow.active)
        .order_by(TechnicianRow.id)
        .options(
            selectinload(TechnicianRow.skills),
            # Of the years that somebody has worked here only this time; anew for each time.
            selectinload(TechnicianRow.shifts.and_(begins_in(frame.span))),
            selectinload(TechnicianRow.absences.and_(_meets(frame.whole))),
        )
        .execution_options(populate_existing=True)
    )
    if only is not None:
        query = query.where(TechnicianRow.id == only)
    people = (_homeless(Technicians().read(row, frame)) for row in session.scalars(query))
    return tuple(
        person if person.outlet in placed else replace(person, outlet=None) for person in people
    )


def _homeless(person: Technician) -> Technician:
    """Of whom nobody knows where they live, shifts start and end openly: all others' day goes on.

    Shifts that are over may outlive the home they began at; of one to come the audit tells.
    """
    if person.home is not None:
        return person
    return replace(person, shifts=tuple(_opened(shift) for shift in person.shifts))


def _opened(shift: Shift) -> Shift:
    start, end = (
        Anchor(kind=AnchorKind.OPEN) if anchor.kind is AnchorKind.HOME else anchor
        for anchor in (shift.start_at, shift.end_at)
    )
    return replace(shift, start_at=start, end_at=end)


def _meets(span: Span) -> ColumnElement[bool]:
    return and_(AbsenceRow.start_at < span.end, AbsenceRow.end_at > span.start)


def _job_rows(session: Session, span: Span, only: Collection[UUID] | None) -> Sequence[JobRow]:
    query = select(JobRow).where(to_plan(span))
    if only is not None:  # also what somebody does for another outlet
        query = select(JobRow).where(JobRow.id.in_(only)).execution_options(**UNSCOPED)
    return session.scalars(
        query.order_by(JobRow.id).options(
            joinedload(JobRow.site),
            joinedload(JobRow.type),
            selectinload(JobRow.visits).joinedload(VisitRow.shift),
        )
    ).all()


def _all(session: Session, table: type[R]) -> Iterable[R]:
    return session.scalars(select(table).order_by(table.id))


def _last_end(technicians: Sequence[Technician], end: datetime) -> datetime:
    ends = [
        shift.end + timedelta(seconds=shift.overtime_s)
        for technician in technicians
        for shift in technician.shifts
    ]
    return max([end, *ends])
