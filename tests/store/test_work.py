"""A unit of work: all of it or nothing, and nobody overwrites what they have not seen."""

from __future__ import annotations

from time import sleep

import pytest
from sqlalchemy import text
from tests.databases import OWNER

from dispatch.errors import Missing, Stale, Unavailable
from dispatch.store import database as database_module
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.technicians import SkillRow
from dispatch.store.work import expect


def add_skill(database: Database) -> SkillRow:
    with database.work(OWNER) as work:
        row = SkillRow(key="gas", name="Gas")
        work.session.add(row)
        work.commit()
    return row


def test_without_a_commit_nothing_happens(database: Database) -> None:
    with database.work(OWNER) as work:
        work.session.add(SkillRow(key="gas"))
        work.session.flush()
    with database.work(OWNER) as work, pytest.raises(Missing):
        work.by_key(SkillRow, "gas")


END_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_connections_that_broke_while_nobody_used_them_are_made_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    monkeypatch.setattr(database_module, "SURE_S", -1.0)
    row = add_skill(database)
    with other.connect() as connection:
        connection.execute(END_OTHERS)
    other.close()
    with database.work(OWNER) as work:
        assert work.get(SkillRow, row.id).name == "Gas"


def test_one_that_has_only_just_broken_is_told_of_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    monkeypatch.setattr(database_module, "SURE_S", 60.0)
    row = add_skill(database)
    with other.connect() as connection:
        connection.execute(END_OTHERS)
    other.close()
    with pytest.raises(Unavailable) as told, database.work(OWNER) as work:
        work.get(SkillRow, row.id)
    assert told.value.code == "store.no-answer"
    with database.work(OWNER) as work:
        assert work.get(SkillRow, row.id).name == "Gas"


def test_every_change_counts_the_version_up(database: Database) -> None:
    row = add_skill(database)
    assert row.version == 1
    with database.work(OWNER) as work:
        found = work.get(SkillRow, row.id)
        found.name = "Gas, indoors"
        work.commit()
        assert found.version == 2


def test_of_two_who_change_one_row_the_slower_is_told(database: Database) -> None:
    row = add_skill(database)
    with database.work(OWNER) as slow:
        theirs = slow.get(SkillRow, row.id)
        with database.work(OWNER) as quick:
            quick.get(SkillRow, row.id).name = "quick"
            quick.commit()
        theirs.name = "slow"
        with pytest.raises(Stale):
            slow.commit()
    with database.work(OWNER) as work:
        assert work.get(SkillRow, row.id).name == "quick"


def test_whoever_read_an_older_version_is_told(database: Database) -> None:
    row = add_skill(database)
    with database.work(OWNER) as work:
        found = work.get(SkillRow, row.id, lock=True)
        expect(found, None)
        expect(found, 1)
        with pytest.raises(Stale):
            expect(found, 2)


def test_what_is_not_there_is_missing(database: Database) -> None:
    with database.work(OWNER) as work, pytest.raises(Missing) as missing:
        work.get(SkillRow, new_id())
    assert missing.value.values["kind"] == "skill"


def idle(database: Database) -> None:
    """For longer than the server lets anybody keep others waiting."""
    with database.work(OWNER) as work:
        work.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 50"))
        sleep(0.5)
        work.session.execute(text("SELECT 1"))


def test_who_has_kept_others_waiting_too_long_is_told_to_come_again(database: Database) -> None:
    """The server ends such a transaction, and no error of its own reaches anybody."""
    with pytest.raises(Unavailable) as told:
        idle(database)
    assert (told.value.code, told.value.values["reason"]) == ("store.busy", "time")
    with database.work(OWNER) as work:
        assert work.session.scalar(text("SELECT 1")) == 1
