"""How many things are done at once, and how it is told what has become of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field

from dispatch.api.caller import Caller
from dispatch.api.problems import language, told
from dispatch.api.sent import Sent
from dispatch.api.texts import Moment, Money, OnDay, Why, Words
from dispatch.domain.actor import Actor
from dispatch.errors import Finding
from dispatch.operations.bulk import MOST, Outcome, do_each

Ids = Annotated[list[UUID], Field(min_length=1, max_length=MOST)]
Versions = Annotated[
    dict[UUID, Annotated[int, Field(ge=1, lt=2**63)]],
    Field(max_length=MOST, description="As read, by id: one that is at another is left alone."),
]
"""What `If-Match` says of one; here for those of which whoever edits cares."""


class _Jobs(Sent):
    jobs: Ids


class HoldJobs(_Jobs):
    """Let nobody do them for now."""

    action: Literal["hold"]
    why: Why


class ResumeJobs(_Jobs):
    """Let them be done again."""

    action: Literal["resume"]


class CancelJobs(_Jobs):
    """Let nobody do them, or what is left of them, as long as nobody is at it."""

    action: Literal["cancel"]
    why: Why


class PrioritiseJobs(_Jobs):
    """Say how urgent they are."""

    action: Literal["prioritise"]
    priority: Annotated[int, Field(ge=1, le=5)]
    versions: Versions = Field(default={})


class VerifyJobs(_Jobs):
    """Write down that somebody has looked at what was done, and that it is as it should be."""

    action: Literal["verify"]
    note: Words = ""
    versions: Versions = Field(default={})


class SettleJobs(_Jobs):
    """Close them for good; for whoever may settle one of them."""

    action: Literal["settle"]
    versions: Versions = Field(default={})


class ReopenJobs(_Jobs):
    """Let whoever did them go once more, in the windows that they have."""

    action: Literal["reopen"]
    why: Why
    versions: Versions = Field(default={})


JobsBulk = Annotated[
    HoldJobs | ResumeJobs | CancelJobs | PrioritiseJobs | VerifyJobs | SettleJobs | ReopenJobs,
    Field(discriminator="action"),
]


class _Visits(Sent):
    visits: Ids


class ReleaseVisits(_Visits):
    """Tell technicians of them."""

    action: Literal["release"]


class OfferVisits(_Visits):
    """Open them to every eligible technician, each for the same fee."""

    action: Literal["offer"]
    fee_minor: Money
    expires_at: Moment


class AssignVisits(_Visits):
    """Put them into one technician's route, one after another."""

    action: Literal["assign"]
    technician: UUID
    day: OnDay | None = None
    versions: Versions = Field(default={})


class UnassignVisits(_Visits):
    """Take them off their routes."""

    action: Literal["unassign"]
    why: Words = ""
    versions: Versions = Field(default={})


VisitsBulk = Annotated[
    ReleaseVisits | OfferVisits | AssignVisits | UnassignVisits, Field(discriminator="action")
]


class BulkItem(BaseModel):
    """What has become of one of them."""

    id: UUID
    done: bool
    code: str | None = Field(description="Why it was not done.")
    cause: str | None
    cure: str | None


class BulkAnswer(BaseModel):
    """What has become of each, in the order in which they were named."""

    done: int
    refused: int
    items: Sequence[BulkItem]


def bulk(
    caller: Caller, request: Request, ids: Sequence[UUID], do: Callable[[Actor, UUID], object]
) -> BulkAnswer:
    """Do something to each; sent again with its key, it is answered as it was."""
    found = caller.once(
        list[Outcome], lambda: do_each(caller.house.database, caller.actor, ids, do)
    )
    items = [_item(outcome, language(request)) for outcome in found]
    done = sum(item.done for item in items)
    return BulkAnswer(done=done, refused=len(items) - done, items=items)


def _item(outcome: Outcome, lang: str) -> BulkItem:
    if not outcome.code:
        return BulkItem(id=outcome.id, done=True, code=None, cause=None, cure=None)
    finding = told(Finding(outcome.code, values=outcome.values))
    return BulkItem(
        id=outcome.id,
        done=False,
        code=finding.code,
        cause=finding.cause(lang),
        cure=finding.cure(lang),
    )
