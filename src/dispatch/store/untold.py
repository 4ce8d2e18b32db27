"""What of a row has changed and nobody was told of yet, whenever it was sent to the database.

SQLAlchemy forgets how a row was as soon as it sends it off, and any query sends off what was
changed before it. So what is sent off is remembered until it is written into the event log.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from dispatch.store.events import changes
from dispatch.store.rows.base import Document, Row

UNTOLD_ROWS = "untold rows"
"""Under this name a session keeps them."""


@dataclass(slots=True)
class _Memory:
    """Of one row."""

    new: bool
    """Whether the record had no such row when it was changed first."""
    before: Document = field(default_factory=dict)
    after: Document = field(default_factory=dict)
    """What was sent off and not told."""
    told: Document = field(default_factory=dict)
    """What was told and not sent off."""


def remember(session: Session, *_: object) -> None:
    """Keep what is about to be sent off; for SQLAlchemy's ``before_flush``."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, Row):
            memory = _take(session, row)
            memory.told = {}


def tell(session: Session, row: Row) -> tuple[Document | None, Document]:
    """The columns that have changed since the last time, before and after; told from now on.

    Before is None for a row that is new.
    """
    memory = _take(session, row)
    before, after = memory.before, memory.after
    memory.before, memory.after = {}, {}
    memory.told |= after
    new, memory.new = memory.new, False
    return (None if new else before), after


def _take(session: Session, row: Row) -> _Memory:
    """Bring the memory of a row up to what it is now."""
    before, after = changes(row)
    rows = session.info.setdefault(UNTOLD_ROWS, {})
    memory: _Memory = rows.setdefault(row, _Memory(new=before is None))
    for column, value in after.items():
        if column in memory.told:
            if memory.told[column] == value:
                continue
            memory.before.setdefault(column, memory.told[column])
        else:
            memory.before.setdefault(column, (before or {}).get(column))
        memory.after[column] = value
    return memory
