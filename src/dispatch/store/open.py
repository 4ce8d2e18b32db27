"""The record, wherever it is kept: found, looked at, and brought to what this version needs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import text

from dispatch.errors import Finding, InvalidInput
from dispatch.store.database import Clock, Database, wall_clock
from dispatch.store.embedded import SUPERUSER, Embedded
from dispatch.store.migrate import migrate

MOST_OFF_S = 5
"""Whoever is silent for half a minute is taken for gone, and all that happens has a time."""


@contextmanager
def opened(url: str | None, folder: Path, *, clock: Clock = wall_clock) -> Generator[Database]:
    """A database that may be trusted, with all tables; let go of when it is not needed any more.

    Raises
    ------
    InvalidValue, InvalidInput, Unavailable
        As :func:`reached`; or it is of a later version (``store.newer``).
    """
    with reached(url, folder, clock=clock) as database:
        migrate(database)
        yield database


@contextmanager
def reached(url: str | None, folder: Path, *, clock: Clock = wall_clock) -> Generator[Database]:
    """The same with whatever is in it by now: nothing, or the tables of any version.

    Parameters
    ----------
    url
        Of a PostgreSQL database; without one, a server of our own is started in ``folder``.

    Raises
    ------
    InvalidValue, InvalidInput, Unavailable
        It is no address of one (``store.url``), may lose rows (``store.setting``,
        ``store.too-old``), has another time than we (``store.clock``), or does not answer
        (``store.no-answer``, ``store.embedded``).
    """
    with ExitStack() as stack:
        if url is None:
            embedded = Embedded(folder)
            stack.callback(embedded.close)
            url = embedded.url(SUPERUSER)
        database = Database(url, clock=clock)
        stack.callback(database.close)
        database.check()
        if clock is wall_clock:
            check_clock(database)
        yield database


def check_clock(database: Database) -> None:
    """See that this machine and the database's have the same time.

    Raises
    ------
    InvalidInput
        ``store.clock``
    """
    with database.connect() as connection:
        theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    off_s = round((database.clock() - theirs).total_seconds())
    if abs(off_s) > MOST_OFF_S:
        raise InvalidInput([Finding("store.clock", values={"seconds": off_s})])
