"""Who could do a visit, and why others cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, Reason
from dispatch.errors import Refused
from dispatch.planning.fit import Fitted, fit_plan
from dispatch.planning.frozen import Broken
from dispatch.planning.recommend import Candidate, recommend
from dispatch.planning.standing import Board
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import day_to_do, span_of, standings, visits_of, zone_of
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.shifts import breaks_of
from dispatch.store.snapshot import snapshot

MOST = 20
"""Ways that are worked out in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """Somebody who could do it, and what that would add to the day."""

    technician: UUID
    way: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who should do a visit."""

    job: str
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
) -> Choice:
    """Try a visit at every place of every route of its day, as the board stands.

    Raises
    ------
    Missing
        There is no such visit.
    Refused
        ``assign.not-this-day``: the job is not to be planned on it; ``publish.broken``: a rule is
        broken by what is on no route.
    """
    with database.work(actor) as work:
        visit = work.get(VisitRow, visit_id)
        job = work.get(JobRow, visit.job_id)
        planned = day_to_do(work.session, job, work.now)
        span = planned.span if day is None else span_of(day, zone_of(work.session))
        here = snapshot(work.session, "board", span, now=work.now)
        if job.key not in here.jobs_by_id:
            raise Refused("assign.not-this-day", job=job.key, state=job.state.value)
        board = standings(visits_of(work.session, span))
        breaks = breaks_of(work.session, span)
        known = select(TechnicianRow.key, TechnicianRow.id)
        ids = {row.key: row.id for row in work.session.execute(known)}
    nothing = Plan(
        day=here.id, currency=here.policy.currency, routes=(), unassigned=(), costs_minor={}
    )
    rest = _without(board, here, job.key)
    stands = fit_plan(here, travel, nothing, {}, rest, breaks=breaks)
    if job.key in stands.frozen.jobs:
        return _held(job.key, stands)
    found = recommend(stands.compiled, stands.plan, job.key, most=MOST)
    return Choice(
        job=job.key,
        able=tuple(
            Able(technician=ids[way.places[0].technician], way=way) for way in found.candidates
        ),
        possible=found.possible,
        unserved_minor=found.unserved_minor,
        reasons=tuple(
            stands.frozen.reason(reason.technician) or reason for reason in found.reasons
        ),
        broken=stands.frozen.broken,
    )


def _without(board: Board, day: Day, job: str) -> Board:
    """The board with the job taken off, so that it is no hindrance to itself."""
    if any(entry.job == job for other in day.jobs for entry in other.dependencies):
        return board
    return {
        seat: replace(standing, spot=None) if seat.job == job else standing
        for seat, standing in board.items()
    }


def _held(job: str, stands: Fitted) -> Choice:
    """Nobody can be given what hangs on a route that is broken."""
    first = stands.frozen.broken[0]
    values = {"job": first.job, "rule": first.rule}
    return Choice(
        job=job,
        able=(),
        possible=0,
        unserved_minor=0,
        reasons=(Reason(code="visit.held", values=values),),
        broken=stands.frozen.broken,
    )
