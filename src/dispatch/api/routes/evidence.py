"""What technicians prove on site: photos, signatures, completions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.pictures import (
    ANY,
    HANDED_OVER,
    SHOWN,
    Body,
    EvidenceView,
    files_of,
    handed_over,
    shown,
)
from dispatch.api.texts import Key
from dispatch.domain.action import MOST_SEQUENCE
from dispatch.domain.completion import EvidenceKind
from dispatch.operations.execute.evidence import Sent, take_evidence
from dispatch.operations.execute.look import (
    Completed,
    Which,
    completion_of,
    content_of,
    told_of,
)
from dispatch.store.own_route import is_whole
from dispatch.store.rows.evidence import CompletionRow, EvidenceRow
from dispatch.store.rows.jobs import VisitRow

router = APIRouter(tags=["evidence"])

Hash = Annotated[str | None, Query(max_length=64, description="SHA-256 as the phone has read it.")]
Sequence = Annotated[int | None, Query(ge=1, le=MOST_SEQUENCE)]


@router.post(
    "/me/visits/{visit}/evidence",
    name="own.evidence",
    status_code=status.HTTP_201_CREATED,
    tags=[REPEATABLE],  # the same file is kept once
    openapi_extra=ANY,
)
def send(
    caller: TheCaller,
    visit: UUID,
    kind: EvidenceKind,
    content: Body,
    sha256: Hash = None,
    device: Key | None = None,
    sequence: Sequence = None,
) -> EvidenceView:
    """Send a photo or a signature for a visit, before or after the action that it shows."""
    files, database = files_of(caller.house), caller.house.database
    sent = Sent(
        visit=visit, kind=kind, content=content, sha256=sha256, device=device, sequence=sequence
    )
    made = take_evidence(database, caller.actor, files, caller.technician, sent)
    with database.work(caller.actor) as work:
        return EvidenceView.of(work.get(EvidenceRow, made))


@router.get("/me/visits/{visit}/evidence", name="own.files")
def sent_by_me(
    caller: TheCaller, visit: UUID, after: After = None, limit: Limit = USUAL
) -> Page[EvidenceView]:
    """What one has sent for a visit; where that was only while all of the visit is told."""
    query = select(EvidenceRow).where(
        EvidenceRow.visit_id == visit, EvidenceRow.technician_id == caller.technician
    )
    with caller.house.database.work(caller.actor) as work:
        tell = EvidenceView.of if is_whole(work, visit) else EvidenceView.placeless
        return page_of(work, query, EvidenceRow, after, limit, tell)


@router.get(
    "/me/evidence/{evidence}/picture",
    name="own.picture",
    response_class=Response,
    responses=SHOWN,
)
def my_picture(caller: TheCaller, evidence: UUID) -> Response:
    """A picture that one has sent, as others see it."""
    files, mine = files_of(caller.house), caller.technician
    database, actor = caller.house.database, caller.actor
    found = content_of(database, actor, files, evidence, Which.SERVED, technician=mine)
    return shown(evidence, found)


@router.get("/evidence", name="evidence.list")
def all_files(
    caller: TheCaller,
    *,
    flagged: Annotated[bool, Query(description="Only what looks odd.")] = False,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[EvidenceView]:
    """Photos and signatures; those that look odd are for a dispatcher to look at."""
    query = select(EvidenceRow)
    if flagged:
        query = query.where(func.jsonb_array_length(EvidenceRow.flags) > 0)
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, EvidenceRow, after, limit, EvidenceView.of)


@router.get("/visits/{visit}/evidence", name="evidence.of_visit")
def of_visit(
    caller: TheCaller, visit: UUID, after: After = None, limit: Limit = USUAL
) -> Page[EvidenceView]:
    """What was sent for a visit, by whomever."""
    query = select(EvidenceRow).where(EvidenceRow.visit_id == visit)
    with caller.house.database.work(caller.actor) as work:
        work.get(VisitRow, visit)
        return page_of(work, query, EvidenceRow, after, limit, EvidenceView.of)


@router.get(
    "/evidence/{evidence}/picture",
    name="evidence.picture",
    response_class=Response,
    responses=SHOWN,
)
def picture(caller: TheCaller, evidence: UUID) -> Response:
    """A picture drawn anew: nothing of where and when it was taken is in it."""
    database, files = caller.house.database, files_of(caller.house)
    return shown(evidence, content_of(database, caller.actor, files, evidence, Which.SERVED))


@router.get(
    "/evidence/{evidence}/original",
    name="evidence.original",
    response_class=Response,
    responses=HANDED_OVER,
)
def original(caller: TheCaller, evidence: UUID) -> Response:
    """The bytes as the technician has sent them, with all that is in them."""
    database, files = caller.house.database, files_of(caller.house)
    found = content_of(database, caller.actor, files, evidence, Which.ORIGINAL)
    return handed_over(evidence, found)


@router.get("/completions", name="completions.list")
def completions(
    caller: TheCaller,
    *,
    awaited: Annotated[
        bool, Query(description="Only those whose files have not all come.")
    ] = False,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[Completed]:
    """How visits were completed."""
    query = select(CompletionRow).options(
        selectinload(CompletionRow.parts),
        selectinload(CompletionRow.sent),
        joinedload(CompletionRow.visit),
    )
    if awaited:
        query = query.where(CompletionRow.awaited > 0)
    with caller.house.database.work(caller.actor) as work:
        page = page_of(work, query, CompletionRow, after, limit, lambda row: row)
        return Page(items=told_of(work, page.items), next=page.next)


@router.get("/visits/{visit}/completion", name="completions.read")
def completion(caller: TheCaller, visit: UUID) -> Completed:
    """How a visit was completed, and what shows it."""
    return completion_of(caller.house.database, caller.actor, visit)
