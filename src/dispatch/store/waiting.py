"""When a job may start by what it waits for, and by what waits for it, where a day does not say.

A day knows the jobs that are planned on it. What one of them waits for may be on another day, over,
held back, or on no route yet; so it is with what waits for one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
from dispatch.domain.states.visit import COMMITTED, ENDED, PLANNED, UNDER_WAY, VisitState
from dispatch.domain.technician import Technician
from dispatch.planning.work import first_level
from dispatch.store.bounds import Bounds
from dispatch.store.kinds.kind import Span
from dispatch.store.locks import Lock, hold
from dispatch.store.rows.jobs import WAITING, JobRow, VisitRow
from dispatch.store.said import heard
from dispatch.store.scope import SCOPE, UNSCOPED
from dispatch.store.skills import needs_said
from dispatch.store.work import Work

UNSEEN = "…"
"""A job of an outlet that is not seen from here."""


def bounds_of(
    session: Session,
    jobs: Sequence[JobRow],
    *,
    inside: Collection[str] = (),
    beside: Collection[str] | None = None,
    asked: Collection[str] = (),
    now: datetime | None = None,
    people: Sequence[Technician] = (),
) -> Mapping[str, Bounds]:
    """The bounds of those of some jobs that have any, by key.

    Parameters
    ----------
    inside
        What is planned together with them: what they wait for of it is seen to there.
    beside
        So it is with what waits for them; ``inside``, if nothing is said.
    asked
        Those that are to get a place: what waits for one of these stays when it is all the same.
    now
        What has not ended is not over before it.
    people
        Who may do the jobs; without any, they take as long as usual.
    """
    found: dict[str, Bounds] = {}
    waits = {job.key: dependencies_of(job) for job in jobs}
    names = {each.job for own in waits.values() for each in own} - set(inside)
    before = {row.key: row for row in _named(session, names)}
    for key, own in waits.items():
        for each in own:
            row = before.get(each.job)
            if row is not None and row.state is not JobState.CANCELLED:
                bounds = found.get(key, Bounds())
                found[key] = bounds.wait(each, _name(session, row), _end(row, now))
    rows = {job.key: job for job in jobs}
    beside = inside if beside is None else beside
    for waiting in _waiting_for(session, rows.keys()):
        start = _start(waiting, now)
        if start is None:
            continue
        for each in dependencies_of(waiting):
            if each.job in rows and (waiting.key not in beside or each.job in asked):
                lasts_s = _lasts_s(rows[each.job], people)
                bounds = found.get(each.job, Bounds())
                found[each.job] = bounds.precede(each, _name(session, waiting), start, lasts_s)
    return found


def hold_order(work: Work, visit: UUID) -> None:
    """Let nobody else move what the job of a visit waits for, or what waits for it.

    Whoever means to give a visit a place calls it before they hold any row.
    """
    tied = work.session.execute(TIED, {"visit": visit}).first()
    if tied is not None:
        hold(work.session, Lock.ORDER)


def hold_all_order(work: Work) -> None:
    """The same, for whoever may move any visit."""
    waiting = select(JobRow.id).where(text(WAITING)).limit(1)
    if work.session.scalars(waiting, execution_options=UNSCOPED).first() is not None:
        hold(work.session, Lock.ORDER)


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
    held: dict[str, Reason] = {}
    names = {each.job for row in rows for each in dependencies_of(row)}
    idle = {row.key for row in _named(session, names) if row.state is JobState.ON_HOLD}
    while rows:  # as in_time
        inside = set(there) - idle - held.keys()
        bounds = bounds_of(session, rows, inside=inside, beside=there, now=now)
        more = {key: found.why_not(whole) for key, found in bounds.items() if not found.meet(whole)}
        held |= more
        rows = [row for row in rows if row.key not in held] if more else []
    return held


def waiting_for(work: Work, job: JobRow) -> Sequence[UUID]:
    """What is to be done after one, however indirectly, of what is seen from here."""
    found: dict[str, UUID] = {}
    keys = {job.key}
    while keys:
        query = select(JobRow.key, JobRow.id).where(waits_for(keys))
        more = {key: id_ for key, id_ in work.session.execute(query) if key not in found}
        found |= more
        keys = more.keys() - {job.key}
    return sorted(found.values())


def in_time(
    session: Session,
    jobs: Sequence[Job],
    rows: Sequence[JobRow],
    whole: Span,
    *,
    now: datetime | None,
    people: Sequence[Technician],
) -> list[Job]:
    """The jobs of a day, within the bounds of what is not of it.

    Those that cannot be done on it because of them are left out, also if somebody has them. What
    somebody is at, or is pinned, stays as it is.

    Parameters
    ----------
    rows
        Theirs, and more.
    people
        Who may do them.
    """
    found = {job.id: job for job in jobs}
    of_the_day = frozenset(found)
    while True:  # what waits for what is left out waits for another day, too
        there = [row for row in rows if row.key in found]
        inside = found.keys()
        bounds = bounds_of(session, there, inside=inside, beside=of_the_day, now=now, people=people)
        kept = {
            row.key: bounds[row.key].within(found[row.key], whole)
            for row in there
            if row.key in bounds and not stays(row)
        }
        found |= {key: job for key, job in kept.items() if job is not None}
        held = [key for key, job in kept.items() if job is None]
        if not held:
            return list(found.values())
        for key in held:
            del found[key]


def stays(row: JobRow) -> bool:
    """Whether somebody is at it, or people have said where it stays."""
    placed = [visit for visit in row.visits if visit.state in COMMITTED]
    return any(visit.pin is not None or visit.state in UNDER_WAY for visit in placed)


TIED = text(f"""
    SELECT 1
    FROM visit JOIN job AS own ON own.id = visit.job_id
    WHERE visit.id = :visit
    AND (
        own.said ? 'dependencies'
        OR EXISTS (
            SELECT 1 FROM job
            WHERE {WAITING} AND jsonb_path_query_array(job.said, '$.dependencies[*].job') ? own.key
        )
    )
