"""Import the tables that somebody has sent, as :mod:`dispatch.operations.import_day` does a day."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import BoundedSemaphore

from dispatch.domain.actor import Actor
from dispatch.errors import InvalidInput, Unavailable
from dispatch.formats.tables import PlacedDay, read_placed_tables
from dispatch.operations.import_day import Imported, import_day
from dispatch.store.database import Database

AT_ONCE, WAITING, PATIENCE_S = 2, 4, 10.0
"""A large workbook takes a core and some hundred megabytes for seconds; who waits keeps a thread
that others need."""
_TURNS, _ROOM = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE + WAITING)


def import_tables(
    database: Database,
    actor: Actor,
    content: bytes,
    *,
    file: str,
    outlet: str | None = None,
    preview: bool = False,
    may_set: bool = True,
) -> Imported:
    """Bring all that a workbook, or a ZIP archive of CSV files, says into the record.

    Parameters
    ----------
    content
        What it is, is seen from what stands in it.
    file
        How findings name it.
    outlet, preview, may_set
        As for :func:`~dispatch.operations.import_day.import_day`.

    Raises
    ------
    InvalidInput
        Everything that is wrong, each with its sheet, row and column where it has one.
    Unavailable
        ``import.busy``: too many read theirs at once.
    Missing, Refused
        As :func:`~dispatch.operations.import_day.import_day`.
    """
    read = _read_in_turn(content, file)
    try:
        return import_day(
            database,
            actor,
            read.day,
            outlet=outlet,
            preview=preview,
            named=read.named,
            may_set=may_set,
            placed=read.placed,
        )
    except InvalidInput as error:
        raise InvalidInput(read.placed(error.findings)) from error


def _read_in_turn(content: bytes, file: str) -> PlacedDay:
    with _held(_ROOM, 0), _held(_TURNS, PATIENCE_S):
        return read_placed_tables(content, file=file)


@contextmanager
def _held(places: BoundedSemaphore, patience_s: float) -> Generator[None]:
    if not places.acquire(timeout=patience_s):
        raise Unavailable("import.busy")
    try:
        yield
    finally:
        places.release()
