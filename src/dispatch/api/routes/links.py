"""Links for customers, what they wish for by them, and what they think of the work."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select

from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.routes.link import RatingView, Said, WishView
from dispatch.api.sent import Sent
from dispatch.api.versions import MaybeSeen, tag
from dispatch.domain.customer_link import MOST_DAYS, USUAL_DAYS
from dispatch.domain.states.wish import ANSWERS, WISH, WishAction, WishState
from dispatch.errors import Missing
from dispatch.operations.links.make import make_link, revoke_link
from dispatch.operations.links.wish import decide_wish
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.links import LinkRow, RatingRow, WishRow

router = APIRouter(tags=["customer links"])

PAGE = "/link"
"""Where the page will be that takes a link; what stands behind the ``#`` is sent to no server."""


class NewLink(Sent):
    """How many days it is to be good for."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = USUAL_DAYS


class GivenLink(BaseModel):
    """A link, told this once."""

    id: UUID
    path: str = Field(description="Behind the address of the service; hand it on as it is.")
    expires_at: datetime


class LinkView(BaseModel):
    """A link that was made, without its secret."""

    id: UUID
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None

    @staticmethod
    def of(row: LinkRow) -> LinkView:
        """As it is kept."""
        return LinkView(
            id=row.id,
            made_at=row.made_at,
            made_by=row.made_by,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )


class DeskWish(WishView):
    """A wish, with what a dispatcher sees of it."""

    job: UUID
    job_key: str
    actions: list[WishAction]

    @staticmethod
    def told(row: WishRow) -> DeskWish:
        """As it is kept."""
        return DeskWish(
            **WishView.of(row).model_dump(),
            job=row.job_id,
            job_key=row.job.key,
            actions=[action for action in WISH.allowed(row.state) if action in ANSWERS],
        )


class WishDecision(Sent):
    """Whether it is granted, and what the customer is told."""

    grant: bool
    answer: Said = ""


@router.get("/jobs/{job}/links", name="links.list")
def list_(
    caller: TheCaller, job: UUID, after: After = None, limit: Limit = USUAL
) -> Page[LinkView]:
    """The links of a job."""
    with caller.house.database.work(caller.actor) as work:
        query = select(LinkRow).where(LinkRow.job_id == work.get(JobRow, job).id)
        return page_of(work, query, LinkRow, after, limit, LinkView.of)


@router.post(
    "/jobs/{job}/links",
    name="links.create",
    status_code=status.HTTP_201_CREATED,
    tags=[REPEATABLE],  # a secret is told once, and never kept as it was answered
)
def create(caller: TheCaller, job: UUID, given: NewLink) -> GivenLink:
    """Make a link for a job; it is told now and never again."""
    made = make_link(caller.house.database, caller.actor, job, days=given.days)
    return GivenLink(id=made.id, path=f"{PAGE}#{made.text}", expires_at=made.expires_at)


@router.delete("/links/{link}", name="links.revoke", status_code=status.HTTP_204_NO_CONTENT)
def revoke(caller: TheCaller, link: UUID) -> None:
    """Let nobody in by a link any more."""
    revoke_link(caller.house.database, caller.actor, link)


@router.get("/wishes", name="wishes.list")
def wishes(
    caller: TheCaller,
    state: WishState = WishState.ASKED,
    job: UUID | None = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[DeskWish]:
    """What customers wish for and nobody has answered."""
    query = select(WishRow).where(WishRow.state == state)
    if job is not None:
        query = query.where(WishRow.job_id == job)
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, WishRow, after, limit, DeskWish.told)


@router.post("/wishes/{wish}/decide", name="wishes.decide")
def decide(
    caller: TheCaller, wish: UUID, given: WishDecision, seen: MaybeSeen, response: Response
) -> DeskWish:
    """Grant it, which does it at once, or decline it."""
    database, actor = caller.house.database, caller.actor
    caller.once(
        type(None),
        lambda: decide_wish(
            database, actor, wish, grant=given.grant, answer=given.answer, expected=seen
        ),
    )
    with database.work(actor) as work:
        row = work.get(WishRow, wish)
        tag(response, row.version)
        return DeskWish.told(row)


@router.get("/jobs/{job}/rating", name="ratings.read")
def rating(caller: TheCaller, job: UUID) -> RatingView:
    """What the customer of a job thinks of the work."""
    with caller.house.database.work(caller.actor) as work:
        query = select(RatingRow).where(RatingRow.job_id == work.get(JobRow, job).id)
        row = work.session.scalars(query).one_or_none()
        if row is None:
            raise Missing("store.missing", kind="rating", id=str(job))
        return RatingView.of(row)
