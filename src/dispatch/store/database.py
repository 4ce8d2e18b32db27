"""The database: where it is, that it may be trusted, and units of work on it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeAlias

from psycopg import Error
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    InterfaceError,
    InternalError,
    InvalidatePoolError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from dispatch.domain.actor import Actor
from dispatch.errors import InvalidValue, Unavailable
from dispatch.store.durability import check_durability
from dispatch.store.scope import guard, narrow, set_scope
from dispatch.store.untold import remember
from dispatch.store.work import Work, stale_told

Clock: TypeAlias = Callable[[], datetime]

DRIVER = "postgresql+psycopg"
CONNECT_S = 5
PATIENCE = "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
"""How long a transaction waits for another, works, or holds others up."""
BUSY = {"55P03": "lock", "40P01": "deadlock", "57014": "time", "25P03": "time", "40001": "order"}
"""What PostgreSQL says when somebody else is in the way (its manual, appendix A)."""
RESTED, SURE_S = "rested", 1.0
"""Under this name a connection keeps since when it is idle; for so long it is taken to be there."""
POOL = 10
"""Connections that stay open; as many again come and go."""


def wall_clock() -> datetime:
    """Now."""
    return datetime.now(UTC)  # noqa: TID251 - here is the clock that everything else is given


class Database:
    """A PostgreSQL database with our tables in it."""

    def __init__(self, url: str, *, clock: Clock = wall_clock, pool: int = POOL) -> None:
        """Connect to nothing yet.

        Raises
        ------
        InvalidValue
            ``store.url``: not the address of a PostgreSQL database.
        """
        self.clock = clock
        self.url = database_url(url)
        self.engine: Engine = create_engine(
            self.url,
            pool_size=pool,
            max_overflow=pool,
            hide_parameters=True,
            connect_args={"connect_timeout": CONNECT_S, "options": PATIENCE},
        )
        event.listen(self.engine, "checkin", _rest)
        event.listen(self.engine, "checkout", self._rouse)
        self._new_session = sessionmaker(self.engine, expire_on_commit=False)
        event.listen(self._new_session, "do_orm_execute", narrow)
        event.listen(self._new_session, "before_flush", guard)
        event.listen(self._new_session, "after_flush", remember)

    def check(self) -> None:
        """See that it answers, and keeps what it acknowledges.

        Raises
        ------
        Unavailable
            ``store.no-answer``.
        InvalidInput
            As :func:`dispatch.store.durability.check_durability`.
        """
        with self.connect() as connection:
            check_durability(connection)

    def _rouse(self, connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        """See that a connection is there still, if it has not been used for a while.

        All of them are made anew if it is not. To ask before each use would take as long as many a
        statement; one that has broken since is told of as ``store.no-answer``.
        """
        if monotonic() - record.info.get(RESTED, monotonic()) <= SURE_S:
            return
        try:
            self.engine.dialect.do_ping(connection)
        except Error as error:
            raise InvalidatePoolError from error

    @contextmanager
    def connect(self) -> Generator[Connection]:
        """A connection in a transaction that is undone, unless it is committed."""
        with _reachable(self.url), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def work(self, actor: Actor) -> Generator[Work]:
        """A unit of work by somebody, who sees their outlets only."""
        with _reachable(self.url), self._new_session() as session, stale_told():
            set_scope(session, actor.outlets)
            yield Work(session, actor, self.clock())

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _rest(_: Any, record: ConnectionPoolEntry) -> None:
    record.info[RESTED] = monotonic()


def database_url(given: str) -> URL:
    """The address with the driver that we use.

    Raises
    ------
    InvalidValue
        ``store.url``. The address itself is not repeated: it may hold a password.
    """
    try:
        url = make_url(given)
    except ArgumentError:
        raise InvalidValue("store.url") from None
    if url.get_backend_name() != "postgresql" or not url.database:
        raise InvalidValue("store.url")
    return url.set(drivername=DRIVER)


@contextmanager
def _reachable(url: URL) -> Generator[None]:
    """Say in our words that the server is not there."""
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("store.busy", reason="pool") from error
    except (OperationalError, InterfaceError, InternalError) as error:
        state = getattr(error.orig, "sqlstate", None)
        if state in BUSY:
            raise Unavailable("store.busy", reason=BUSY[state]) from error
        if isinstance(error, InternalError):
            raise
        if (
            isinstance(error, OperationalError)
            and not error.connection_invalidated
            and state is not None
        ):
            raise  # the server answered: it was the statement
        raise Unavailable(
            "store.no-answer",
            address=url.render_as_string(hide_password=True),
            reason=" ".join(str(error.orig).split())[:300],
        ) from error
