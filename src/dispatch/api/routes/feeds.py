"""A technician's calendar in a program that is not ours."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response, status
from pydantic import BaseModel
from sqlalchemy import select

from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.house import TheHouse
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.routes.own import CALENDAR, calendar_answer
from dispatch.api.sent import Sent
from dispatch.api.texts import Name
from dispatch.errors import Unauthenticated
from dispatch.operations.exports.calendar import calendar_of
from dispatch.operations.feeds.make import make_feed
from dispatch.operations.feeds.open import open_feed
from dispatch.operations.feeds.revoke import revoke_feed
from dispatch.store.rows.accounts import CalendarFeedRow

router = APIRouter(tags=["calendar"])

PATH = "/v1/calendar.ics"


class NewFeed(Sent):
    """A calendar program that is to be let in."""

    name: Name = ""


class GivenFeed(BaseModel):
    """What the program is told: address, user name and password; told this once."""

    id: UUID
    path: str
    login: str
    secret: str


class FeedView(BaseModel):
    """A program that may read one's calendar, or could."""

    id: UUID
    login: str
    name: str
    made_at: datetime
    last_used_at: datetime | None
    """To some ten minutes."""
    revoked_at: datetime | None

    @staticmethod
    def of(row: CalendarFeedRow) -> FeedView:
        """As it is kept, without its secret."""
        return FeedView(
            id=row.id,
            login=row.login,
            name=row.name,
            made_at=row.made_at,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
        )


@router.get("/me/calendar-feeds", name="own.feeds")
def feeds(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[FeedView]:
    """The calendar programs that one has let in."""
    query = select(CalendarFeedRow).where(
        CalendarFeedRow.account_id == UUID(caller.identity.actor.id)
    )
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, CalendarFeedRow, after, limit, FeedView.of)


@router.post(
    "/me/calendar-feeds",
    name="own.make_feed",
    status_code=status.HTTP_201_CREATED,
    tags=[REPEATABLE],  # a secret is told once, and never kept as it was answered
)
def make(caller: TheCaller, given: NewFeed, response: Response) -> GivenFeed:
    """Let a calendar program in; its secret is told now and never again."""
    response.headers["Cache-Control"] = "no-store"
    made = make_feed(caller.house.database, caller.actor, name=given.name)
    return GivenFeed(id=made.id, path=PATH, login=made.login, secret=made.secret)


@router.delete(
    "/me/calendar-feeds/{feed}", name="own.revoke_feed", status_code=status.HTTP_204_NO_CONTENT
)
def revoke(caller: TheCaller, feed: UUID) -> None:
    """Let a calendar program in no longer."""
    revoke_feed(caller.house.database, caller.actor, feed)


@router.get("/calendar.ics", name="feed.calendar", response_class=Response, responses=CALENDAR)
def calendar(
    house: TheHouse,
    request: Request,
    authorization: Annotated[str | None, Header(max_length=500)] = None,
) -> Response:
    """A technician's calendar, for whoever has a feed's name and secret (HTTP Basic)."""
    reader = open_feed(house.database, *_name_and_secret(authorization))
    request.state.actor = reader.actor.id
    return calendar_answer(calendar_of(house.database, reader.actor, reader.technician))


def _name_and_secret(authorization: str | None) -> tuple[str, str]:
    """As RFC 7617 has them.

    Raises
    ------
    Unauthenticated
        ``feed.wrong``: there is nothing of that kind.
    """
    kind, _, given = (authorization or "").partition(" ")
    try:
        plain = b64decode(given.strip(), validate=True).decode("utf-8")
    except (Error, ValueError):
        plain = ""
    name, apart, secret = plain.partition(":")
    if kind.lower() != "basic" or not apart or "\0" in plain:
        raise Unauthenticated("feed.wrong")
    return name, secret
