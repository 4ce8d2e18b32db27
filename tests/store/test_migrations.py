"""The tables that migrations make are those that the code knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, literal_column, select, table, text
from sqlalchemy.exc import IntegrityError
from tests.api.furnished import LABOUR, made, say
from tests.api.outlets import World

from dispatch.api.access import CUSTOMER_LINK
from dispatch.errors import Unavailable
from dispatch.store.database import Database
from dispatch.store.embedded import Embedded
from dispatch.store.migrate import FOLDER, migrate, revision
from dispatch.store.tables import METADATA

EMPTY = {"pending_sign_in", "unknown_login"}
"""Rows that are there for a short while only, while somebody is at an identity provider, or after a
login that nobody has; good people leave none."""
SAID_OTHERWISE = {("charge", "how")}
"""An older version has no word for it, and keeps the nearest."""

Record = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def made_once(
    database_server: Embedded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    world = World(database_server, tmp_path_factory.mktemp("evidence"))
    yield world
    world.end()


@pytest.fixture
def filled(made_once: World) -> World:
    """Two outlets in which everything has happened once."""
    made_once.anew()
    here, owner = made_once.here, made_once.clients["owner"]
    manager, customer = made_once.clients["manager"], made_once.clients[CUSTOMER_LINK]
    charge = made(manager, f"/jobs/{here.things['done_job']}/charges", LABOUR)
    yes = {"approve": True, "customer": "Li"}
    made(customer, f"/link/charges/{charge['charges'][-1]['id']}/decide", yes)
    right = {"points": 5, "reason": "The miss was ours."}
    made(manager, f"/technicians/{here.people['A1']}/credit", right)
    made(manager, f"/jobs/{here.things['job']}/completion-code", {})
    who = f"/technicians/{here.people['A2']}"
    rules = owner.get("/pool-rules")
    for path, seen, said in (
        ("/pool-rules", rules, {**rules.json(), "bids_s": 20}),
        (f"{who}/skills/gas", owner.get(who), {"level": 3}),
    ):
        tag = {"If-Match": seen.headers["ETag"]}
        assert owner.ask("PUT", path, json=said, headers=tag).is_success, path
    return made_once


def record(database: Database) -> Record:
    """Every row of every table."""
    with database.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return {
            name: list(
                connection.scalars(
                    select(func.to_jsonb(literal_column("t"))).select_from(table(name).alias("t"))
                )
            )
            for name in sorted(names)
        }


def lost(before: Record, after: Record) -> list[str]:
    """What is not as it was in the tables and columns that both have."""
    wrong = []
    for kept in sorted(before.keys() & after.keys()):
        rows = [*before[kept], *after[kept]]
        columns = set(rows[0]).intersection(*rows) if rows else set()
        columns -= {column for name, column in SAID_OTHERWISE if name == kept}
        was, now = (
            sorted(str([row[column] for column in sorted(columns)]) for row in side[kept])
            for side in (before, after)
        )
        if was != now:
            wrong.append(kept)
    return wrong


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


def test_each_step_down_and_up_again_keeps_what_both_sides_have_room_for(filled: World) -> None:
    database = filled.database
    whole = record(database)
    assert {name for name, rows in whole.items() if not rows} == EMPTY
    steps = list(ScriptDirectory(str(FOLDER)).walk_revisions())
    for step in steps[:-1]:
        above = record(database)
        assert isinstance(step.down_revision, str)
        migrate(database, step.down_revision)
        below = record(database)
        assert lost(above, below) == [], step.revision
        migrate(database, step.revision)
        assert lost(below, record(database)) == [], step.revision
        assert record(database).keys() == above.keys()
        migrate(database, step.down_revision)
    migrate(database)
    assert lost(below, record(database)) == []
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_what_is_lost_is_seen() -> None:
    before: Record = {"kept": [{"id": 1, "new": 2}, {"id": 2, "new": 3}], "new": [{"id": 1}]}
    assert lost(before, {"kept": [{"id": 2}, {"id": 1}]}) == []
    assert lost(before, {"kept": [{"id": 2}]}) == ["kept"]
    assert lost(before, {"kept": [{"id": 1}, {"id": 3}]}) == ["kept"]


def test_a_step_down_that_has_no_room_for_a_pause_changes_nothing(filled: World) -> None:
    database, here = filled.database, filled.here
    say(here.phone(1), "A-pause", here.own["visit"], "depart", "check_in", "start", "pause")
    before = record(database)
    with pytest.raises(IntegrityError):
        migrate(database, "0017")
    assert record(database) == before


def test_when_visits_ended_is_known_again_after_a_way_down(filled: World) -> None:
    before = record(filled.database)["visit"]
    assert any(visit["ended_at"] for visit in before)
    migrate(filled.database, "0029")
    migrate(filled.database)
    after = record(filled.database)["visit"]
    assert sorted(map(str, after)) == sorted(map(str, before))


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
