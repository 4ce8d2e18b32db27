"""Why nobody has a job: what the newest plan of a day says of what it leaves out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH, distinct_on
from sqlalchemy.orm import Session

from dispatch.domain.plan import Reason
from dispatch.store.rows.plans import BoardRow, PlanRow, RunRow
from dispatch.store.said import heard

MOST = 5
"""Reasons of one job: the first is the one to tell the customer."""
_FIRST = cast(f"$.reasons[0 to {MOST - 1}]", JSONPATH)
MOST_PLANS = 20
"""The newest of each outlet that has planned the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Why a plan leaves a job out, as it was when the plan was made."""

    plan: UUID
    made_at: datetime
    reasons: Sequence[Reason]
    """The first few."""


def reasons_of(session: Session, day: date, jobs: Collection[str]) -> Mapping[str, LeftOut]:
    """What is said of some jobs, by key; of what no newest plan leaves out, nothing.

    Read and not reckoned: whoever looks at a board does not wait for it. Plans are those of the
    outlets that are seen from here, of each the newest, whether it was published or not.
    """
    plans = _newest(session, day) if jobs else {}
    if not plans:
        return {}
    entries = func.jsonb_array_elements(PlanRow.said["unassigned"]).table_valued(
        column("value", JSONB)
    )
    entry = entries.c.value
    first = func.jsonb_path_query_array(entry, _FIRST, type_=JSONB)
    query = (
        select(PlanRow.id, entry["job"].astext.label("job"), first.label("reasons"))
        .select_from(PlanRow)
        .join(entries, literal(value=True))
        .where(
            PlanRow.id.in_(plans),
            entry["job"].astext == any_(literal(list(jobs), ARRAY(Text))),
        )
    )
    found: dict[str, LeftOut] = {}
    for plan, job, reasons in session.execute(query):
        if job not in found or found[job].made_at < plans[plan]:
            told = tuple(heard(Reason, reason) for reason in reasons)
            found[job] = LeftOut(plan=plan, made_at=plans[plan], reasons=told)
    return found


def _newest(session: Session, day: date) -> Mapping[UUID, datetime]:
    """When the newest plan of each outlet was made, by its id."""
    newest = (
        select(PlanRow.id, PlanRow.made_at)
        .join(RunRow, RunRow.id == PlanRow.run_id)
        .join(BoardRow, BoardRow.id == RunRow.board_id)
        .where(BoardRow.day == day)
        .order_by(PlanRow.outlet_id, PlanRow.made_at.desc(), PlanRow.id.desc())
        .ext(distinct_on(PlanRow.outlet_id))
        .limit(MOST_PLANS)
    )
    return {row.id: row.made_at for row in session.execute(newest)}
