"""Looking at the whole record, as it is at one moment, however long that takes."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from dispatch.store.database import Database


@contextmanager
def still(database: Database) -> Generator[Connection]:
    """A transaction that changes nothing and sees the record as it is now, as long as it lasts."""
    with database.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        be_patient(connection)
        yield connection


def be_patient(connection: Connection) -> None:
    """Let this transaction work and wait as long as it needs."""
    for patience in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {patience} = 0"))
