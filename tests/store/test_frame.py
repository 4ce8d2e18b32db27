"""Which id has which key, without reading all there is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event, select
from tests.databases import OWNER
from tests.operations.boards import DATE, Desk, two_technicians

from dispatch.errors import Missing
from dispatch.operations.jobs.create import edit_job
from dispatch.store.board import span_of, zone_of
from dispatch.store.database import Database
from dispatch.store.kinds.kind import Frame
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.work import Work


def frame_of(work: Work) -> Frame:
    return Frame(work.session, span_of(DATE, zone_of(work.session)))


def listened(database: Database) -> list[str]:
    asked: list[str] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda *given: asked.append(" ".join(given[2].split())),
    )
    return asked


def test_what_has_been_learned_is_not_asked_for_again(database: Database) -> None:
    Desk(database).imported(two_technicians())
    with database.work(OWNER) as work:
        ids = {row.key: row.id for row in work.session.execute(select(JobRow.key, JobRow.id))}
        frame = frame_of(work)
        frame.learn_ids(JobRow, list(ids))
        asked = listened(database)
        assert {frame.of(JobRow, key): key for key in ids} == {id_: key for key, id_ in ids.items()}
        assert [frame.key(JobRow, id_) for id_ in ids.values()] == list(ids)
        assert asked == []


def test_what_is_not_there_is_missing_and_what_is_added_is_there(database: Database) -> None:
    Desk(database).imported(two_technicians())
    with database.work(OWNER) as work:
        frame = frame_of(work)
        with pytest.raises(Missing, match="J9"):
            frame.of(JobRow, "J9")
        row = work.session.scalars(select(JobRow).where(JobRow.key == "J1")).one()
        row.key = "J9"
        frame.add(row)
        assert (frame.of(JobRow, "J9"), frame.key(JobRow, row.id)) == (row.id, "J9")


def test_whoever_edits_a_job_does_not_read_all_sites(database: Database) -> None:
    day = two_technicians()
    Desk(database).imported(day)
    with database.work(OWNER) as work:
        row = work.session.scalars(select(JobRow).where(JobRow.key == "J1")).one()
        id_, version = row.id, row.version
    asked = listened(database)
    job = replace(day.jobs_by_id["J1"], site="west")
    edit_job(database, OWNER, id_, job, expected=version)
    keys = [query for query in asked if query.startswith(("SELECT site.id,", "SELECT job.id,"))]
    assert keys
    assert all("WHERE" in query for query in keys)
    with database.work(OWNER) as work:
        assert work.get(SiteRow, work.get(JobRow, id_).site_id).key == "west"
