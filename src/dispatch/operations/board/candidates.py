"""Who could do a visit, and why others cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.plan import Plan, Reason
from dispatch.errors import Refused
from dispatch.planning.compile import compile_day
from dispatch.planning.rebase import rebase
from dispatch.planning.recommend import Candidate, recommend
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
        ``assign.not-this-day``: the job is not to be planned on it; ``publish.broken``: the board
        breaks a rule as it stands.
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
    compiled = compile_day(here, travel)
    nothing = Plan(
        day=here.id, currency=here.policy.currency, routes=(), unassigned=(), costs_minor={}
    )
    stands = rebase(compiled, nothing, {}, board, breaks)
    if stands.broken:
        rules = ", ".join(sorted({violation.rule.value for violation in stands.broken}))
        raise Refused("publish.broken", rules=rules)
    found = recommend(compiled, stands.plan, job.key, most=MOST)
    return Choice(
        job=job.key,
        able=tuple(
            Able(technician=ids[way.places[0].technician], way=way) for way in found.candidates
        ),
        possible=found.possible,
        unserved_minor=found.unserved_minor,
        reasons=found.reasons,
    )
