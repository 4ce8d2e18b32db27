"""What a technician sees and does: their route, the pool, what has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.orm import Session

from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.routes.notes import NoteView
from dispatch.api.sent import Sent
from dispatch.api.spoken import Spoken
from dispatch.api.texts import Key, OnDay
from dispatch.api.versions import tag
from dispatch.domain.action import MOVES, ActionKind
from dispatch.domain.completion import Demands
from dispatch.domain.plan import PlannedBreak
from dispatch.domain.states.visit import VISIT, VisitState
from dispatch.formats.icalendar import MEDIA
from dispatch.operations.execute.batch import MOST_ACTIONS, Answer, take_batch
from dispatch.operations.exports.calendar import calendar_of
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.look import Offered, look_at_pool
from dispatch.operations.pool.win import Claimed
from dispatch.store.board import span_of, zone_of
from dispatch.store.notes import newest_notes
from dispatch.store.own_route import (
    Line,
    asset_lines,
    contact_lines,
    parts_to_bring,
    stop_line,
    stop_lines,
)
from dispatch.store.said import heard
from dispatch.store.shifts import breaks_by_technician
from dispatch.store.working_day import working_day

router = APIRouter(prefix="/me", tags=["own route"])

CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA: {"schema": {"type": "string"}}}}
}
"""What the description says of the answer."""


class Reachable(BaseModel):
    """Whom to call there."""

    name: str
    phone: str


class Installed(BaseModel):
    """A product at the site."""

    serial: str
    product: str
    warranty_until: date | None


class Stop(BaseModel):
    """One visit, with all that it takes to do it.

    Two weeks after its end only what pay and proof need: `whole` is false, and names, telephones,
    the address, the position, products and the job's own fields are not told.
    """

    visit: UUID
    version: int
    state: VisitState
    actions: list[ActionKind]
    """What can be said of it now."""
    whole: bool
    """Whether all of it is told."""
    job: str
    name: str
    type: str
    area: str | None
    """The territory of the site."""
    arrive: datetime | None
    start: datetime | None
    end: datetime | None
    began: datetime | None
    ended: datetime | None
    promised_from: datetime | None
    promised_to: datetime | None
    zone: str
    """By whose wall clocks customers there count (IANA name)."""
    site: str
    address: str
    lat: float | None
    lon: float | None
    customer: str
    contacts: Sequence[Reachable]
    assets: Sequence[Installed]
    """What stands there."""
    parts: Mapping[str, int]
    """What to bring: how many of which, the type's and the job's together; of a crew its first seat
    brings all."""
    fields: Mapping[str, object]
    """The job's own, as its type wants them."""
    checklist: Sequence[Mapping[str, object]]
    demands: Demands
    """What has to be shown when it is completed."""
    notes: Sequence[NoteView]
    """The newest on the job, the newest first."""


class OwnRoute(BaseModel):
    """What a technician has to do on a day, in order."""

    day: date
    stops: list[Stop]
    breaks: list[PlannedBreak]


class Batch(Sent):
    """What a phone has to say; it may have waited for hours.

    The name of the device, a time of sending and each action's number have to be there; an action
    of which anything else is wrong is rejected by itself (`action.malformed`). In a note or an
    answer, a mark (U+FFFD) stands for each character that cannot be kept, and the action counts.
    """

    device: Key
    sent_at: AwareDatetime
    """By the device's clock, however wrong it is."""
    actions: Annotated[Sequence[Spoken], Field(max_length=MOST_ACTIONS)]


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
def route(caller: TheCaller, day: OnDay | None = None) -> OwnRoute:
    """What one has to do on a day; told from when it is released.

    Without a day: that of the shift that one is in, which may have begun yesterday; else today.
    """
    with caller.house.database.work(caller.actor) as work:
        day = day or working_day(work.session, caller.technician, work.now).date
        span = span_of(day, zone_of(work.session))
        lines = stop_lines(work, caller.technician, span)
        breaks = breaks_by_technician(work.session, span, of=caller.technician)
        return OwnRoute(
            day=day,
            stops=_stops(work.session, lines),
            breaks=breaks.get(caller.technician, []) if lines else [],
        )


@router.get("/visits/{visit}", name="own.visit")
def visit_(caller: TheCaller, visit: UUID, response: Response) -> Stop:
    """One visit of one's own, on whatever day it is; told from when it is released."""
    with caller.house.database.work(caller.actor) as work:
        line = stop_line(work, caller.technician, visit)
        tag(response, line["version"])
        return _stops(work.session, [line])[0]


@router.get("/calendar.ics", name="own.calendar", response_class=Response, responses=CALENDAR)
def calendar(caller: TheCaller) -> Response:
    """What one has to do, from a week ago to thirty days ahead, as a calendar (RFC 5545)."""
    return calendar_answer(calendar_of(caller.house.database, caller.actor, caller.technician))


def calendar_answer(told: bytes) -> Response:
    """A calendar, that nobody between us keeps."""
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
    """Say what has happened, at once or after hours; each action counts once however often.

    If the record fails midway, only what was taken is answered: send the others again.
    """
    return take_batch(
        caller.house.database,
        caller.actor,
        caller.technician,
        given.device,
        given.actions,
        sent_at=given.sent_at,
    )


def _stops(session: Session, lines: Sequence[Line]) -> list[Stop]:
    people, products = contact_lines(session, lines), asset_lines(session, lines)
    notes = newest_notes(session, {line["job_id"] for line in lines} - {None})
    return [
        Stop(
            **line,
            demands=heard(Demands, line["asked"]),
            parts=parts_to_bring(line),
            actions=[kind for kind, move in MOVES.items() if line["state"] in VISIT.moves[move]],
            contacts=[Reachable(**whom) for whom in people.get(line["customer_id"], ())],
            notes=[NoteView.of(note) for note in notes.get(line["job_id"], ())],
            assets=[Installed(**product) for product in products.get(line["site_id"], ())],
        )
        for line in lines
    ]
