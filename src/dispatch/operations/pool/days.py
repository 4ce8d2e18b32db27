"""On which days a technician could do a job, and the first on which it fits their route."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dispatch.domain.plan import Reason
from dispatch.errors import InvalidInput, Refused
from dispatch.operations.pool.route import Fit, route_day
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import (
    ONE,
    PlannedDay,
    day_to_do,
    first_to_do,
    last_to_do,
    span_of,
    zone_of,
)
from dispatch.store.days import hard_spans
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.work import Work

DAYS = 14
"""From the first day on which a job may still be done, so many are looked at."""
MOST_SHIFTS = 1_000


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which a technician works."""

    now: datetime
    zone: ZoneInfo
    shifts: Mapping[date, Sequence[Span]]
    """By the day on which they begin, with their overtime."""

    def days(self, job: JobRow) -> list[PlannedDay]:
        """Those on which a job could be begun, by its windows and its SLA, the first one first.

        The day before the first is one of them, where a shift that began on it is not over by then.
        """
        moment = first_to_do(job, self.now)
        first = moment.astimezone(self.zone).date()
        last = last_to_do(job, self.now).astimezone(self.zone).date()
        hard = hard_spans(job)
        spans = hard or [Span(job.earliest, job.latest)]
        days = [first + number * ONE for number in range(min((last - first).days + 1, DAYS))]
        if hard or job.earliest.astimezone(self.zone).date() < first:
            days.insert(0, first - ONE)
        return [
            PlannedDay(day, span_of(day, self.zone))
            for day in days
            if any(
                _meet(shift, span)
                for shift in self.shifts.get(day, ())
                if day >= first or shift.end > moment
                for span in spans
            )
        ]


def calendar_of(work: Work, technician: UUID) -> Calendar:
    """The days on which somebody works, from now on."""
    zone = zone_of(work.session)
    query = (
        select(ShiftRow.start_at, ShiftRow.end_at, ShiftRow.said)
        .where(ShiftRow.technician_id == technician, ShiftRow.end_at > work.now - ONE)
        .order_by(ShiftRow.start_at)
        .limit(MOST_SHIFTS)
    )
    shifts: dict[date, list[Span]] = defaultdict(list)
    for start, end, said in work.session.execute(query):
        overtime = timedelta(seconds=int(said.get("overtime_s", 0)))
        shifts[start.astimezone(zone).date()].append(Span(start, end + overtime))
    return Calendar(work.now, zone, shifts)


def first_fits(
    work: Work, technician: TechnicianRow, jobs: Sequence[JobRow], travel: TravelTimes
) -> Iterator[tuple[JobRow, PlannedDay, Fit]]:
    """The first day on which each of some jobs fits by itself; what fits on none is left out.

    A day that cannot be read is in no other day's way. Raises Refused ``technician.ended``.
    """
    calendar = calendar_of(work, technician.id)
    days = {job.id: calendar.days(job) for job in jobs}
    left = {job.id: job for job in jobs}
    for day in sorted({day for own in days.values() for day in own}, key=lambda day: day.date):
        here = [job for job in left.values() if day in days[job.id]]
        if not here:
            continue
        try:
            route = route_day(work, technician.id, [job.id for job in here], day.span, travel)
            fits = route.fits([job.key for job in here])
        except InvalidInput:
            continue
        for job in here:
            if job.key in fits:
                del left[job.id]
                yield job, day, fits[job.key]


def first_fit(
    work: Work, technician: TechnicianRow, job: JobRow, travel: TravelTimes
) -> tuple[Fit, PlannedDay]:
    """The first day on which a job fits somebody's route, and how.

    Raises
    ------
    Refused
        ``claim.misfit``: on none, and why not on the first of them.
    """
    for _, day, fit in first_fits(work, technician, [job], travel):
        return fit, day
    days = calendar_of(work, technician.id).days(job)
    day = days[0] if days else day_to_do(work.session, job, work.now)
    found = fit_on(work, technician, job, travel, day)
    if not days:  # they may have room, but the job is over by then, or does not begin before
        raise Refused("claim.misfit", reason="shift.none")
    return found


def fit_on(
    work: Work,
    technician: TechnicianRow,
    job: JobRow,
    travel: TravelTimes,
    day: PlannedDay | None,
) -> tuple[Fit, PlannedDay]:
    """The same on a day, if one is said; raises as :func:`first_fit`."""
    if day is None:
        return first_fit(work, technician, job, travel)
    found = route_day(work, technician.id, [job.id], day.span, travel).fit(job.key)
    if isinstance(found, Reason):
        raise Refused("claim.misfit", reason=found.code)
    return found, day


def _meet(shift: Span, span: Span) -> bool:
    return span.start <= shift.end and span.end >= shift.start
