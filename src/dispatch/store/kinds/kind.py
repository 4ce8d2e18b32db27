"""What a kind of thing can do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.errors import Missing
from dispatch.store.rows.base import Document, Keyed
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import kind_of

V = TypeVar("V")
R = TypeVar("R", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time."""

    start: datetime
    end: datetime


@dataclass(slots=True)
class Frame:
    """What reading and writing rows needs: ids by key, read once for each table, and a time."""

    session: Session
    span: Span
    """Only what lies in it is read or written."""
    _known: dict[type[Keyed], dict[str, UUID]] = field(default_factory=dict)
    _keys: dict[type[Keyed], dict[UUID, str]] = field(default_factory=dict)

    def of(self, table: type[Keyed], key: str) -> UUID:
        """The id of a key.

        Raises
        ------
        Missing
            ``store.missing``.
        """
        found = self._table(table).get(key)
        if found is None:
            raise Missing("store.missing", kind=kind_of(table), id=key)
        return found

    def key(self, table: type[Keyed], id: UUID) -> str:  # noqa: A002
        """The key of an id."""
        self._table(table)
        return self._keys[table][id]

    def add(self, row: Keyed) -> None:
        """Make a new row's id known."""
        table = type(row)
        self._table(table)[row.key] = row.id
        self._keys[table][row.id] = row.key

    def _table(self, table: type[Keyed]) -> dict[str, UUID]:
        if table not in self._known:
            rows = select(table.key, table.id)
            seen = self.session.execute(rows).all()
            self._known[table] = {row.key: row.id for row in seen}
            # What a visible row names is named, also a site that another outlet takes care of.
            every = self.session.execute(rows, execution_options=UNSCOPED).all()
            self._keys[table] = {row.id: row.key for row in every}
        return self._known[table]


class Kind(Protocol[V, R]):
    """How values of the domain are kept as rows."""

    table: type[R]

    def read(self, row: R, frame: Frame) -> V:
        """The value that a row holds; what is outside of the frame is left out."""
        ...

    def write(self, row: R, value: V, frame: Frame) -> None:
        """Let a row hold a value; what it holds outside of the frame stays."""
        ...

    def beside(self, row: R) -> Document:
        """What a row holds that no value says, but the frame that it was written in."""
        return {}

    def framed(self, value: V, frame: Frame) -> Document:
        """The same, as it is to be."""
        return {}
