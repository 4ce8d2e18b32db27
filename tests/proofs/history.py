"""Whether routes could be driven after each claim, and not only in the end, by the event log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import select
from tests.proofs.routes import travel

from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.work import Work

FOLLOWED = ("offer.claimed", "visit.scheduled")


def wrong_history(work: Work) -> Iterator[str]:
    """Play the log again; a later claim may have mended what an earlier one broke."""
    named = select(VisitRow.id, SiteRow).join(VisitRow.job).join(JobRow.site)
    sites: dict[UUID, SiteRow] = {row.id: row.SiteRow for row in work.session.execute(named)}
    query = select(EventRow).where(EventRow.kind.in_(FOLLOWED)).order_by(EventRow.number)
    visits: dict[UUID, dict[str, Any]] = defaultdict(dict)
    claimed: EventRow | None = None
    for event in work.session.scalars(query):
        if event.kind == "offer.claimed":
            yield from _wrong_since(claimed, visits, sites)
            claimed = event
        else:
            visits[event.subject_id] |= event.after or {}
    yield from _wrong_since(claimed, visits, sites)


def _wrong_since(
    claimed: EventRow | None, visits: dict[UUID, dict[str, Any]], sites: dict[UUID, SiteRow]
) -> Iterator[str]:
    """What somebody cannot drive now that they have claimed something."""
    if claimed is None:
        return
    person = (claimed.after or {})["technician_id"]
    route = sorted(
        (_moment(said["start_at"]), _moment(said["end_at"]), visit)
        for visit, said in visits.items()
        if said.get("technician_id") == person
    )
    for (_, end, one), (start, _, other) in pairwise(route):
        if end + travel(sites[one], sites[other]) > start:
            yield f"history: after event {claimed.number} {person} cannot get to {other} in time"


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)
