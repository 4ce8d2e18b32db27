"""A unit of work: one transaction, by somebody, with its events."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar, overload
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from dispatch.domain.actor import Actor
from dispatch.domain.position import Position
from dispatch.errors import Missing, Stale
from dispatch.store.events import Event, append
from dispatch.store.receipts import keep_answer
from dispatch.store.rows.base import Document, Edited, Identified, Keyed, Row
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import HANGING, SCOPE
from dispatch.store.untold import left_gone, left_untold, tell, tell_gone

I = TypeVar("I", bound=Identified)  # noqa: E741 - as PEP 695 would have it
K = TypeVar("K", bound=Keyed)
A = TypeVar("A")


class Work:
    """What an operation reads and changes. Without :meth:`commit` it never happened."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        """The moment of this work, one for all that happens in it."""
        self._events: list[Event] = []
        self._lasting = False

    def get(self, kind: type[I], id: UUID, *, lock: bool = False) -> I:  # noqa: A002
        """A row; with ``lock`` nobody else changes it until this work ends.

        Raises
        ------
        Missing
            There is none, or not in the outlets of whoever asks.
        """
        found = self.session.scalars(_query(kind, kind.id == id, lock=lock)).one_or_none()
        if found is None:
            raise Missing("store.missing", kind=kind_of(kind), id=str(id))
        return found

    def by_key(self, kind: type[K], key: str, *, lock: bool = False) -> K:
        """The same, by the key that people know it by."""
        found = self.session.scalars(_query(kind, kind.key == key, lock=lock)).one_or_none()
        if found is None:
            raise Missing("store.missing", kind=kind_of(kind), id=key)
        return found

    def answer_for_good(self) -> None:
        """Let the answer of this work never be forgotten: however late, it is not done twice."""
        self._lasting = True

    def record(self, event: Event) -> None:
        """Write down what happens, with the rest of this work or not at all."""
        self._events.append(event)

    def note(
        self,
        kind: str,
        row: Row,
        *,
        why: str | None = None,
        happened_at: datetime | None = None,
        position: Position | None = None,
    ) -> None:
        """Write down what of a row has changed since it was told last; nothing if nothing has.

        What nobody notes is written down when the work ends, as ``.added``, ``.changed`` or
        ``.removed``: by the log alone the record can be made again.
        """
        before, after = tell(self.session, row)
        if after:
            event = Event(
                kind=kind,
                subject=row.known_by,
                outlet=self._outlet(row),
                before=before,
                after=after,
                note=why,
                happened_at=happened_at,
                position=position,
            )
            self._events.append(event)

    def forget(self, kind: str, row: Row, *, why: str | None = None) -> None:
        """Delete a row, and write down what it was."""
        self._note_gone(kind, row, tell_gone(self.session, row), why)
        self.session.delete(row)

    def _note_gone(self, kind: str, row: Row, was: Document, why: str | None = None) -> None:
        outlet = self._outlet(row)
        self._events.append(
            Event(kind=kind, subject=row.known_by, outlet=outlet, before=was, note=why)
        )

    def _note_rest(self) -> None:
        """What has been sent off and nobody has noted."""
        for row, was in left_gone(self.session):
            self._note_gone(f"{kind_of(type(row))}.removed", row, was)
        for row, new in left_untold(self.session):
            self.note(f"{kind_of(type(row))}.{'added' if new else 'changed'}", row)

    def _outlet(self, row: Row) -> UUID | None:
        """To whom a row belongs."""
        if not isinstance(row, HANGING):
            return getattr(row, "outlet_id", None)
        with self.session.no_autoflush:
            technician = self.session.get(TechnicianRow, row.technician_id)
        return None if technician is None else technician.outlet_id

    @property
    def visible(self) -> Collection[UUID] | None:
        """The outlets that the actor sees; None is all of them."""
        found: Collection[UUID] | None = self.session.info.get(SCOPE)
        return found

    def sees(self, outlet: UUID | None) -> bool:
        """Whether the actor sees what is of an outlet."""
        visible = self.visible
        return visible is None or outlet in visible

    @overload
    def commit(self) -> None: ...

    @overload
    def commit(self, answer: A) -> A: ...

    def commit(self, answer: object = None) -> object:
        """Make it happen; ``answer`` is given again to whoever asks for the same again.

        Raises
        ------
        Stale
            Somebody else has changed one of the rows meanwhile.
        Repeated
            It has happened already.
        """
        with stale_told():
            self.session.flush()
            self._note_rest()
            connection = self.session.connection()
            keep_answer(connection, self.actor, self.now, answer, lasting=self._lasting)
            if self._events:
                append(connection, self._events, self.actor, self.now)
            self.session.commit()
        self._events.clear()
        return answer


@contextmanager
def all_outlets(work: Work) -> Generator[None]:
    """Let a work change what is of outlets that its actor does not see, until the block ends.

    For visits that stay with nobody there to do them, or cannot be when they were to be, for files
    of a technician who has worked for several outlets, and for no more than that. Their events
    belong to their own outlets.
    """
    work.session.flush()  # all before it is looked at as ever
    seen = work.session.info.get(SCOPE)
    work.session.info[SCOPE] = None
    try:
        yield
        work.session.flush()
    finally:
        work.session.info[SCOPE] = seen


def expect(row: Edited, version: int | None) -> None:
    """See that a row is still as it was when it was read; None takes it as it is.

    Raises
    ------
    Stale
        It is not.
    """
    if version is not None and row.version != version:
        raise Stale("store.stale", kind=kind_of(type(row)), version=row.version)


def kind_of(kind: type[object]) -> str:
    """What a table holds, in one word: ``technician``."""
    return str(getattr(kind, "__tablename__", kind.__name__))


@contextmanager
def stale_told() -> Generator[None]:
    """Say in our words that somebody else was quicker."""
    try:
        yield
    except StaleDataError as error:
        raise Stale("store.stale", kind="row") from error


def _query(kind: type[I], where: ColumnElement[bool], *, lock: bool) -> Select[I]:
    query = select(kind).where(where)
    if not lock:
        return query
    return query.with_for_update(of=kind).execution_options(populate_existing=True)
