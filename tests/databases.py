"""Databases for tests: a real server, and for each test a database of its own."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from sqlalchemy import Dialect

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.store.database import Database
from dispatch.store.embedded import Embedded
from dispatch.store.migrate import migrate

TEMPLATE = "migrated"
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
"""Each test has a database copied, and waits for a disk until it is safe there; memory is quicker.
Where a server keeps its rows changes nothing of what it does."""
_number = count(1)
_SPOKEN: dict[str, tuple[Dialect, dict[Any, Any]]] = {}
"""How the first database speaks, and what has been written for it."""

OWNER = Actor(kind=ActorKind.ACCOUNT, id="owner", source=Source.CLI)
"""Who sees everything."""


class SetClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 6, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def database_server() -> Generator[Embedded]:
    """A server with a database that has all tables, to be copied."""
    with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        server = Embedded(Path(folder) / "db")
        _execute(server, f"CREATE DATABASE {TEMPLATE}")
        template = alike(Database(server.url(TEMPLATE)))
        migrate(template)
        template.close()
        yield server
        server.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def database(database_server: Embedded, clock: SetClock) -> Generator[Database]:
    """A database with all tables and nothing in them."""
    with empty_database(database_server, TEMPLATE) as url:
        found = alike(Database(url, clock=clock))
        yield found
        found.close()


@pytest.fixture
def bare_database(database_server: Embedded) -> Generator[Database]:
    """A database without tables."""
    with empty_database(database_server) as url:
        found = Database(url)
        yield found
        found.close()


@contextmanager
def empty_database(server: Embedded, template: str | None = None) -> Generator[str]:
    """A database that is gone afterwards: with nothing in it, or a copy of another.

    Copied by files, in half the time that it takes through the log of what is written.
    """
    name, how = f"test_{next(_number)}", f"TEMPLATE {template} STRATEGY FILE_COPY"
    _execute(server, f"CREATE DATABASE {name} {how if template else ''}")
    yield server.url(name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def alike(database: Database) -> Database:
    """Let it write its statements as the databases before it, which takes a while each time."""
    dialect, written = _SPOKEN.setdefault("postgresql", (database.engine.dialect, {}))
    database.engine.dialect = dialect
    database.engine.update_execution_options(compiled_cache=written)
    return database


def _execute(server: Embedded, statement: str) -> None:
    address = server.url("postgres").replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
