"""The event log, to be exported."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.operations.exports.reading import Exported, Found, Query, Told, exported
from dispatch.store.database import Database
from dispatch.store.rows.base import Document
from dispatch.store.rows.events import EventRow
from dispatch.store.told import without_private

COLUMNS = (
    *("number", "at", "event", "subject", "actor-kind", "actor", "source", "request"),
    *("happened-at", "lat", "lon", "before", "after", "note", "hash"),
)


def exported_events(
    database: Database,
    actor: Actor,
    *,
    after: int = 0,
    until: int | None = None,
    private: bool = False,
) -> AbstractContextManager[Exported]:
    """What comes after one number until another, with its hashes; moments with their offset.

    ``private`` tells also what only the owner may read; else ``*`` stands there, and the hashes,
    which are of what was written, cannot be computed again.

    Raises as :func:`exported`.
    """

    def query(_: ZoneInfo) -> Query:
        asked = select(EventRow).where(EventRow.number > after).order_by(EventRow.number)
        return asked if until is None else asked.where(EventRow.number <= until)

    return exported(database, actor, COLUMNS, query, partial(_told, private))


def _told(private: bool, row: Found, zone: ZoneInfo) -> Told:
    event: EventRow
    (event,) = row
    happened_at = event.happened_at
    before, after = event.before, event.after
    if not private:
        before, after = without_private(before), without_private(after)
    return {
        "number": event.number,
        "at": event.at.astimezone(zone).isoformat(),
        "event": event.kind,
        "subject": str(event.subject_id),
        "actor-kind": event.actor_kind,
        "actor": event.actor,
        "source": event.source,
        "request": event.request,
        "happened-at": happened_at.astimezone(zone).isoformat() if happened_at else None,
        "lat": event.lat,
        "lon": event.lon,
        "before": _json(before),
        "after": _json(after),
        "note": event.note,
        "hash": event.hash.hex(),
    }


def _json(document: Document | None) -> str | None:
    return None if document is None else json.dumps(document, ensure_ascii=False)
