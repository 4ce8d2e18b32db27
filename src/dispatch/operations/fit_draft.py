"""A draft fitted to the board as it is now: what would hold, what would not, what would be lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, Route
from dispatch.domain.states.run import PLAN, PlanAction
from dispatch.domain.states.visit import UNDER_WAY
from dispatch.errors import Refused
from dispatch.formats.json_values import ENVELOPE
from dispatch.planning.fit import Fitted, fit_plan, set_aside
from dispatch.planning.frozen import Frozen
from dispatch.planning.rebase import Conflict
from dispatch.planning.standing import Board, Breaks, Seat, as_they_stand, places_in, same_place
from dispatch.planning.travel_times import TravelTimes
from dispatch.planning.verify import verify
from dispatch.store.board import standings, visits_of
from dispatch.store.database import Database
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.plans import PlanRow, RunRow
from dispatch.store.runs import taken_board
from dispatch.store.said import heard
from dispatch.store.seats import planned_seats
from dispatch.store.shifts import breaks_of
from dispatch.store.snapshot import snapshot
from dispatch.store.waiting import bounds_of
from dispatch.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedDraft:
    """A plan fitted to the board as it was a moment ago."""

    run: RunRow
    at: datetime
    day: Day
    board: Board
    plan: Plan
    """Of all that may change."""
    left: Day
    """The day without what is frozen."""
    frozen: Frozen
    kept: tuple[Route, ...]
    """The routes that are frozen, as they stand."""
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a draft is fitted to."""

    run: RunRow
    at: datetime
    day: Day
    plan: Plan
    before: Board
    now: Board
    breaks: Breaks
    held: frozenset[Seat]
    """Visits under way or pinned."""
    in_vain: Mapping[str, str]
    """Why jobs that somebody has cannot be done on the day, by what they wait for."""


def fit_draft(database: Database, actor: Actor, plan_id: UUID, travel: TravelTimes) -> FittedDraft:
    """Without holding anybody up: whoever changes the board meanwhile is seen afterwards.

    Raises
    ------
    Missing, Refused
        There is no such plan; ``state.plan``: it is no draft; ``publish.unverified``: the checker
        does not confirm it on this board.
    InvalidInput
        The day contradicts itself, in something else than a job.
    """
    seen = _look(database, actor, plan_id)
    wanted = places_in(seen.plan)
    # What has begun or is pinned stays where it is, whatever the plan says of it.
    free = {
        seat: standing
        for seat, standing in seen.before.items()
        if seat not in seen.held or same_place(wanted.get(seat), seen.now[seat].spot)
    }
    aside = set_aside(seen.day, seen.now)
    fitted = fit_plan(seen.day, travel, seen.plan, free, seen.now, breaks=seen.breaks, frozen=aside)
    verification = verify(fitted.day, fitted.plan, travel)
    if not verification.ok:
        faults = ", ".join(sorted({fault.code for fault in verification.faults}))
        raise Refused("publish.unverified", faults=faults)
    stay = {seat: standing for seat, standing in seen.now.items() if seat.job in fitted.frozen.jobs}
    return FittedDraft(
        run=seen.run,
        at=seen.at,
        day=seen.day,
        board=seen.now,
        plan=fitted.plan,
        left=fitted.day,
        frozen=fitted.frozen,
        kept=as_they_stand(stay, seen.breaks),
        conflicts=(*fitted.conflicts, *_dropped(seen, fitted)),
    )


def is_same(work: Work, visits: Sequence[VisitRow], fitted: FittedDraft) -> bool:
    """Whether the board is still as it was fitted to."""
    span = Span(fitted.run.start_at, fitted.run.end_at)
    stands = standings(work.session, visits, span)
    return stands == fitted.board and _day(work, fitted.run, fitted.at) == fitted.day


def _look(database: Database, actor: Actor, plan_id: UUID) -> _Seen:
    with database.work(actor) as work:
        row = work.get(PlanRow, plan_id)
        PLAN.after(PlanAction.PUBLISH, row.state)
        run = row.run
        span = Span(run.start_at, run.end_at)
        visits = visits_of(work.session, span)
        day = _day(work, run, work.now)
        said = {name: part for name, part in row.said.items() if name not in ENVELOPE}
        return _Seen(
            run=run,
            at=work.now,
            day=day,
            plan=heard(Plan, said),
            before=taken_board(run),
            now=standings(work.session, visits, span),
            breaks=breaks_of(work.session, span),
            held=frozenset(_held(visits)),
            in_vain=_in_vain(work, visits, day),
        )


def _in_vain(work: Work, visits: Sequence[VisitRow], day: Day) -> Mapping[str, str]:
    rows = {
        visit.job.key: visit.job
        for visit in visits
        if visit.technician_id is not None and visit.job.key not in day.jobs_by_id
    }
    jobs = list(rows.values())
    found = bounds_of(work.session, jobs, inside=day.jobs_by_id.keys(), now=work.now)
    return {key: bounds.why_not(Span(day.start, day.end)).code for key, bounds in found.items()}


def _held(visits: Sequence[VisitRow]) -> Iterator[Seat]:
    seats = planned_seats(visits)
    for visit in visits:
        if visit.id in seats and (visit.state in UNDER_WAY or visit.pin is not None):
            yield Seat(visit.job.key, seats[visit.id])


def _day(work: Work, run: RunRow, now: datetime) -> Day:
    span = Span(run.start_at, run.end_at)
    return snapshot(work.session, str(run.board.day), span, now=now)


def _dropped(seen: _Seen, fitted: Fitted) -> Iterator[Conflict]:
    """What somebody had and nobody has any more, with what the plan says is the reason."""
    placed = places_in(fitted.plan)
    told = {conflict.job for conflict in fitted.conflicts} | fitted.frozen.jobs
    reasons = {entry.job: entry.reasons for entry in seen.plan.unassigned}
    for seat, standing in sorted(seen.now.items()):
        if standing.spot is None or seat in placed or seat.job in told:
            continue
        told.add(seat.job)
        why = reasons.get(seat.job, ())
        yield Conflict(
            job=seat.job,
            why="dropped",
            planned=None,
            stands=standing.spot.technician,
            rule=seen.in_vain.get(seat.job) or (why[0].code if why else ""),
        )
