"""The board of a day: where each visit stands, and that it has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from dispatch.domain.clock import fixed
from dispatch.domain.states.visit import ENDED
from dispatch.planning.standing import Seat, Spot, Standing
from dispatch.store.board_jobs import shift_name
from dispatch.store.days import hard_spans, is_of_day, lasts_until, moment_of
from dispatch.store.ids import new_id
from dispatch.store.kinds.kind import Span
from dispatch.store.organisation import organisation_of
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.plans import BoardRow
from dispatch.store.seats import planned_seats
from dispatch.store.shifts import shift_names
from dispatch.store.snapshot import to_plan


def zone_of(session: Session) -> ZoneInfo:
    """The zone in which days begin; raises as `organisation_of`."""
    return ZoneInfo(organisation_of(session).zone)


def site_zone(session: Session, site: SiteRow) -> ZoneInfo:
    """By whose wall clocks the people at a site count."""
    return ZoneInfo(site.zone) if site.zone else zone_of(session)


def span_of(day: date, zone: ZoneInfo) -> Span:
    """From midnight to midnight, by the clocks of a zone."""
    return Span(_first_moment(day, zone), _first_moment(day + timedelta(days=1), zone))


def _first_moment(day: date, zone: ZoneInfo) -> datetime:
    """Midnight, or the moment to which the clocks go on where they skip it."""
    midnight = datetime.combine(day, time(), zone)
    return fixed(midnight.astimezone(UTC).astimezone(zone))


ONE = timedelta(days=1)


class PlannedDay(NamedTuple):
    """A day and the time it covers."""

    date: date
    span: Span


def day_to_do(session: Session, job: JobRow, now: datetime) -> PlannedDay:
    """The first day on which a job may still be done, be it in a shift that began on it."""
    zone = zone_of(session)
    moment = first_to_do(job, now)
    day = moment.astimezone(zone).date()
    before = PlannedDay(day - ONE, span_of(day - ONE, zone))
    if is_of_day(session, job, before.span) and moment < lasts_until(session, before.span):
        return before
    return PlannedDay(day, span_of(day, zone))


def days_to_do(session: Session, job: JobRow, now: datetime, most: int) -> list[PlannedDay]:
    """The days from the first on which a job may still be done, by its windows and its SLA."""
    zone = zone_of(session)
    first, last = day_to_do(session, job, now), last_to_do(job, now)
    later = [first.date + number * ONE for number in range(1, most)]
    spans = [PlannedDay(day, span_of(day, zone)) for day in later]
    hard = hard_spans(job)
    return [
        first,
        *(
            day
            for day in spans
            if day.span.start < last
            and (not hard or any(_may_begin(session, day.span, span) for span in hard))
        ),
    ]


def first_to_do(job: JobRow, now: datetime) -> datetime:
    """From when on a job may still be done; the last moment, if that is over."""
    return max(job.earliest, min(now, job.latest - datetime.resolution))


def last_to_do(job: JobRow, now: datetime) -> datetime:
    """Until when a job is to be done; one that is late already is done as soon as can be."""
    if job.sla_due is not None and job.sla_due >= now:
        return min(job.latest, job.sla_due)
    return job.latest


def _may_begin(session: Session, day: Span, window: Span) -> bool:
    if window.end < day.start:
        return False
    return window.start < day.end or window.start < lasts_until(session, day)


def day_of(session: Session, visit: VisitRow) -> date:
    """On whose board a visit is: that of its shift's day, or where its job begins."""
    moment = moment_of(visit) or visit.job.earliest
    return moment.astimezone(zone_of(session)).date()


def board_of(session: Session, day: date) -> BoardRow:
    """The board of a day; made when it is first asked for, by whoever is first."""
    query = select(BoardRow).where(BoardRow.day == day)
    found = session.scalars(query).one_or_none()
    if found is not None:
        return found
    session.execute(
        insert(BoardRow).values(id=new_id(), day=day, version=0).on_conflict_do_nothing()
    )
    return session.scalars(query).one()


def hold_board(session: Session, board: UUID) -> BoardRow:
    """The same, with nobody else changing it until the work ends."""
    query = select(BoardRow).where(BoardRow.id == board).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def touch_board(session: Session, board: UUID) -> None:
    """Count its version up."""
    session.execute(
        update(BoardRow).where(BoardRow.id == board).values(version=BoardRow.version + 1)
    )


def touch_days(session: Session, days: Iterable[date]) -> None:
    """Count the versions of their boards up, in one order, so that nobody waits in a circle."""
    for day in sorted(set(days)):
        counted = session.execute(
            update(BoardRow)
            .where(BoardRow.day == day)
            .values(version=BoardRow.version + 1)
            .returning(BoardRow.id)
        ).first()
        if counted is None:  # nobody has asked for it yet
            touch_board(session, board_of(session, day).id)


def visits_of(session: Session, span: Span, *, lock: bool = False) -> list[VisitRow]:
    """The visits of all jobs that a plan of ``span`` is about, but for those that have ended."""
    query = (
        select(VisitRow)
        .join(VisitRow.job)
        .where(to_plan(span), VisitRow.state.not_in(ENDED))
        .order_by(VisitRow.id)
        .options(
            joinedload(VisitRow.job), joinedload(VisitRow.technician), joinedload(VisitRow.shift)
        )
    )
    if lock:
        query = query.with_for_update(of=VisitRow).execution_options(populate_existing=True)
    return list(session.scalars(query))


def standings(session: Session, visits: Sequence[VisitRow], span: Span) -> dict[Seat, Standing]:
    """Where each visit that a plan of ``span`` is about stands."""
    seats, shifts = planned_seats(visits), shift_names(session, span)
    return {
        Seat(visit.job.key, seats[visit.id]): Standing(
            version=visit.version, spot=_spot(visit, shift_name(visit, shifts))
        )
        for visit in visits
        if visit.id in seats
    }


def _spot(visit: VisitRow, shift: str | None) -> Spot | None:
    if visit.technician is None or visit.start_at is None or visit.end_at is None:
        return None
    return Spot(
        technician=visit.technician.key,
        shift=shift or "",
        start=visit.start_at,
        end=visit.end_at,
    )
