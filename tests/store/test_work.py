"""A unit of work: all of it or nothing, and nobody overwrites what they have not seen."""

from __future__ import annotations

import pytest
from tests.databases import OWNER

from dispatch.errors import Missing, Stale
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
