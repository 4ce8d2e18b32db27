"""Who could do a visit, and why others cannot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, Reason
from dispatch.errors import Refused
from dispatch.operations.board.confirm import Way, confirm
from dispatch.planning.fit import Fitted, fit_plan
from dispatch.planning.frozen import Broken
from dispatch.planning.recommend import Candidate, Recommendation, recommend
from dispatch.planning.standing import Board
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import PlannedDay, days_to_do, span_of, standings, visits_of, zone_of
from dispatch.store.bounds import Bounds
from dispatch.store.database import Database
from dispatch.store.days import is_of_day, lasts_until
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.shifts import breaks_of
from dispatch.store.snapshot import snapshot
from dispatch.store.waiting import bounds_of
from dispatch.store.work import Work

MOST = 20
"""Ways that are worked out in full; more only where none of these can be gone."""
TIMES = 4
"""So many more then, until one can."""
MOST_DAYS = 7
"""Each is looked at as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """Somebody who could do it, and what that would add to the day."""

    technician: UUID
    way: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who should do a visit."""

    job: str
    day: date
    """On which."""
    able: tuple[Able, ...]
    possible: int
    unserved_minor: int
    """What leaving it out costs."""
    reasons: tuple[Reason, ...]
    """Why others cannot, who came nearest first."""
    broken: tuple[Broken, ...] = ()
    """Visits of the day that break a rule where they stand: nothing is put on their routes."""


def candidates(
    database: Database,
    actor: Actor,
    visit_id: UUID,
    travel: TravelTimes,
    *,
    day: date | None = None,
    but: Collection[UUID] = (),
) -> Choice:
    """Try a visit at every place of every route of its day, as the board stands.

    Parameters
    ----------
    day
        On which. If nothing is said: the first of the days on which the job may be done, a week at
        most, on which somebody could do it; if on none, what the first of them says.
    but
        Who does not count as somebody.

    Raises
    ------
    Missing
        There is no such visit.
    Refused
        ``assign.not-this-day``: the job is not to be planned on it; ``publish.broken``: a rule is
        broken by what is on no route.
    """
    with database.work(actor) as work:
        job = work.get(JobRow, work.get(VisitRow, visit_id).job_id)
        if day is not None:
            days = [PlannedDay(day, span_of(day, zone_of(work.session)))]
        else:
            days = days_to_do(work.session, job, work.now, MOST_DAYS)
    search = _Search(database, actor, job.id, travel, but)
    first: Choice | None = None
    refused: Refused | None = None
    for planned in days:
        try:
            found = search.on(planned)
        except Refused as error:
            refused = refused or error
            continue
        if any(able.technician not in but for able in found.able):
            return found
        first = first or found
    if first is not None:
        return first
    raise refused or Refused("assign.not-this-day", job=job.key, state=job.state.value)


@dataclass(frozen=True, slots=True)
class _Search:
    """Who could do a job, day by day."""

    database: Database
    actor: Actor
    job: UUID
    travel: TravelTimes
    but: Collection[UUID]

    def on(self, planned: PlannedDay) -> Choice:
        """Who could do it on a day."""
        span = planned.span
        with self.database.work(self.actor) as work:
            job = work.get(JobRow, self.job)
            here = snapshot(work.session, "board", span, now=work.now)
            if job.key not in here.jobs_by_id:
                return _out_of_time(work, job, planned)
            whole = Span(here.start, here.end)
            bounds = bounds_of(
                work.session, [job], inside=here.jobs_by_id.keys(), beside=(), now=work.now
            ).get(job.key, Bounds())
            board = standings(work.session, visits_of(work.session, span), span)
            breaks = breaks_of(work.session, span)
        nothing = Plan(
            day=here.id, currency=here.policy.currency, routes=(), unassigned=(), costs_minor={}
        )
        alone = _awaited_by_none(here, job.key, bounds)
        if alone is None:
            return _nobody(job.key, planned.date, bounds.why_not(whole))
        rest = _without(board, job.key)
        stands = fit_plan(alone, self.travel, nothing, {}, rest, breaks=breaks)
        if job.key in stands.frozen.jobs:
            return _held(job.key, planned.date, stands)
        return self._choice(stands, job.key, planned)

    def _choice(self, stands: Fitted, key: str, planned: PlannedDay) -> Choice:
        """The first ways that are there, and more if nobody who counts has any of these."""
        most = MOST
        while True:
            found = recommend(stands.compiled, stands.plan, key, most=most)
            with self.database.work(self.actor) as work:
                job = work.get(JobRow, self.job)
                ways = _by_technician(work, found)
                fits, misfits = confirm(work, job, ways, planned.span, self.travel)
            if fits.keys() - set(self.but) or most >= found.possible:
                break
            most *= TIMES
        others = (stands.frozen.reason(reason.technician) or reason for reason in found.reasons)
        return Choice(
            job=key,
            day=planned.date,
            able=tuple(Able(technician=technician, way=way) for technician, way in fits.items()),
            possible=found.possible - len(misfits),
            unserved_minor=found.unserved_minor,
            reasons=(*misfits, *others),
            broken=stands.frozen.broken,
        )


def _by_technician(work: Work, found: Recommendation) -> dict[UUID, Way]:
    rows = work.session.execute(select(TechnicianRow.key, TechnicianRow.id))
    ids = {row.key: row.id for row in rows}
    return {
        ids[way.places[0].technician]: (way, routes)
        for way, routes in zip(found.candidates, found.changes, strict=True)
    }


def _out_of_time(work: Work, job: JobRow, planned: PlannedDay) -> Choice:
    """Nobody can do on a day what waits for something that is not over by then."""
    bounds = bounds_of(work.session, [job], now=work.now).get(job.key, Bounds())
    whole = Span(planned.span.start, lasts_until(work.session, planned.span))
    if bounds.meet(whole) or not is_of_day(work.session, job, planned.span):
        raise Refused("assign.not-this-day", job=job.key, state=job.state.value)
    return _nobody(job.key, planned.date, bounds.why_not(whole))


def _awaited_by_none(day: Day, job: str, bounds: Bounds) -> Day | None:
    """The day with a job over before what waits for it begins, wherever that stands.

    What waits for it stays when it is, and is no hindrance where nobody has the job yet.
    """
    mine = bounds.within(day.jobs_by_id[job], Span(day.start, day.end))
    if mine is None:
        return None
    others = (
        replace(other, dependencies=tuple(e for e in other.dependencies if e.job != job))
        for other in day.jobs
    )
    return replace(day, jobs=tuple(mine if one.id == job else one for one in others))


def _without(board: Board, job: str) -> Board:
    """The board with the job taken off, so that it is no hindrance to itself."""
    return {
        seat: replace(standing, spot=None) if seat.job == job else standing
        for seat, standing in board.items()
    }


def _held(job: str, day: date, stands: Fitted) -> Choice:
    """Nobody can be given what hangs on a route that is broken."""
    first = stands.frozen.broken[0]
    values = {"job": first.job, "rule": first.rule}
    nobody = _nobody(job, day, Reason(code="visit.held", values=values))
    return replace(nobody, broken=stands.frozen.broken)


def _nobody(job: str, day: date, why: Reason) -> Choice:
    return Choice(job=job, day=day, able=(), possible=0, unserved_minor=0, reasons=(why,))
