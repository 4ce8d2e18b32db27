"""The board of a day, and what a dispatcher does to it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from dispatch.api.caller import Caller, TheCaller
from dispatch.api.job_views import VisitView
from dispatch.api.sent import Sent
from dispatch.api.texts import OnDay, Why, Words
from dispatch.api.versions import Seen, tag
from dispatch.domain.action import NotDone
from dispatch.domain.job import PinLevel
from dispatch.domain.plan import PlannedBreak, Reason
from dispatch.operations.board.assign import assign_visit, pin_visit, unassign_visit
from dispatch.operations.board.candidates import Choice, candidates
from dispatch.operations.board.release import release_day
from dispatch.operations.execute.on_behalf import end_for_technician
from dispatch.store.board import span_of, zone_of
from dispatch.store.board_lines import busy_lines, planned_lines, technician_lines, unplanned_lines
from dispatch.store.days import lasts_until
from dispatch.store.kinds.kind import Span
from dispatch.store.reasons import LeftOut, reasons_of
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.plans import BoardRow
from dispatch.store.shifts import breaks_by_technician
from dispatch.store.waiting import held_back
from dispatch.store.work import Work

router = APIRouter(tags=["board"])

MOST_TECHNICIANS = 2_000


class BoardVisit(VisitView):
    """A visit with what a board shows of its job."""

    job: UUID
    job_key: str
    name: str
    priority: int
    site: str


class WaitingVisit(BoardVisit):
    """A visit that nobody has, and what a plan says of why."""

    left_out: LeftOut | None
    """By the newest plan of the day, as things stood when it was made; none if it says nothing."""
    held: Reason | None
    """What it waits for, while nobody knows when that will be over: no plan can have it."""


class Busy(BaseModel):
    """A stretch of time."""

    start: datetime
    end: datetime


class BoardRoute(BaseModel):
    """What a technician has to do, in order."""

    technician: UUID
    key: str
    name: str
    """Empty if they are of an outlet that is not seen from here."""
    visits: list[BoardVisit]
    breaks: list[PlannedBreak]
    busy: list[Busy]
    """When they are at work for outlets that are not seen from here."""


class BoardView(BaseModel):
    """A day as it stands."""

    day: date
    version: int
    """Counted up with every change."""
    starts: datetime
    ends: datetime
    """That of the last shift that begins on it, where it goes on into the next day."""
    routes: list[BoardRoute]
    unassigned: list[WaitingVisit]


class Release(Sent):
    """Whose visits; everybody's if nothing is said."""

    technicians: Annotated[Sequence[UUID], Field(max_length=MOST_TECHNICIANS)] = ()


class Released(BaseModel):
    """How many visits technicians are told of."""

    count: int


class Assignment(Sent):
    """To whom, and on which day."""

    technician: UUID
    day: OnDay | None = None


class Note(Sent):
    """Why, if there is something to say."""

    why: Words = ""


class Ended(Sent):
    """Why it was not done, in a word and in more."""

    reason: NotDone = NotDone.TECHNICIAN_UNABLE
    why: Why


class Pinning(Sent):
    """What no plan may move; nothing lets go of it."""

    level: PinLevel | None


@router.get("/boards/{day}", name="boards.read")
def read(caller: TheCaller, day: OnDay) -> BoardView:
    """Who does what on a day, and what nobody does yet."""
    with caller.house.database.work(caller.actor) as work:
        span = span_of(day, zone_of(work.session))
        whole = Span(span.start, lasts_until(work.session, span))
        version = work.session.scalar(select(BoardRow.version).where(BoardRow.day == day))
        routes = _routes(work, span, whole)
        return BoardView(
            day=day,
            version=version or 0,
            starts=span.start,
            ends=whole.end,
            routes=routes,
            unassigned=_waiting(work, day, span, whole, routes),
        )


@router.post("/boards/{day}/release", name="boards.release")
def release(caller: TheCaller, day: OnDay, given: Release) -> Released:
    """Tell technicians what they have to do."""
    count = caller.once(
        int,
        lambda: release_day(
            caller.house.database, caller.actor, day, technicians=given.technicians
        ),
    )
    return Released(count=count)


