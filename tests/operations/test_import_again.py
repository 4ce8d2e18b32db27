"""A file that comes every night, and jobs that have changed in the record meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from tests.databases import OWNER
from tests.operations.boards import Desk
from tests.operations.phones import K, say, whole
from tests.planning.made import day as made_day
from tests.planning.made import job, technician

from dispatch.domain.action import NotDone
from dispatch.domain.actor import Actor
from dispatch.domain.day import Day
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.operations.import_day import Imported, import_day
from dispatch.operations.jobs.decide import cancel_job
from dispatch.operations.jobs.split import Part, split_job
from dispatch.store.audit import audit
from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow

LONG = job("J1", duration_s=7_200)
HALVES = [Part(duration_s=3_600), Part(duration_s=3_600)]
PEOPLE = [technician("T1"), technician("T2")]
PLANNED = made_day([LONG, job("J2")], PEOPLE)
"""What the file says at first."""
OTHERWISE = replace(PLANNED, jobs=(replace(LONG, name="Tap", priority=1), job("J2")))


@pytest.fixture
def first(database: Database) -> JobRow:
    """The long job, as the file brought it in."""
    Desk(database).imported(PLANNED)
    return found(database)


def found(database: Database, key: str = "J1") -> JobRow:
    with database.work(OWNER) as work:
        row = work.by_key(JobRow, key)
        assert row.visits
        return row


def warned(imported: Imported) -> list[tuple[str, str | None, str]]:
    """Code, place and severity of what is said of jobs."""
    return [
        (finding.code, finding.place.pointer, finding.severity)
        for finding in imported.findings
        if finding.code.startswith("import.")
    ]


def counts(imported: Imported) -> Sequence[int]:
    merged = imported.kinds["job"]
    return merged.added, merged.changed, merged.same


def events(database: Database) -> int:
    with database.work(OWNER) as work:
        return work.session.scalar(select(func.count()).select_from(EventRow)) or 0


@pytest.mark.parametrize("file", [PLANNED, OTHERWISE], ids=["same", "otherwise"])
@pytest.mark.parametrize("preview", [True, False])
def test_a_cancelled_job_stays_cancelled_and_the_sender_is_told(
    database: Database, first: JobRow, file: Day, preview: bool
) -> None:
    cancel_job(database, OWNER, first.id, why="called off")
    before = events(database)
    imported = import_day(database, OWNER, file, preview=preview)
    assert warned(imported) == [("import.job.cancelled", "/jobs/0", "warning")]
    assert counts(imported) == (0, 0, 2)
    row = found(database)
    assert (row.state, row.name) == (JobState.CANCELLED, "")
    assert [visit.state for visit in row.visits] == [VisitState.CANCELLED]
    assert events(database) == before
    assert audit(database).findings == ()


def test_another_job_of_the_same_file_is_changed(database: Database, first: JobRow) -> None:
    cancel_job(database, OWNER, first.id, why="called off")
    file = replace(OTHERWISE, jobs=(OTHERWISE.jobs[0], job("J2", priority=5), job("J3")))
    imported = import_day(database, OWNER, file)
    assert counts(imported) == (1, 1, 1)
    assert found(database, "J2").priority == 5


@pytest.mark.parametrize("last", [K.COMPLETE, K.NOT_DONE])
def test_what_is_over_is_left_and_told_of_only_if_it_differs(
    database: Database, visit: VisitRow, last: K
) -> None:
    """Completed, or not done and then cancelled."""
    reason = NotDone.NO_ACCESS if last is K.NOT_DONE else None
    *before, end = whole(visit, last)
    say(database, visit, *before, replace(end, reason=reason))
    if last is K.NOT_DONE:
        cancel_job(database, OWNER, visit.job_id, why="in vain")
    told = [] if last is K.COMPLETE else [("import.job.cancelled", "/jobs/0", "warning")]
    assert warned(import_day(database, OWNER, made_day([job("J1")], PEOPLE))) == told
    imported = import_day(database, OWNER, made_day([job("J1", priority=5)], PEOPLE))
    code = "import.job.over" if last is K.COMPLETE else "import.job.cancelled"
    assert warned(imported) == [(code, "/jobs/0", "warning")]
    assert counts(imported) == (0, 0, 1)
    row = found(database)
    assert row.priority == job("J1").priority
    assert not {visit.state for visit in row.visits} & {VisitState.UNSCHEDULED}


@pytest.mark.parametrize("file", [PLANNED, OTHERWISE], ids=["same", "otherwise"])
def test_a_split_job_stays_split(database: Database, first: JobRow, file: Day) -> None:
    split_job(database, OWNER, first.id, HALVES)
    said = found(database).said
    imported = import_day(database, OWNER, file)
    assert warned(imported) == [("import.job.split", "/jobs/0", "warning")]
    assert counts(imported) == (0, 0, 2)
    assert found(database).said == said
    with database.work(OWNER) as work:
        jobs = work.session.scalars(select(JobRow)).all()
        assert sum(row.said.get("duration_s") or 0 for row in jobs) == LONG.duration_s


def test_who_sees_an_outlet_is_told_as_well(database: Database, first: JobRow) -> None:
    """Its log may have been written when the job was another outlet's."""
    with database.work(OWNER) as work:
        home = work.session.scalars(select(OutletRow)).one()
    split_job(database, OWNER, first.id, HALVES)
    desk = replace(OWNER, outlets=frozenset({home.id}))
    assert isinstance(desk, Actor)
    imported = import_day(database, desk, PLANNED)
    assert warned(imported) == [("import.job.split", "/jobs/0", "warning")]
