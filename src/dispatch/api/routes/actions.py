"""What technicians have said that looks odd, for a dispatcher to look at."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from sqlalchemy import literal_column, select

from dispatch.api.asked import OfTechnician
from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.routes.conflicts import Conflict
from dispatch.api.texts import OnDay
from dispatch.domain.action import Outcome
from dispatch.store.board import span_of, zone_of
from dispatch.store.rows.actions import ActionRow

router = APIRouter(prefix="/actions", tags=["execution"])

Flag = Literal[
    "clock",
    "far",
    "inaccurate",
    "no-position",
    "fast",
    "time",
    "dead-trip",
    "serial",
    "text",
    "elsewhere",
]
FLAGGED = ActionRow.flags != literal_column("'[]'::jsonb")


class Flagged(Conflict):
    """What was said, by whom, what became of it, and what looks odd about it."""

    outcome: Outcome
    settled_at: datetime | None

    @staticmethod
    def of(row: ActionRow) -> Flagged:
        """As it is kept."""
        said = Conflict.of(row).model_dump()
        return Flagged(**said, outcome=row.outcome, settled_at=row.settled_at)


@router.get("/flagged", name="actions.flagged")
def flagged(
    caller: TheCaller,
    day: Annotated[OnDay | None, Query(description="That happened on this day.")] = None,
    technician: OfTechnician = None,
    flag: Annotated[Flag | None, Query(description="With this flag.")] = None,
    outcome: Annotated[Outcome | None, Query(description="That ended so.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[Flagged]:
    """What looks odd of all that technicians have said; it has had its effect all the same."""
    query = select(ActionRow).where(FLAGGED)
    if technician is not None:
        query = query.where(ActionRow.technician_id == technician)
    if flag is not None:
        query = query.where(ActionRow.flags.contains([flag]))
    if outcome is not None:
        query = query.where(ActionRow.outcome == outcome)
    with caller.house.database.work(caller.actor) as work:
        if day is not None:
            span = span_of(day, zone_of(work.session))
            query = query.where(
                ActionRow.happened_at >= span.start, ActionRow.happened_at < span.end
            )
        return page_of(work, query, ActionRow, after, limit, Flagged.of)
