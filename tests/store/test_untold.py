"""The log has what a row has changed, whenever it was sent to the database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.databases import OWNER

from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.technicians import SkillRow


@pytest.fixture
def skill(database: Database) -> SkillRow:
    with database.work(OWNER) as work:
        row = SkillRow(key="gas", name="Gas")
        work.session.add(row)
        return work.commit(row)


def told(database: Database, *, first: int = 2) -> list[tuple[Any, Any]]:
    """Before and after of the events from one on; the first is of the skill that is there."""
    with database.work(OWNER) as work:
        query = select(EventRow).where(EventRow.number >= first).order_by(EventRow.number)
        return [(row.before, row.after) for row in work.session.scalars(query)]


@pytest.mark.parametrize("sent", [False, True])
def test_a_change_is_told_also_after_it_was_sent_off(
    skill: SkillRow, database: Database, sent: bool
) -> None:
    with database.work(OWNER) as work:
        row = work.get(SkillRow, skill.id)
        row.name = "Gas, indoors"
        if sent:
            work.session.flush()
        work.note("skill.changed", row)
        work.commit()
    assert told(database) == [({"name": "Gas"}, {"name": "Gas, indoors"})]


def test_a_new_row_is_told_whole_also_after_it_was_sent_off(database: Database) -> None:
    with database.work(OWNER) as work:
        row = SkillRow(key="gas", name="Gas")
        work.session.add(row)
        work.session.flush()
        work.note("skill.added", row)
        work.commit()
    assert told(database, first=1) == [(None, {"key": "gas", "name": "Gas", "active": True})]


@pytest.mark.parametrize("sent", [False, True])
def test_what_was_told_is_not_told_again(skill: SkillRow, database: Database, sent: bool) -> None:
    with database.work(OWNER) as work:
        row = work.get(SkillRow, skill.id)
        for name in ("one", "two"):
            row.name = name
            work.note("skill.changed", row)
            if sent:
                work.session.flush()
            work.note("skill.changed", row)
        work.commit()
    assert told(database) == [
        ({"name": "Gas"}, {"name": "one"}),
        ({"name": "one"}, {"name": "two"}),
    ]


def test_changes_between_are_told_as_one(skill: SkillRow, database: Database) -> None:
    with database.work(OWNER) as work:
        row = work.get(SkillRow, skill.id)
        for name in ("one", "two", "three"):
            row.name = name
            work.session.flush()
        work.note("skill.changed", row)
        work.commit()
    assert told(database) == [({"name": "Gas"}, {"name": "three"})]


def test_what_is_known_only_when_it_is_sent_off_is_told_as_well(database: Database) -> None:
    """Defaults, and the ids of rows that it hangs on."""
    with database.work(OWNER) as work:
        row = SkillRow(id=new_id(), key="gas")
        work.session.add(row)
        work.note("skill.added", row)
        assert row.name is None
        work.commit()
    assert told(database, first=1) == [(None, {"key": "gas", "name": "", "active": True})]


def test_what_nobody_notes_is_told_when_the_work_ends(skill: SkillRow, database: Database) -> None:
    with database.work(OWNER) as work:
        row = work.get(SkillRow, skill.id)
        row.name = "Gas, indoors"
        work.session.flush()
        row.key = "gas-in"
        work.commit()
    with database.work(OWNER) as work:
        work.session.delete(work.get(SkillRow, skill.id))
        work.commit()
    assert told(database, first=1) == [
        (None, {"key": "gas", "name": "Gas", "active": True}),
        ({"name": "Gas", "key": "gas"}, {"name": "Gas, indoors", "key": "gas-in"}),
        ({"name": "Gas, indoors", "key": "gas-in", "active": True}, None),
    ]


def test_what_is_taken_back_after_it_was_told_is_told(skill: SkillRow, database: Database) -> None:
    with database.work(OWNER) as work:
        row = work.get(SkillRow, skill.id)
        row.name = "one"
        work.note("skill.changed", row)
        row.name = "Gas"
        work.commit()
    assert told(database) == [
        ({"name": "Gas"}, {"name": "one"}),
        ({"name": "one"}, {"name": "Gas"}),
    ]


def test_what_is_made_and_deleted_in_one_work_is_not_told(
    skill: SkillRow, database: Database
) -> None:
    with database.work(OWNER) as work:
        row = SkillRow(key="power", name="Power")
        work.session.add(row)
        work.session.flush()
        work.session.delete(row)
        work.commit()
    assert told(database) == []
