"""Bringing the tables of a database to what this version needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from dispatch.errors import Unavailable
from dispatch.store.database import Database
from dispatch.store.locks import Lock, hold

FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database, to: str = "head") -> None:
    """Upgrade the tables, or downgrade them to an older revision; all or nothing.

    Raises
    ------
    Unavailable
        ``store.newer``: the tables are those of a later version of the product.
    """
    with database.connect() as connection:
        for patience in ("lock_timeout", "statement_timeout"):
            connection.execute(text(f"SET LOCAL {patience} = 0"))
        hold(connection, Lock.MIGRATE)
        script = ScriptDirectory.from_config(_config(connection))
        found = revision(connection)
        known = {entry.revision for entry in script.walk_revisions()}
        if found is not None and found not in known:
            raise Unavailable("store.newer", revision=found)
        if found is not None and to != "head" and _is_older(script, to, found):
            command.downgrade(_config(connection), to)
        else:
            command.upgrade(_config(connection), to)
        connection.commit()


def revision(connection: Connection) -> str | None:
    """Which revision the tables have; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def newest(connection: Connection) -> str:
    """Which revision this version of the product needs."""
    return str(ScriptDirectory.from_config(_config(connection)).get_current_head())


def _is_older(script: ScriptDirectory, to: str, found: str) -> bool:
    if to == "base":
        return True
    return to != found and any(
        entry.revision == to for entry in script.iterate_revisions(found, "base")
    )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
