"""Jobs never wait for one another in a circle, by whatever way they come to wait."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import Desk
from tests.planning.made import day as made_day
from tests.planning.made import job, technician

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.day import Day
from dispatch.domain.job import Dependency, Job
from dispatch.errors import InvalidInput, Refused
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.create import edit_job
from dispatch.operations.jobs.decide import cancel_job
from dispatch.operations.jobs.split import Part, split_job
from dispatch.store.database import Database
from dispatch.store.reach import renew_reach
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow


def waiting(name: str, *before: str) -> Job:
    return job(name, dependencies=tuple(Dependency(job=key) for key in before))


def file(*jobs: Job) -> Day:
    return made_day(jobs, [technician()])


def edit(database: Database, changed: Job, actor: Actor = OWNER) -> None:
    with database.work(OWNER) as work:
        found = work.by_key(JobRow, changed.id).id
    edit_job(database, actor, found, changed, expected=None)


def refused(database: Database, changed: Job, actor: Actor = OWNER) -> set[str]:
    """Which jobs are told."""
    with pytest.raises(Refused) as error:
        edit(database, changed, actor)
    assert error.value.code == "job.dependency-cycle"
    first, *rest = str(error.value.values["circle"]).split(" → ")
    assert rest[-1] == first
    return set(rest)


def waits(database: Database) -> dict[str, Sequence[str]]:
    with database.work(OWNER) as work:
        rows = work.session.scalars(select(JobRow).order_by(JobRow.key))
        return {
            row.key: [entry["job"] for entry in row.said.get("dependencies", ())] for row in rows
        }


@pytest.fixture
def desk(database: Database) -> Desk:
    """B waits for A, and C for B; D for nothing."""
    jobs = [waiting("A"), waiting("B", "A"), waiting("C", "B"), waiting("D")]
    return Desk(database).imported(file(*jobs))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (waiting("A", "A"), {"A"}),
        (waiting("A", "B"), {"A", "B"}),
        (waiting("A", "D", "C"), {"A", "B", "C"}),
    ],
)
def test_an_edit_that_closes_a_circle_is_refused(
    database: Database, desk: Desk, changed: Job, told: set[str]
) -> None:
    before = waits(database)
    assert refused(database, changed) == told
    assert waits(database) == before


def test_an_edit_without_one_is_taken_and_the_day_is_published(
    database: Database, desk: Desk
) -> None:
    edit(database, waiting("A", "D"))
    edit(database, waiting("C", "A", "B"))
    assert waits(database) == {"A": ["D"], "B": ["A"], "C": ["A", "B"], "D": []}
    desk.publish(desk.plan())


def test_a_circle_with_jobs_that_a_file_leaves_alone_refuses_it(
    database: Database, desk: Desk
) -> None:
    """B is split, so the file does not change it: its first go waits for A still."""
    with database.work(OWNER) as work:
        second = work.by_key(JobRow, "B").id
    split_job(database, OWNER, second, [Part(duration_s=1_800), Part(duration_s=1_800)])
    before = waits(database)
    with pytest.raises(InvalidInput) as error:
        import_day(database, OWNER, file(waiting("D"), waiting("B"), waiting("A", "B")))
    (found,) = error.value.findings
    assert (found.code, found.place.pointer) == ("job.dependency-cycle", "/jobs/1/dependencies")
    assert set(str(found.values["circle"]).split(" → ")) == {"A", "B", "B.1"}
    assert waits(database) == before
    import_day(database, OWNER, file(waiting("D"), waiting("B"), waiting("A", "D")))


def test_a_file_turns_jobs_round(database: Database, desk: Desk) -> None:
    """All of them are in it, so nothing of before is left."""
    import_day(database, OWNER, file(waiting("A", "B"), waiting("B", "C"), waiting("C")))
    assert waits(database) == {"A": ["B"], "B": ["C"], "C": [], "D": []}


def test_a_job_that_is_over_still_waits(database: Database, desk: Desk) -> None:
    with database.work(OWNER) as work:
        second = work.by_key(JobRow, "B").id
    cancel_job(database, OWNER, second, why="no need")
    assert refused(database, waiting("A", "B")) == {"A", "B"}


def test_of_two_who_close_a_circle_together_one_is_refused(database: Database, desk: Desk) -> None:
    Desk(database).imported(file(waiting("A"), waiting("B")))

    def tried(changed: Job) -> bool:
        try:
            edit(database, changed)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(tried, [waiting("A", "B"), waiting("B", "A")]))
    assert sorted(done) == [False, True]


def test_jobs_of_others_in_a_circle_are_not_named(database: Database, desk: Desk) -> None:
    """B is another outlet's, between two that the actor sees."""
    with database.work(OWNER) as work:
        root = work.by_key(JobRow, "A").outlet_id
        other = OutletRow(key="other", parent_id=root)
        work.session.add(other)
        renew_reach(work.session)
        for key in ("A", "C", "D"):
            row = work.by_key(JobRow, key)
            row.outlet_id = row.visits[0].outlet_id = other.id
        work.by_key(SiteRow, "east").outlet_id = other.id
        outlet = other.id
        work.commit()
    desk_of = Actor(
        kind=ActorKind.ACCOUNT, id="other", source=Source.API, outlets=frozenset([outlet])
    )
    assert refused(database, waiting("A", "C"), desk_of) == {"A", "C", "…"}