@router.get("/visits/{visit}/candidates", name="visits.candidates")
def who(caller: TheCaller, visit: UUID, day: OnDay | None = None) -> Choice:
    """Who could do it, the cheapest first, and why others cannot."""
    return candidates(caller.house.database, caller.actor, visit, caller.house.travel, day=day)


@router.post("/visits/{visit}/assign", name="visits.assign")
def assign(
    caller: TheCaller, visit: UUID, given: Assignment, seen: Seen, response: Response
) -> VisitView:
    """Put it into a technician's route, where it costs least; nothing else is moved."""
    caller.once(
        type(None),
        lambda: assign_visit(
            caller.house.database,
            caller.actor,
            visit,
            given.technician,
            caller.house.travel,
            day=given.day,
            expected=seen,
        ),
    )
    return visit_as_it_is(caller, visit, response)


@router.post("/visits/{visit}/unassign", name="visits.unassign")
def unassign(
    caller: TheCaller, visit: UUID, given: Note, seen: Seen, response: Response
) -> VisitView:
    """Take it off its route."""
    caller.once(
        type(None),
        lambda: unassign_visit(
            caller.house.database, caller.actor, visit, why=given.why, expected=seen
        ),
    )
    return visit_as_it_is(caller, visit, response)


@router.post("/visits/{visit}/not-done", name="visits.not_done")
def not_done(
    caller: TheCaller, visit: UUID, given: Ended, seen: Seen, response: Response
) -> VisitView:
    """End a visit that is under way, for a technician who cannot; another takes its place."""
    caller.once(
        type(None),
        lambda: end_for_technician(
            caller.house.database,
            caller.actor,
            visit,
            reason=given.reason,
            why=given.why,
            expected=seen,
        ),
    )
    return visit_as_it_is(caller, visit, response)


@router.post("/visits/{visit}/pin", name="visits.pin")
def pin(
    caller: TheCaller, visit: UUID, given: Pinning, seen: Seen, response: Response
) -> VisitView:
    """Let no plan move it, or let go of it."""
    caller.once(
        type(None),
        lambda: pin_visit(caller.house.database, caller.actor, visit, given.level, expected=seen),
    )
    return visit_as_it_is(caller, visit, response)


def visit_as_it_is(caller: Caller, visit: UUID, response: Response) -> VisitView:
    """What an edit of a visit answers."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(VisitRow, visit)
        tag(response, row.version)
        return VisitView.of(row)


def _waiting(
    work: Work, day: date, span: Span, whole: Span, routes: Sequence[BoardRoute]
) -> list[WaitingVisit]:
    lines = unplanned_lines(work.session, span)
    keys = {line["job_key"] for line in lines}
    why = reasons_of(work.session, day, keys)
    there = keys | {visit.job_key for route in routes for visit in route.visits}
    held = held_back(work.session, {line["job"] for line in lines}, there, whole, now=work.now)
    return [
        WaitingVisit(**line, left_out=why.get(line["job_key"]), held=held.get(line["job_key"]))
        for line in lines
    ]


def _routes(work: Work, span: Span, whole: Span) -> list[BoardRoute]:
    rows: dict[UUID, list[BoardVisit]] = {}
    for line in planned_lines(work.session, span):
        rows.setdefault(line["technician"], []).append(BoardVisit(**line))
    breaks = breaks_by_technician(work.session, span)
    people = technician_lines(work.session, rows.keys())
    busy: dict[UUID, list[Busy]] = {}
    for line in busy_lines(work.session, whole, [one["id"] for one in people]):
        busy.setdefault(line["technician"], []).append(Busy(start=line["start"], end=line["end"]))
    return [
        BoardRoute(
            technician=one["id"],
            key=one["key"],
            name=one["name"],
            visits=rows.get(one["id"], []),
            breaks=breaks.get(one["id"], []),
            busy=busy.get(one["id"], []),
        )
        for one in people
    ]
