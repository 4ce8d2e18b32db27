"""The conflict inbox: what technicians have said that a dispatcher has to decide on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel
from sqlalchemy import select

from dispatch.api.asked import OfOutlet, OfTechnician
from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.sent import Sent
from dispatch.api.texts import Why
from dispatch.domain.action import ActionKind, Outcome
from dispatch.operations.execute.settle import settle_conflict
from dispatch.store.filters import is_under
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import VisitRow

router = APIRouter(prefix="/conflicts", tags=["execution"])


class Decision(Sent):
    """Whether it is to have its effect after all."""

    accept: bool
    why: Why


class Conflict(BaseModel):
    """What was said, by whom, and why it could not simply be applied."""

    id: UUID
    technician: UUID
    visit: UUID | None
    kind: ActionKind | None
    said: dict[str, Any]
    happened_at: datetime
    received_at: datetime
    reason: str
    flags: list[str]

    @staticmethod
    def of(row: ActionRow) -> Conflict:
        """As it is kept."""
        return Conflict(
            id=row.id,
            technician=row.technician_id,
            visit=row.visit_id,
            kind=row.kind,
            said=row.said,
            happened_at=row.happened_at,
            received_at=row.received_at,
            reason=row.reason,
            flags=row.flags,
        )


@router.get("", name="conflicts.list")
def list_(
    caller: TheCaller,
    technician: OfTechnician = None,
    visit: Annotated[UUID | None, Query(description="Of this visit.")] = None,
    job: Annotated[UUID | None, Query(description="Of this job.")] = None,
    outlet: OfOutlet = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[Conflict]:
    """What waits for a decision, by technician, visit, job and outlet."""
    query = select(ActionRow).where(
        ActionRow.outcome == Outcome.CONFLICT, ActionRow.settled_at.is_(None)
    )
    if technician is not None:
        query = query.where(ActionRow.technician_id == technician)
    if visit is not None:
        query = query.where(ActionRow.visit_id == visit)
    if job is not None:
        query = query.where(
            ActionRow.visit_id.in_(select(VisitRow.id).where(VisitRow.job_id == job))
        )
    if outlet is not None:
        query = query.where(is_under(ActionRow.outlet_id, outlet))
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, ActionRow, after, limit, Conflict.of)


@router.post("/{conflict}/settle", name="conflicts.settle", status_code=status.HTTP_204_NO_CONTENT)
def settle(caller: TheCaller, conflict: UUID, given: Decision) -> None:
    """Let it have its effect after all, or let it rest; it stays on record."""
    caller.once(
        type(None),
        lambda: settle_conflict(
            caller.house.database, caller.actor, conflict, accept=given.accept, why=given.why
        ),
    )
