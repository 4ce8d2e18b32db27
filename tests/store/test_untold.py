"""The log has what a row has changed, whenever it was sent to the database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.databases import OWNER

from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.technicians import SkillRow


@pytest.fixture
def skill(database: Database) -> SkillRow:
    with database.work(OWNER) as work:
        row = SkillRow(key="gas", name="Gas")
        work.session.add(row)
        return work.commit(row)


def told(database: Database) -> list[tuple[Any, Any]]:
    with database.work(OWNER) as work:
        query = select(EventRow).order_by(EventRow.number)
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
    ((before, after),) = told(database)
    assert before is None
    assert (after["key"], after["name"]) == ("gas", "Gas")


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
