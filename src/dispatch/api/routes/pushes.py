"""Asking technicians to take a visit, and handing one on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select

from dispatch.api.asked import OfJobs
from dispatch.api.caller import TheCaller
from dispatch.api.job_views import VisitView
from dispatch.api.paging import USUAL, After, Limit, Page, page_of, sorting
from dispatch.api.routes.boards import visit_as_it_is
from dispatch.api.sent import Sent
from dispatch.api.texts import Why, Words
from dispatch.api.versions import Seen
from dispatch.domain.role import Role
from dispatch.domain.states.offer import PushState
from dispatch.operations.push.answer import accept_push, decline_push
from dispatch.operations.push.look import Asked, Extra, look_at_pushes
from dispatch.operations.push.send import (
    LONGEST_S,
    PATIENCE_S,
    SHORTEST_S,
    send_push,
    withdraw_push,
)
from dispatch.operations.push.taker import check_taker
from dispatch.operations.push.transfer import transfer_visit
from dispatch.store.rows.pushes import PushRow

router = APIRouter(tags=["push"])

PushSort = Literal["sent_at", "-sent_at", "answer_by", "-answer_by"]
SORTED = {name: PushRow.__table__.c[name] for name in ("sent_at", "answer_by")}


class NewPush(Sent):
    """A visit that somebody is to be asked to take."""

    visit: UUID
    technician: UUID | None = None
    patience_s: Annotated[int, Field(ge=SHORTEST_S, le=LONGEST_S)] = PATIENCE_S


class Declining(Sent):
    """Why, if there is something to say."""

    reason: Words = ""


class Transfer(Sent):
    """To whom, and why; to nobody: anybody may have it."""

    to: UUID | None = None
    reason: Why


class PushView(BaseModel):
    """Who is asked, until when, and what they said."""

    id: UUID
    visit: UUID
    technician: UUID
    state: PushState
    sent_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    reason: str

    @staticmethod
    def of(row: PushRow) -> PushView:
        """As it is kept."""
        return PushView(
            id=row.id,
            visit=row.visit_id,
            technician=row.technician_id,
            state=row.state,
            sent_at=row.sent_at,
            answer_by=row.answer_by,
            answered_at=row.answered_at,
            reason=row.reason,
        )


class OwnPush(PushView):
    """What is told before it is taken: no name, no telephone, no exact address."""

    job_type: str
    area: str | None
    """The territory of the site."""
    window_from: datetime | None
    window_to: datetime | None
    fee_minor: int | None
    """Of the pool's offer that nobody claimed before."""
    currency: str | None
    day: date | None
    """The first on which it fits; accepting is for this one."""
    extra: Extra | None
    """What it adds to one's day; none where it does not fit now."""

    @staticmethod
    def told(asked: Asked) -> OwnPush:
        """With what it can be judged by."""
        return OwnPush(
            **PushView.of(asked.push).model_dump(),
            job_type=asked.job_type,
            area=asked.area,
            window_from=asked.window_from,
            window_to=asked.window_to,
            fee_minor=asked.fee_minor,
            currency=asked.currency,
            day=asked.day,
            extra=asked.extra,
        )


@router.get("/pushes", name="pushes.list")
def pushes(
    caller: TheCaller,
    asked: OfJobs,
    state: Annotated[list[PushState], Query(max_length=10)] = [],  # noqa: B006 - FastAPI's own
    visit: Annotated[UUID | None, Query()] = None,
    technician: Annotated[UUID | None, Query(description="Who was asked.")] = None,
    sort: Annotated[PushSort | None, Query(description="With - the other way round.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[PushView]:
    """Who was asked, by state, visit, technician, and the jobs that it was about."""
    query = select(PushRow)
    if state:
        query = query.where(PushRow.state.in_(state))
    if visit is not None:
        query = query.where(PushRow.visit_id == visit)
    if technician is not None:
        query = query.where(PushRow.technician_id == technician)
    with caller.house.database.work(caller.actor) as work:
        query = asked.narrow_visits(work, query, PushRow)
        order = sorting(sort, SORTED)
        return page_of(work, query, PushRow, after, limit, PushView.of, order)


@router.post("/pushes", name="pushes.create", status_code=status.HTTP_201_CREATED)
def create(caller: TheCaller, given: NewPush) -> PushView:
    """Ask somebody to take a visit; who does not answer in time is followed by the next."""
    made = caller.once(
        UUID,
        lambda: send_push(
            caller.house.database,
            caller.actor,
            given.visit,
            caller.house.travel,
            technician=given.technician,
            patience_s=given.patience_s,
        ),
    )
    return _push(caller, made)


@router.post("/pushes/{push}/withdraw", name="pushes.withdraw")
def withdraw(caller: TheCaller, push: UUID) -> PushView:
    """Ask them no longer, nor anybody after them."""
    caller.once(type(None), lambda: withdraw_push(caller.house.database, caller.actor, push))
    return _push(caller, push)


@router.post("/visits/{visit}/transfer", name="visits.transfer")
def transfer(
    caller: TheCaller, visit: UUID, given: Transfer, seen: Seen, response: Response
) -> VisitView:
    """Hand a visit to somebody else; after three times only a manager may."""
    limited = caller.identity.role not in {Role.OWNER, Role.MANAGER}
    caller.once(
        UUID,
        lambda: transfer_visit(
            caller.house.database,
            caller.actor,
            visit,
            caller.house.travel,
            reason=given.reason,
            to=given.to,
            limited=limited,
            expected=seen,
        ),
    )
    return visit_as_it_is(caller, visit, response)


@router.get("/me/pushes", name="own.pushes")
def own_pushes(caller: TheCaller) -> list[OwnPush]:
    """What one is asked to take now, and what it would mean for one's day."""
    house = caller.house
    asked = look_at_pushes(house.database, caller.actor, caller.technician, house.travel)
    return [OwnPush.told(entry) for entry in asked]


@router.post("/me/pushes/{push}/accept", name="own.accept")
def accept(caller: TheCaller, push: UUID) -> PushView:
    """Take it, if it still fits."""
    caller.once(
        UUID,
        lambda: accept_push(
            caller.house.database, caller.actor, push, caller.technician, caller.house.travel
        ),
    )
    return _push(caller, push)


@router.post("/me/pushes/{push}/decline", name="own.decline")
def decline(caller: TheCaller, push: UUID, given: Declining) -> PushView:
    """Leave it to somebody else."""
    caller.once(
        type(None),
        lambda: decline_push(
            caller.house.database,
            caller.actor,
            push,
            caller.technician,
            caller.house.travel,
            reason=given.reason,
        ),
    )
    return _push(caller, push)


@router.post("/me/visits/{visit}/transfer", name="own.transfer")
def hand_on(caller: TheCaller, visit: UUID, given: Transfer, response: Response) -> VisitView:
    """Hand on a visit of one's own that one cannot do, to a colleague or to whoever takes it."""
    caller.once(UUID, lambda: _hand_on(caller, visit, given))
    return visit_as_it_is(caller, visit, response)


def _hand_on(caller: TheCaller, visit: UUID, given: Transfer) -> UUID:
    database, me = caller.house.database, caller.technician
    if given.to is not None:
        check_taker(database, caller.actor, visit, me, given.to)
    return transfer_visit(
        database,
        caller.actor,
        visit,
        caller.house.travel,
        reason=given.reason,
        to=given.to,
        owner=me,
    )


def _push(caller: TheCaller, push: UUID) -> PushView:
    with caller.house.database.work(caller.actor) as work:
        return PushView.of(work.get(PushRow, push))
