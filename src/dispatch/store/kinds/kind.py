"""What a kind of thing can do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, literal, select
from sqlalchemy.orm import Session

from dispatch.errors import Missing
from dispatch.store.rows.base import Document, Keyed
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import kind_of

V = TypeVar("V")
R = TypeVar("R", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time."""

    start: datetime
    end: datetime


MANY = (JobRow, SiteRow)
"""Of these there are as many as customers have asked for; of all else a network has a few."""


@dataclass(slots=True)
class Frame:
    """What reading and writing rows needs: a time, and which id has which key.

    A small table is read once, when it is first asked for; of a large one only what is asked for,
    so whoever needs many of it says so before.
    """

    session: Session
    span: Span
    """Only what lies in it is read or written: shifts that begin in it, and what is of its days."""
    until: datetime | None = None
    """Absences until then are read and written as well: a shift goes on after its day has ended."""
    _ids: dict[type[Keyed], dict[str, UUID]] = field(default_factory=lambda: defaultdict(dict))
    _keys: dict[type[Keyed], dict[UUID, str]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def whole(self) -> Span:
        """The span, and what of the next day its shifts go on into."""
        return Span(self.span.start, max(self.span.end, self.until or self.span.end))

    def of(self, table: type[Keyed], key: str) -> UUID:
        """The id of a key.

        Raises
        ------
        Missing
            ``store.missing``.
        """
        if key not in self._ids[table]:
            self.learn_ids(table, [key])
        found = self._ids[table].get(key)
        if found is None:
            raise Missing("store.missing", kind=kind_of(table), id=key)
        return found

    def key(self, table: type[Keyed], id: UUID) -> str:  # noqa: A002
        """The key of an id, also of what another outlet takes care of: what is seen names it."""
        if id not in self._keys[table]:
            self.learn_keys(table, [id])
        return self._keys[table][id]

    def learn_ids(self, table: type[Keyed], keys: Collection[str]) -> None:
        """Read which ids these keys have, all at once."""
        query = select(table.id, table.key)
        if table in MANY:
            query = query.where(table.key == any_(literal(list(keys), ARRAY(Text))))
        for id_, key in self.session.execute(query):
            self._know(table, id_, key)

    def learn_keys(self, table: type[Keyed], ids: Collection[UUID]) -> None:
        """Read which keys these ids have, all at once."""
        query = select(table.id, table.key)
        if table in MANY:
            query = query.where(table.id == any_(literal(list(ids), ARRAY(Uuid))))
        rows = self.session.execute(query, execution_options=UNSCOPED)
        self._keys[table].update({row.id: row.key for row in rows})

    def add(self, row: Keyed) -> None:
        """Make a new row's id known."""
        self._know(type(row), row.id, row.key)

    def _know(self, table: type[Keyed], id: UUID, key: str) -> None:  # noqa: A002
        self._ids[table][key], self._keys[table][id] = id, key


class Kind(Protocol[V, R]):
    """How values of the domain are kept as rows."""

    table: type[R]

    def read(self, row: R, frame: Frame) -> V:
        """The value that a row holds; what is outside of the frame is left out."""
        ...

    def write(self, row: R, value: V, frame: Frame) -> None:
        """Let a row hold a value; what it holds outside of the frame stays."""
        ...

    def filled(self, row: R, value: V) -> V:
        """A value of a file with what it does not name as the row has it."""
        return value

    def beside(self, row: R) -> Document:
        """What a row holds that no value says, but the frame that it was written in."""
        return {}

    def framed(self, value: V, frame: Frame) -> Document:
        """The same, as it is to be."""
        return {}
