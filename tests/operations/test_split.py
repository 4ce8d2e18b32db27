"""A job done in several goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import DATE, TRAVEL, Desk
from tests.planning.made import REPAIR, at, job, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.job import Crew, Dependency, Job, Seat
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import InvalidValue, Refused, Stale
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.jobs.decide import hold_job
from dispatch.operations.jobs.split import Part, split_job
from dispatch.operations.pool.offer import offer_visit
from dispatch.store.board import span_of, zone_of
from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.snapshot import snapshot

LONG = job(
    "J1",
    duration_s=10_800,
    windows=(window(8, 9),),
    dependencies=(Dependency(job="J0"),),
    parts={"valve": 2},
    revenue_minor=1_000,
)
HALVES = [Part(duration_s=3_600), Part(duration_s=7_200)]


@pytest.fixture
def desk(database: Database) -> Desk:
    """J2 waits for the long job J1, which waits for J0."""
    jobs = [job("J0", duration_s=60), LONG, job("J2", dependencies=(Dependency(job="J1"),))]
    people = [technician("T1", capacity={"valve": 9}), technician("T2", capacity={"valve": 9})]
    day = made_day(jobs, people, job_types=(replace(REPAIR, fee_minor=100),))
    return Desk(database).imported(day)


def row(database: Database, key: str = "J1") -> JobRow:
    with database.work(OWNER) as work:
        found = work.by_key(JobRow, key)
        assert found.visits is not None
        return found


def planned(database: Database) -> dict[str, Job]:
    with database.work(OWNER) as work:
        return snapshot(work.session, "x", span_of(DATE, zone_of(work.session))).jobs_by_id


def code(do: Callable[[], object]) -> str:
    with pytest.raises((Refused, InvalidValue)) as error:
        do()
    assert isinstance(error.value, Refused | InvalidValue)
    return error.value.code


def test_the_job_is_the_last_of_its_goes_and_each_waits_for_the_one_before(
    desk: Desk, database: Database
) -> None:
    before = row(database)
    thirds = [Part(duration_s=3_600, id="J1-a"), Part(duration_s=3_600), Part(duration_s=3_600)]
    made = split_job(
        database, OWNER, before.id, thirds, min_delay_s=600, max_delay_s=7_200, why="drying"
    )
    assert made[-1] == before.id
    jobs = planned(database)
    assert [jobs[key].duration_s for key in ("J1-a", "J1.2", "J1")] == [3_600] * 3
    assert jobs["J1-a"].dependencies == (Dependency(job="J0"),)
    assert jobs["J1.2"].dependencies == (
        Dependency(job="J1-a", min_delay_s=600, max_delay_s=7_200),
    )
    assert [entry.job for entry in jobs["J1"].dependencies] == ["J1.2"]
    assert [entry.job for entry in jobs["J2"].dependencies] == ["J1"]
    assert [bool(jobs[key].windows) for key in ("J1-a", "J1.2", "J1")] == [True, False, False]
    assert [dict(jobs[key].parts) for key in ("J1-a", "J1.2", "J1")] == [{"valve": 2}, {}, {}]
    assert [jobs[key].revenue_minor for key in ("J1-a", "J1.2", "J1")] == [333, 333, 334]
    assert sum(jobs[key].fee_minor or 0 for key in ("J1-a", "J1.2", "J1")) == 100
    with database.work(OWNER) as work:
        event = work.session.scalars(select(EventRow).where(EventRow.kind == "job.split")).one()
    assert event.note == "drying"


def test_the_goes_are_planned_one_after_another(desk: Desk, database: Database) -> None:
    split_job(database, OWNER, row(database).id, HALVES, min_delay_s=1_800)
    assert desk.publish(desk.plan()).conflicts == ()
    first, last, after = (row(database, key).visits[0] for key in ("J1.1", "J1", "J2"))
    assert first.end_at is not None
    assert last.start_at is not None
    assert last.end_at is not None
    assert after.start_at is not None
    assert last.start_at >= first.end_at + timedelta(minutes=30)
    assert after.start_at >= last.end_at


def test_what_was_planned_or_offered_of_it_is_free_again(desk: Desk, database: Database) -> None:
    desk.publish(desk.plan())
    job_row = row(database)
    assert job_row.state is JobState.SCHEDULED
    split_job(database, OWNER, job_row.id, HALVES)
    assert row(database).state is JobState.OPEN
    assert [visit.state for visit in row(database).visits] == [VisitState.UNSCHEDULED]
    assert row(database, "J1.1").state is JobState.OPEN


def test_an_offer_of_it_is_withdrawn(database: Database) -> None:
    Desk(database).imported(made_day([job("J1")], [technician()]))
    visit = row(database).visits[0]
    offer = offer_visit(database, OWNER, visit.id, fee_minor=1, expires_at=at(12))
    assert row(database).state is JobState.OFFERED
    split_job(database, OWNER, row(database).id, [Part(duration_s=1_800)] * 2)
    with database.work(OWNER) as work:
        assert work.get(OfferRow, offer).state.value == "withdrawn"
    assert row(database).state is JobState.OPEN


def test_a_crew_goes_every_time_and_a_pin_holds_who_goes(database: Database) -> None:
    crew = Crew(seats=(Seat(), Seat()))
    Desk(database).imported(made_day([job("J1", crew=crew)], [technician("T1"), technician("T2")]))
    split_job(database, OWNER, row(database).id, [Part(duration_s=1_800)] * 2)
    assert [len(row(database, key).visits) for key in ("J1.1", "J1")] == [2, 2]
    uneven = replace(crew, seats=(Seat(duration_s=60), Seat()))
    Desk(database).imported(made_day([job("J9", crew=uneven)], [technician("T1")]))
    nine = row(database, "J9").id
    assert code(lambda: split_job(database, OWNER, nine, HALVES)) == "split.seats"


def test_what_cannot_be_split_stays_whole(desk: Desk, database: Database) -> None:
    job_row = row(database)
    split = split_job

    def given(*parts: Part, **more: int) -> Callable[[], object]:
        return lambda: split(database, OWNER, job_row.id, parts, **more)

    assert code(given(Part(duration_s=10_800))) == "value.range"
    assert code(given(*[Part(duration_s=10_800)] * 11)) == "value.range"
    assert code(given(Part(duration_s=1), Part(duration_s=2))) == "split.short"
    assert code(given(HALVES[0], replace(HALVES[1], id="x"))) == "split.last"
    assert code(given(replace(HALVES[0], id="J2"), HALVES[1])) == "key.taken"
    assert code(given(*HALVES, min_delay_s=5, max_delay_s=4)) == "dependency.delays"
    with pytest.raises(Stale):
        given(*HALVES, expected=job_row.version + 1)()
    assert set(planned(database)) == {"J0", "J1", "J2"}
    hold_job(database, OWNER, job_row.id, why="x")
    assert code(given(*HALVES)) == "state.job"


def test_a_job_that_has_begun_is_not_split(database: Database) -> None:
    Desk(database).imported(made_day([job("J1")], [technician("T1")]))
    visit = row(database).visits[0]
    with database.work(OWNER) as work:
        who = work.by_key(TechnicianRow, "T1").id
    assign_visit(database, OWNER, visit.id, who, TRAVEL, day=DATE)
    with database.work(OWNER) as work:
        work.get(VisitRow, visit.id).state = VisitState.EN_ROUTE
        work.commit()
    assert code(lambda: split_job(database, OWNER, row(database).id, HALVES)) == "job.begun"


def test_the_new_jobs_are_of_the_same_outlet(desk: Desk, database: Database) -> None:
    made = split_job(database, OWNER, row(database).id, HALVES)
    with database.work(OWNER) as work:
        owners = {work.get(JobRow, each).outlet_id for each in made}
    assert owners == {row(database).outlet_id}
    assert isinstance(made[0], UUID)
