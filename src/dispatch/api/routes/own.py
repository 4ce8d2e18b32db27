"""What a technician sees and does: their route, the pool, what has happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.texts import Key, Moment, OnDay
from dispatch.domain.action import MOVES, Action, ActionKind
from dispatch.domain.completion import Demands
from dispatch.domain.plan import PlannedBreak
from dispatch.domain.states.visit import VISIT, VisitState
from dispatch.formats.icalendar import MEDIA
from dispatch.operations.execute.batch import MOST_ACTIONS, Answer, take_batch
from dispatch.operations.execute.demands import demands_of
from dispatch.operations.exports.calendar import TOLD, calendar_of
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.look import Offered, look_at_pool
from dispatch.operations.pool.win import Claimed
from dispatch.store.board import span_of, zone_of
from dispatch.store.rows.customers import ContactRow, CustomerRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.shifts import breaks_by_technician
from dispatch.store.work import Work

router = APIRouter(prefix="/me", tags=["own route"])


class Reachable(BaseModel):
    """Whom to call there."""

    name: str
    phone: str


class Stop(BaseModel):
    """One visit, with all that it takes to do it."""

    visit: UUID
    version: int
    state: VisitState
    actions: list[ActionKind]
    """What can be said of it now."""
    job: str
    name: str
    type: str
    arrive: datetime | None
    start: datetime | None
    end: datetime | None
    promised_from: datetime | None
    promised_to: datetime | None
    site: str
    address: str
    lat: float
    lon: float
    customer: str
    contacts: Sequence[Reachable]
    checklist: Sequence[Mapping[str, object]]
    demands: Demands
    """What has to be shown when it is completed."""


class OwnRoute(BaseModel):
    """What a technician has to do on a day, in order."""

    day: date
    stops: list[Stop]
    breaks: list[PlannedBreak]


class Batch(BaseModel):
    """What a phone has to say; it may have waited for hours."""

    device: Key
    sent_at: Moment
    actions: Annotated[Sequence[Action], Field(max_length=MOST_ACTIONS)]


class Won(BaseModel):
    """A claim that has won."""

    offer: UUID
    visit: UUID
    more_travel_s: int
    more_distance_m: int

    @staticmethod
    def of(claimed: Claimed) -> Won:
        """What it means for the route."""
        return Won(
            offer=claimed.offer,
            visit=claimed.visit,
            more_travel_s=claimed.fit.more.travel_s,
            more_distance_m=claimed.fit.more.distance_m,
        )


@router.get("/route", name="own.route")
def route(caller: TheCaller, day: OnDay) -> OwnRoute:
    """What one has to do on a day; told from when it is released."""
    with caller.house.database.work(caller.actor) as work:
        span = span_of(day, zone_of(work.session))
        visits = work.session.scalars(
            select(VisitRow)
            .where(
                VisitRow.technician_id == caller.technician,
                VisitRow.state.in_(TOLD),
                VisitRow.start_at >= span.start,
                VisitRow.start_at < span.end,
            )
            .order_by(VisitRow.start_at, VisitRow.place)
            .options(
                joinedload(VisitRow.job).joinedload(JobRow.site),
                joinedload(VisitRow.job).joinedload(JobRow.type),
            ),
            execution_options=UNSCOPED,
        )
        found = list(visits)
        people = _people(work, {visit.job.site.customer_id for visit in found} - {None})
        breaks = breaks_by_technician(work.session, span, of=caller.technician)
        return OwnRoute(
            day=day,
            stops=[_stop(visit, people) for visit in found],
            breaks=breaks.get(caller.technician, []) if found else [],
        )


@router.get(
    "/calendar.ics",
    name="own.calendar",
    response_class=Response,
    responses={200: {"content": {MEDIA: {"schema": {"type": "string"}}}}},
)
def calendar(caller: TheCaller) -> Response:
    """What one has to do, from a week ago to thirty days ahead, as a calendar (RFC 5545)."""
    told = calendar_of(caller.house.database, caller.actor, caller.technician)
    headers = {
        "Content-Disposition": 'attachment; filename="dispatch.ics"',
        "Cache-Control": "private, no-cache",
    }
    return Response(told, media_type=f"{MEDIA}; charset=utf-8", headers=headers)


@router.get("/pool", name="own.pool")
def pool(caller: TheCaller) -> list[Offered]:
    """What one may claim and could do, the best paid hour first; no name and no exact address.

    What only a limit, a score or one's own wish keeps one from comes last, with the reason.
    """
    return look_at_pool(caller.house.database, caller.actor, caller.technician, caller.house.travel)


@router.post("/pool/{offer}/claim", name="own.claim")
def claim(caller: TheCaller, offer: UUID) -> Won:
    """Take it, if nobody was quicker and it still fits."""
    claimed = caller.once(
        Claimed,
        lambda: claim_offer(
            caller.house.database, caller.actor, offer, caller.technician, caller.house.travel
        ),
    )
    return Won.of(claimed)


@router.post("/actions", name="own.actions", tags=[REPEATABLE])
def actions(caller: TheCaller, given: Batch) -> list[Answer]:
    """Say what has happened, at once or after hours; each action counts once however often."""
    return take_batch(
        caller.house.database,
        caller.actor,
        caller.technician,
        given.device,
        given.actions,
        sent_at=given.sent_at,
    )


@dataclass(frozen=True, slots=True)
class _Customer:
    name: str
    contacts: list[Reachable]


def _people(work: Work, customers: Collection[UUID | None]) -> Mapping[UUID, _Customer]:
    """Customers of visits that are one's own, whichever outlet takes care of them."""
    found = select(CustomerRow).where(CustomerRow.id.in_(customers))
    called = select(ContactRow).where(ContactRow.customer_id.in_(customers))
    people = {
        row.id: _Customer(row.name, [])
        for row in work.session.scalars(found, execution_options=UNSCOPED)
    }
    rows = work.session.scalars(called.order_by(ContactRow.id), execution_options=UNSCOPED)
    for row in rows:
        people[row.customer_id].contacts.append(Reachable(name=row.name, phone=row.phone))
    return people


def _stop(visit: VisitRow, people: Mapping[UUID, _Customer]) -> Stop:
    job = visit.job
    customer = people.get(job.site.customer_id) if job.site.customer_id else None
    return Stop(
        visit=visit.id,
        version=visit.version,
        state=visit.state,
        actions=[kind for kind, move in MOVES.items() if visit.state in VISIT.moves[move]],
        job=job.key,
        name=job.name,
        type=job.type.name or job.type.key,
        arrive=visit.arrive_at,
        start=visit.start_at,
        end=visit.end_at,
        promised_from=visit.promised_from,
        promised_to=visit.promised_to,
        site=job.site.key,
        address=job.site.address,
        lat=job.site.lat,
        lon=job.site.lon,
        customer=customer.name if customer else "",
        contacts=customer.contacts if customer else [],
        checklist=job.type.checklist,
        demands=demands_of(job.type),
    )
