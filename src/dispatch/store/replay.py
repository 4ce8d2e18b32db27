"""Making the record again from the event log alone, and seeing where it differs from what is kept.

Every event is told the columns of one row; :func:`replay` puts them together. Not in the log, and
so not made again, are

- the tables that :data:`dispatch.store.told.UNLOGGED` names, each with its reason, and those of the
  queue: whoever is woken finds what there is to do in the record;
- secrets (``UNTOLD``): passwords and tokens, of which the record itself has hashes only;
- what is of the moment or made from the record (``PASSING``): the heartbeat and progress of a run,
  the day it was made from, and drafts of plans. What of a plan was published is in its schedule;
- the versions of rows, which count how often they were written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Uuid, literal, select

from dispatch.store.database import Database
from dispatch.store.rows.base import NOBODY, Document, Row
from dispatch.store.rows.events import EventRow
from dispatch.store.still import still
from dispatch.store.tables import METADATA
from dispatch.store.told import UNLOGGED, key_columns, plain, told_columns

T = TypeVar("T")

KNOWN_BY = "known by"
"""No column is called so."""
AT_ONCE = 1_000
"""Subjects that are compared at a time."""


class Told(NamedTuple):
    """Of an event what says how a row is."""

    subject_kind: str
    subject: UUID
    before: Document | None
    after: Document | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as the log tells; without a column, one of both has no such row."""

    table: str
    id: str
    column: str | None
    log: object
    stored: object


def logged_tables() -> dict[str, type[Row]]:
    """The tables of which the log has all rows, by name."""
    found = {mapper.class_.__tablename__: mapper.class_ for mapper in Row.registry.mappers}
    return {name: found[name] for name in sorted(METADATA.tables) if name not in UNLOGGED}


def replay(events: Iterable[Told]) -> dict[str, dict[str, Document]]:
    """The rows that events tell of, in the order of the log: by table and id, columns by name.

    A column that is not there is null. A row with no id of its own is known by the columns of its
    key, with a stroke between them.
    """
    tables = logged_tables()
    record: dict[str, dict[str, Document]] = {name: {} for name in tables}
    for event in events:
        table = tables.get(event.subject_kind)
        said = event.before if event.after is None else event.after
        if table is None or said is None:
            continue
        told = {name: said[name] for name in told_columns(table) if name in said}
        rows, key = record[event.subject_kind], _key(table, event.subject, said)
        if event.after is None:
            rows.pop(key, None)
        elif told:
            rows.setdefault(key, {}).update(told)
    return record


def differences(database: Database) -> Iterator[Difference]:
    """Everything in which the log and the record differ, at one moment; nothing if all is well.

    Reads all of both, some thousand rows at a time.
    """
    with still(database) as connection:
        yield from differences_seen(connection)


def differences_seen(connection: Connection) -> Iterator[Difference]:
    """The same, as one transaction sees it."""
    for table in logged_tables().values():
        yield from _told_otherwise(connection, table)
        yield from _never_told(connection, table)


def _told_otherwise(connection: Connection, table: type[Row]) -> Iterator[Difference]:
    """Of what the log tells of a table."""
    query = (
        select(EventRow.subject_kind, EventRow.subject_id, EventRow.before, EventRow.after)
        .where(EventRow.subject_kind == table.__tablename__)
        .order_by(EventRow.subject_id, EventRow.number)
    )
    found = connection.execute(query, execution_options={"yield_per": AT_ONCE})
    by_subject = groupby(map(Told._make, found), lambda event: event.subject)
    for part in _parts((subject, list(events)) for subject, events in by_subject):
        told = replay(event for _, events in part for event in events)[table.__tablename__]
        subjects = [subject for subject, _ in part]
        kept = dict(_kept(connection, table, _subject(table).in_(subjects)))
        for key in sorted(told.keys() | kept.keys()):
            yield from _compared(table, key, told.get(key), kept.get(key))


def _never_told(connection: Connection, table: type[Row]) -> Iterator[Difference]:
    """Rows of which the log has nothing at all."""
    known = select(EventRow.number).where(
        EventRow.subject_kind == table.__tablename__, EventRow.subject_id == _subject(table)
    )
    for key, kept in _kept(connection, table, ~known.exists()):
        yield from _compared(table, key, None, kept)


def _compared(
    table: type[Row], key: str, log: Document | None, kept: Document | None
) -> Iterator[Difference]:
    name = table.__tablename__
    if log is None or kept is None:
        yield Difference(name, key, None, log, kept)
        return
    for column in told_columns(table):
        if log.get(column) != kept.get(column):
            yield Difference(name, key, column, log.get(column), kept.get(column))


def _kept(
    connection: Connection, table: type[Row], where: ColumnElement[bool]
) -> Iterator[tuple[str, Document]]:
    """Rows as they are stored, in the words of the log."""
    subject = _subject(table).label(KNOWN_BY)
    columns = [getattr(table, name).label(name) for name in told_columns(table)]
    found = connection.execute(
        select(subject, *columns).where(where), execution_options={"yield_per": AT_ONCE}
    )
    for row in found.mappings():
        kept = {name: plain(row[name]) for name in told_columns(table)}
        yield _key(table, row[KNOWN_BY], kept), kept


def _subject(table: type[Row]) -> ColumnElement[UUID]:
    if table.ABOUT is None:
        return literal(NOBODY, Uuid())
    column: ColumnElement[UUID] = getattr(table, table.ABOUT)
    return column


def _key(table: type[Row], subject: UUID, said: Document) -> str:
    named = key_columns(table)
    return "|".join(str(said[name]) for name in named) if named else str(subject)


def _parts(found: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(found)
    while part := list(islice(waiting, AT_ONCE)):
        yield part
