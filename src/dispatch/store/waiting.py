"""When a job may start by what it waits for, and by what waits for it, where a day does not say.

A day knows the jobs that are planned on it. What one of them waits for may be on another day, over,
held back, or on no route yet; so it is with what waits for one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.job import Dependency, Job
from dispatch.domain.plan import Reason
from dispatch.domain.states.job import OVER, JobState
from dispatch.domain.states.visit import COMMITTED, ENDED, UNDER_WAY, VisitState
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window, WindowKind
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import WAITING, JobRow
from dispatch.store.said import heard
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

NOT_BEGUN = (VisitState.SCHEDULED, VisitState.DISPATCHED)


@dataclass(frozen=True, slots=True)
class Bounds:
    """When a job may start, both included."""

    first: datetime | None = None
    last: datetime | None = None
    before: str = ""
    """What it waits for the longest."""
    after: str = ""
    """What waits for it, and starts the earliest."""
    never: bool = False
    """Whether nobody knows yet when ``before`` will be over."""

    @property
    def why_not(self) -> Reason:
        """Why it cannot be done on a day."""
        if self.after and not self.never:
            return Reason(code="visit.awaited", values={"after": self.after})
        return Reason(code="visit.waits", values={"before": self.before})

    def hold(self, start: datetime) -> bool:
        """Whether it may start then."""
        if self.never:
            return False
        return (self.first or start) <= start <= (self.last or start)

    def meet(self, whole: Span) -> bool:
        """Whether it may start in some time."""
        first, last = self.first or whole.start, self.last or whole.end
        return not self.never and first <= last and first <= whole.end and last >= whole.start

    def wait(self, dependency: Dependency, end: datetime | None) -> Bounds:
        """The same, and after a job that ends then; None if nobody knows when."""
        if end is None:
            return replace(self, before=dependency.job, never=True)
        found = self
        first = end + timedelta(seconds=dependency.min_delay_s)
        if not self.never and (self.first is None or self.first < first):
            found = replace(found, first=first, before=dependency.job)
        if dependency.max_delay_s is not None:
            last = end + timedelta(seconds=dependency.max_delay_s)
            if self.last is None or self.last > last:
                found = replace(found, last=last)
        return found

    def precede(self, dependency: Dependency, job: str, start: datetime, lasts_s: float) -> Bounds:
        """The same, and over before a job which has such a dependency starts."""
        last = start - timedelta(seconds=dependency.min_delay_s + lasts_s)
        if self.last is not None and self.last <= last:
            return self
        return replace(self, last=last, after=job)


def bounds_of(
    session: Session,
    jobs: Sequence[JobRow],
    *,
    inside: Collection[str] = (),
    now: datetime | None = None,
    slowest: float = 1.0,
) -> Mapping[str, Bounds]:
    """The bounds of those of some jobs that have any, by key.

    Parameters
    ----------
    inside
        What is planned together with them, and is seen to there.
    now
        What is under way is not over before it.
    slowest
        How much longer than usual somebody may need for what others wait for.
    """
    found: dict[str, Bounds] = {}
    waits = {job.key: dependencies_of(job) for job in jobs}
    names = {each.job for own in waits.values() for each in own} - set(inside)
    before = {row.key: row for row in _named(session, names)}
    for key, own in waits.items():
        for each in own:
            row = before.get(each.job)
            if row is not None and row.state is not JobState.CANCELLED:
                found[key] = found.get(key, Bounds()).wait(each, _end(row, now))
    rows = {job.key: job for job in jobs}
    for waiting in _waiting_for(session, rows.keys()):
        starts = [visit.start_at for visit in waiting.visits if visit.state in NOT_BEGUN]
        start = min((moment for moment in starts if moment is not None), default=None)
        if waiting.key in inside or start is None:
            continue
        for each in dependencies_of(waiting):
            if each.job in rows:
                lasts_s = slowest * _longest_s(rows[each.job])
                bounds = found.get(each.job, Bounds())
                found[each.job] = bounds.precede(each, waiting.key, start, lasts_s)
    return found


def bounded(job: Job, bounds: Bounds, whole: Span) -> Job | None:
    """A job whose hard windows keep its bounds, on a day; None if none is left."""
    if bounds.never:
        return None
    hard = [window for window in job.windows if window.kind is WindowKind.HARD]
    rest = tuple(window for window in job.windows if window.kind is not WindowKind.HARD)
    first = max(whole.start, bounds.first or whole.start)
    last = min(whole.end, bounds.last or whole.end)
    spans = (
        (max(window.start, first), min(window.end, last))
        for window in hard or [Window(start=whole.start, end=whole.end)]
    )
    kept = tuple(Window(start=start, end=end) for start, end in spans if start <= end)
    return replace(job, windows=(*kept, *rest)) if kept else None


def held_back(
    session: Session,
    jobs: Collection[UUID],
    there: Collection[str],
    whole: Span,
    *,
    now: datetime,
) -> Mapping[str, Reason]:
    """Why some jobs wait for another day, by key; of those that need not, nothing.

    Parameters
    ----------
    there
        Jobs of the day: what waits for one of these is planned with it.
    whole
        The day.
    """
    if not jobs:
        return {}
    waiting = select(JobRow).where(
        text(WAITING), JobRow.id == any_(literal(list(jobs), ARRAY(Uuid)))
    )
    rows = session.scalars(waiting).all()
    bounds = bounds_of(session, rows, inside=there, now=now) if rows else {}
    return {key: found.why_not for key, found in bounds.items() if not found.meet(whole)}


def waiting_for(work: Work, job: JobRow) -> Sequence[UUID]:
    """The jobs to be done that wait for one, of those that are seen from here."""
    query = select(JobRow.id).where(_waits_for([job.key])).order_by(JobRow.id)
    return work.session.scalars(query).all()


def slowest(people: Iterable[Technician]) -> float:
    """How much longer than usual one of some technicians may need for a visit."""
    factors = (one.duration_factor * max([1.0, *one.job_type_factors.values()]) for one in people)
    return max(factors, default=1.0)


def in_time(
    session: Session,
    jobs: Sequence[Job],
    rows: Sequence[JobRow],
    whole: Span,
    *,
    now: datetime | None,
    pace: float,
) -> list[Job]:
    """The jobs of a day, within the bounds of what is not of it.

    Those that cannot be done on it because of them are left out. What is on a route already, and
    not as it should be, stays: people see to that.

    Parameters
    ----------
    rows
        Theirs, and more.
    pace
        How much longer than usual somebody may need.
    """
    found = {job.id: job for job in jobs}
    held: Collection[str] = ("",)
    while held:  # what waits for what is left out waits for another day, too
        there = [row for row in rows if row.key in found]
        bounds = bounds_of(session, there, inside=found.keys(), now=now, slowest=pace)
        kept = {
            row.key: bounded(found[row.key], bounds[row.key], whole)
            for row in there
            if row.key in bounds and not _stands(row, bounds[row.key])
        }
        found |= {key: job for key, job in kept.items() if job is not None}
        held = [key for key, job in kept.items() if job is None]
        for key in held:
            del found[key]
    return list(found.values())


def _stands(row: JobRow, bounds: Bounds) -> bool:
    """Whether somebody is at it, or it is on a route where it is not within its bounds."""
    placed = [visit for visit in row.visits if visit.state in COMMITTED]
    if any(visit.state in UNDER_WAY for visit in placed):
        return True
    starts = [visit.start_at for visit in placed if visit.start_at is not None]
    return bool(starts) and not all(bounds.hold(start) for start in starts)


def dependencies_of(job: JobRow) -> Sequence[Dependency]:
    """What a job waits for."""
    return [heard(Dependency, entry) for entry in job.said.get("dependencies", ())]


def waits_for_any(session: Session, job: JobRow) -> bool:
    """Whether something that a job waits for is not over yet."""
    names = {each.job for each in dependencies_of(job)}
    return any(row.state not in OVER for row in _named(session, names))


def _named(session: Session, keys: Collection[str]) -> Sequence[JobRow]:
    if not keys:
        return ()
    return _read(session, JobRow.key == any_(literal(list(keys), ARRAY(Text))))


def _waiting_for(session: Session, keys: Collection[str]) -> Sequence[JobRow]:
    """Jobs to be done that wait for one of these."""
    if not keys:
        return ()
    return _read(session, _waits_for(keys))


def _waits_for(keys: Collection[str]) -> ColumnElement[bool]:
    path = cast("$.dependencies[*].job", JSONPATH)
    named = func.jsonb_path_query_array(JobRow.said, path, type_=JSONB)
    return and_(text(WAITING), named.has_any(literal(list(keys), ARRAY(Text))))


def _read(session: Session, which: ColumnElement[bool]) -> Sequence[JobRow]:
    """With their visits, whatever outlet they are of."""
    query = select(JobRow).where(which).order_by(JobRow.id).options(selectinload(JobRow.visits))
    return session.scalars(query, execution_options=UNSCOPED).all()


def _end(row: JobRow, now: datetime | None) -> datetime | None:
    """When a job is over, or will be as planned; None if nobody knows."""
    if row.state in OVER:
        done = [visit for visit in row.visits if visit.state is VisitState.COMPLETED]
        ends = [visit.ended_at or visit.end_at for visit in done]
        return max((end for end in ends if end is not None), default=row.earliest)
    active = [visit for visit in row.visits if visit.state not in ENDED]
    ends = [
        max(visit.end_at, now)
        if visit.end_at and now and visit.state in UNDER_WAY
        else visit.end_at
        for visit in active
    ]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(active) else None


def _longest_s(row: JobRow) -> int:
    """How long the longest of its visits takes, as a rule."""
    crew = row.said.get("crew") or row.type.said.get("crew") or {}
    usual = int(row.said.get("duration_s") or row.type.said["duration_s"])
    return max([usual, *(int(seat.get("duration_s") or 0) for seat in crew.get("seats", ()))])
