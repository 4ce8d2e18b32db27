"""What the event log has of a row: its columns, but for secrets and what holds for a moment only.

A table that is not named in :data:`UNLOGGED` is in the log, also one that is made tomorrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import ColumnProperty

from dispatch.store.rows.base import PASSING, PRIVATE, UNTOLD, Document, Identified, Row

UNLOGGED: Mapping[str, str] = {
    "board": "a counter for each day, by which changes are noticed",
    "event": "the log itself",
    "event_head": "where the log ends",
    "link_token": "tokens of whoever has opened a customer's link",
    "outlet_reach": "follows from the outlets, and is made anew with each change of them",
    "pending_sign_in": "on the way to an identity provider and back, for some minutes",
    "receipt": "answers to requests; all but those about money are forgotten after some days",
    "sign_in": "tokens of devices; who signs in and out is told of the account",
    "unknown_login": "names that nobody has, under which somebody tried to sign in",
}
"""Tables of which the log has no rows, and why."""

HIDDEN = "*"
"""What stands in the place of a value that is not for whoever reads the log."""


def is_logged(row: Row) -> bool:
    """Whether the log has rows of this table."""
    return row.__tablename__ not in UNLOGGED


@cache
def told_columns(table: type[Row]) -> tuple[str, ...]:
    """The columns of a table that the log has; the id is the subject of the event."""
    own = {"version", "id"} if issubclass(table, Identified) else {"version"}
    columns = inspect(table).column_attrs
    return tuple(column.key for column in columns if column.key not in own and _is_told(column))


@cache
def key_columns(table: type[Row]) -> tuple[str, ...]:
    """The columns that say which row is meant, of a table whose rows have no id of their own."""
    if issubclass(table, Identified):
        return ()
    return tuple(column.name for column in inspect(table).primary_key)


def columns(row: Row) -> Document:
    """All columns of a row as they are."""
    return {name: plain(getattr(row, name)) for name in told_columns(type(row))}


def key(row: Row) -> Document:
    """What says which row it is, if its id does not."""
    return {name: plain(getattr(row, name)) for name in key_columns(type(row))}


def changes(row: Row) -> tuple[Document | None, Document]:
    """The columns of a row that are not as they were when it was read, before and after.

    To be asked before the flush that writes them has ended: what is written is as it was from then
    on. Before is None for a row that is new: after then is all that it has.
    """
    state, names = inspect(row), told_columns(type(row))
    if not state.persistent:
        return None, {name: plain(state.dict[name]) for name in names if name in state.dict}
    before, after = {}, {}
    for name in names:
        if name not in state.committed_state:
            continue
        history = state.attrs[name].history
        if history.has_changes():
            before[name] = plain(history.deleted[0]) if history.deleted else None
            after[name] = plain(history.added[0]) if history.added else None
    return before, after


def without_private(document: Document | None) -> Document | None:
    """What an event tells, as everybody but the owner may read it: that it was said, not what."""
    if document is None:
        return None
    private = private_columns()
    return {
        name: HIDDEN if name in private and value is not None else value
        for name, value in document.items()
    }


@cache
def private_columns() -> frozenset[str]:
    """The columns of all tables that nobody but the owner reads in the log."""
    tables = Row.metadata.tables.values()
    return frozenset(
        column.name for table in tables for column in table.columns if column.info.get(PRIVATE)
    )


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, UUID | date | StrEnum) else value


def _is_told(column: ColumnProperty[Any]) -> bool:
    info = column.columns[0].info
    return not (info.get(UNTOLD) or info.get(PASSING))
