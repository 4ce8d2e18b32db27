"""The tables that migrations make are those that the code knows."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from dispatch.errors import Unavailable
from dispatch.store.database import Database
from dispatch.store.migrate import migrate, revision
from dispatch.store.tables import METADATA


def test_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []


def test_migrating_down_leaves_nothing_and_up_again_makes_everything(
    bare_database: Database,
) -> None:
    migrate(bare_database)
    migrate(bare_database, "base")
    with bare_database.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        functions = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        assert connection.execute(text(functions)).scalar() == 0
    migrate(bare_database)
    with bare_database.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_migrating_what_is_migrated_changes_nothing(database: Database) -> None:
    with database.connect() as connection:
        before = revision(connection)
    migrate(database)
    with database.connect() as connection:
        assert revision(connection) == before is not None


def test_tables_of_a_later_version_are_left_alone(database: Database) -> None:
    with database.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(Unavailable) as refused:
        migrate(database)
    assert refused.value.code == "store.newer"
