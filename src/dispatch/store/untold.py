"""What of a row has changed and nobody was told of yet, whenever it was sent to the database.

SQLAlchemy forgets how a row was as soon as it has sent it off, and any query sends off what was
changed before it. So what is sent off is remembered until it is written into the event log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from dispatch.store.rows.base import Document, Row
from dispatch.store.told import changes, columns, is_logged, key, plain

UNTOLD_ROWS, GONE_ROWS = "untold rows", "gone rows"
"""Under these names a session keeps them."""


@dataclass(slots=True)
class _Memory:
    """Of one row."""

    new: bool
    """Whether the record had no such row when it was changed first, and nobody was told of it."""
    before: Document = field(default_factory=dict)
    after: Document = field(default_factory=dict)
    """What was sent off and not told."""
    told: Document = field(default_factory=dict)
    """What was told and not sent off."""
    made: Document | None = None
    """What was told of a new row; what is known only when it is sent off is added to it."""


def remember(session: Session, *_: object) -> None:
    """Keep what is sent off; for SQLAlchemy's ``after_flush``, when it still knows how it was."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, Row) and is_logged(row):
            memory = _take(session, row, sent=True)
            memory.told, memory.made = {}, None


def tell(session: Session, row: Row) -> tuple[Document | None, Document]:
    """The columns that have changed since the last time, before and after; told from now on.

    Before is None for a row that is new: after then is all of it that is not null.
    """
    memory = _take(session, row)
    before, after = memory.before, memory.after
    memory.before, memory.after = {}, {}
    memory.told |= after
    if memory.new:
        memory.new = False
        memory.made = {name: value for name, value in after.items() if value is not None}
        return None, memory.made
    changed = [name for name, value in after.items() if before[name] != value]
    if not changed:
        return {}, {}
    named = key(row)
    return (
        {name: before[name] for name in changed} | named,
        {name: after[name] for name in changed} | named,
    )


def tell_gone(session: Session, row: Row) -> Document:
    """What a row was that is deleted; told from now on."""
    _gone(session)[row] = None
    return columns(row)


def left_untold(session: Session) -> Iterator[tuple[Row, bool]]:
    """Rows that were sent off and not told of, and whether they are new."""
    gone = _gone(session)
    for row, memory in list(_rows(session).items()):
        if memory.after and row not in gone:
            yield row, memory.new


def left_gone(session: Session) -> Iterator[tuple[Row, Document]]:
    """Rows that were deleted and not told of, and what they were."""
    for row, was in list(_gone(session).items()):
        if was is not None:
            yield row, was
            _gone(session)[row] = None


def _rows(session: Session) -> dict[Row, _Memory]:
    rows: dict[Row, _Memory] = session.info.setdefault(UNTOLD_ROWS, {})
    return rows


def _gone(session: Session) -> dict[Row, Document | None]:
    """What they were; None once it is told."""
    rows: dict[Row, Document | None] = session.info.setdefault(GONE_ROWS, {})
    return rows


@event.listens_for(Row, "before_delete", propagate=True)
def _remember_gone(_mapper: object, _connection: object, row: Row) -> None:
    """Also one that nobody deleted by name: its technician has it no longer."""
    session = object_session(row)
    if session is None or not is_logged(row):
        return
    memory = _rows(session).get(row)
    never_told = memory is not None and memory.new
    _gone(session).setdefault(row, None if never_told else columns(row))


def _take(session: Session, row: Row, *, sent: bool = False) -> _Memory:
    """Bring the memory of a row up to what it is now."""
    before, after = changes(row)
    memory = _rows(session).setdefault(row, _Memory(new=before is None))
    if before is not None:
        for name in memory.told.keys() - after.keys():  # told, and taken back before it was sent
            after[name] = plain(getattr(row, name))
    for name, value in after.items():
        if name in memory.told:
            if memory.told[name] == value:
                continue
            memory.before.setdefault(name, memory.told[name])
        elif sent and memory.made is not None:
            if value is not None:
                memory.made[name] = value
            continue
        else:
            memory.before.setdefault(name, (before or {}).get(name))
        memory.after[name] = value
    return memory
