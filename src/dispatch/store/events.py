"""Adding to the event log, and seeing that nobody has tampered with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from dispatch.domain.actor import Actor
from dispatch.domain.position import Position
from dispatch.errors import Finding
from dispatch.store.rows.base import Document
from dispatch.store.rows.events import EventHeadRow, EventRow
from dispatch.store.told import plain

GENESIS = hashlib.sha256(b"dispatch.event.1").digest()
"""What the first event follows."""
AT_ONCE = 5_000
"""Events held in memory while the log is checked."""
_UNHASHED = {"previous", "hash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened."""

    kind: str
    """Such as ``job.held``; what comes before the dot is what it happened to."""
    subject: UUID
    outlet: UUID | None = None
    before: Document | None = None
    after: Document | None = None
    """Under the name of a column, what the row has in it from now on; a row of which only something
    before is told is gone. Names that are no columns say what else is to be known."""
    note: str | None = None
    happened_at: datetime | None = None
    position: Position | None = None


def append(
    connection: Connection, events: Sequence[Event], actor: Actor, now: datetime
) -> Sequence[int]:
    """Write events to the end of the log; nobody else can until the transaction ends.

    So the order of the numbers is the order in which transactions are committed, and whoever has
    read up to a number has missed nothing before it. To be called last in a transaction: whoever
    holds the end of the log then waits for nobody.

    Returns
    -------
    Sequence[int]
        The number of each.
    """
    head = connection.execute(
        select(EventHeadRow.number, EventHeadRow.hash).with_for_update()
    ).one()
    number, previous = head.number, head.hash
    rows = []
    for event in events:
        number += 1
        row = _row(event, actor, now, number)
        row["previous"], row["hash"] = previous, _hash(previous, row)
        previous = row["hash"]
        rows.append(row)
    connection.execute(insert(EventRow), rows)
    connection.execute(update(EventHeadRow).values(number=number, hash=previous))
    return [row["number"] for row in rows]


def check_chain(connection: Connection) -> Iterator[Finding]:
    """Everything that is not as it was written: ``events.gap``, ``events.changed``, ``events.end``.

    Reads the whole log, some thousand events at a time.
    """
    expected, previous = 1, GENESIS
    head = connection.execute(select(EventHeadRow.number, EventHeadRow.hash)).one()
    rows = connection.execute(
        select(EventRow.__table__).where(EventRow.number <= head.number).order_by(EventRow.number),
        execution_options={"yield_per": AT_ONCE},
    )
    for found in rows.mappings():
        row = dict(found)
        if row["number"] != expected:
            yield Finding("events.gap", values={"expected": expected, "number": row["number"]})
        elif row["previous"] != previous or row["hash"] != _hash(previous, row):
            yield Finding("events.changed", values={"number": row["number"]})
        expected, previous = row["number"] + 1, row["hash"]
    if (head.number, head.hash) != (expected - 1, previous):
        yield Finding("events.end", values={"expected": head.number, "number": expected - 1})


def _row(event: Event, actor: Actor, now: datetime, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "at": now,
        "kind": event.kind,
        "subject_kind": event.kind.partition(".")[0],
        "subject_id": event.subject,
        "actor_kind": actor.kind.value,
        "actor": actor.id,
        "source": actor.source.value,
        "request": actor.request,
        "happened_at": event.happened_at,
        "lat": event.position.lat if event.position else None,
        "lon": event.position.lon if event.position else None,
        "outlet_id": event.outlet,
        "before": event.before,
        "after": event.after,
        "note": event.note,
    }


def _hash(previous: bytes, row: dict[str, Any]) -> bytes:
    """SHA-256 of what came before and of the row as JSON, its names in order."""
    said = {name: _stored(plain(value)) for name, value in row.items() if name not in _UNHASHED}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(previous + text.encode()).digest()


def _stored(value: Any) -> Any:
    """As the database gives it back: it keeps no sign of zero, and whole numbers as such.

    It keeps the digits that were written: of 1e23 a one and zeros, not the number next to it that
    a float is.
    """
    if isinstance(value, dict):
        return {name: _stored(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_stored(entry) for entry in value]
    if isinstance(value, float):
        return int(Decimal(repr(value))) if value.is_integer() else value
    return value