""")  # noqa: S608 - all of it is ours
"""Whether the job of a visit waits for another one, or another one for it, of whatever outlet."""


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
    return _read(session, waits_for(keys))


def waits_for(keys: Collection[str]) -> ColumnElement[bool]:
    """Which jobs to be done wait for one of these."""
    path = cast("$.dependencies[*].job", JSONPATH)
    named = func.jsonb_path_query_array(JobRow.said, path, type_=JSONB)
    return and_(text(WAITING), named.has_any(literal(list(keys), ARRAY(Text))))


def _read(session: Session, which: ColumnElement[bool]) -> Sequence[JobRow]:
    """With their visits, whatever outlet they are of."""
    visits = selectinload(JobRow.visits).joinedload(VisitRow.shift)
    query = select(JobRow).where(which).order_by(JobRow.id).options(visits)
    return session.scalars(query, execution_options=UNSCOPED).all()


def _name(session: Session, row: JobRow) -> str:
    visible = session.info.get(SCOPE)
    return row.key if visible is None or row.outlet_id in visible else UNSEEN


def _start(row: JobRow, now: datetime | None) -> datetime | None:
    """When a job is to begin, if it is planned; what should have begun waits for nothing more."""
    starts = [
        visit.start_at
        for visit in row.visits
        if visit.state in PLANNED and visit.start_at is not None
    ]
    start = min(starts, default=None)
    return None if start is None or (now is not None and start < now) else start


def _end(row: JobRow, now: datetime | None) -> datetime | None:
    """When a job is over, or will be as things stand; None if nobody knows."""
    if row.state is JobState.ON_HOLD:
        return None
    done = [visit for visit in row.visits if visit.state is VisitState.COMPLETED]
    ends = [end for end in (visit.ended_at or visit.end_at for visit in done) if end is not None]
    if row.state not in OVER:
        active = [visit for visit in row.visits if visit.state not in ENDED]
        to_come = [_ends(visit, now) for visit in active]
        known = [end for end in to_come if end is not None]
        if not known or len(known) < len(to_come):
            return None
        ends.extend(known)
    return _whole_second(max(ends, default=row.earliest))


def _ends(visit: VisitRow, now: datetime | None) -> datetime | None:
    """As planned; what should have begun begins now, as long as its shift lasts."""
    start, end = visit.start_at, visit.end_at
    if start is None or end is None or now is None:
        return end
    if visit.state in UNDER_WAY:
        return max(end, now)
    if start >= now:
        return end
    over = visit.shift is not None and visit.shift.end_at <= now
    return None if over else now + (end - start)


def _whole_second(moment: datetime) -> datetime:
    """Rounded up: a day knows no parts of seconds."""
    return moment + timedelta(microseconds=-moment.microsecond % 1_000_000)


def _lasts_s(row: JobRow, people: Sequence[Technician]) -> tuple[float, float]:
    """From its start to its end, at least and at most."""
    crew = row.said.get("crew") or row.type.said.get("crew") or {}
    usual = int(row.said.get("duration_s") or row.type.said["duration_s"])
    seats = [int(seat.get("duration_s") or usual) for seat in crew.get("seats", ())] or [usual]
    quickest, slowest = _factors(row, people)
    apart = (len(seats) - 1) * int(crew.get("max_delay_s", 0))
    longest = max(seats)
    return longest * quickest, longest * slowest + apart + row.site.setup_s


def _factors(row: JobRow, people: Sequence[Technician]) -> tuple[float, float]:
    """By how much quicker and slower than usual one of its visits may be done."""
    needs = needs_said(row.said, row.type.said)
    levels = {int(level): f for level, f in row.type.said.get("level_factors", {}).items()}
    factors = [
        one.duration_factor
        * one.job_type_factors.get(row.type.key, 1.0)
        * levels.get(first_level(needs, one) or 0, 1.0)
        for one in people
    ]
    return min(factors, default=1.0), max(factors, default=1.0)
