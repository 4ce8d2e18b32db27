"""What is published holds; what has changed meanwhile is left alone and named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, WORKER, Desk, two_technicians
from tests.planning.made import at, job, shift, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.job import Pin
from dispatch.domain.shift import Break
from dispatch.domain.states.job import JobState
from dispatch.domain.states.offer import OfferState
from dispatch.domain.states.run import PlanState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Refused, Stale
from dispatch.operations import fit_draft as fit_draft_module
from dispatch.operations.board.assign import assign_visit, unassign_visit
from dispatch.operations.jobs.create import create_job
from dispatch.operations.jobs.decide import hold_job
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.offer import offer_visit
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.take import take_run
from dispatch.planning.verify import Verification
from dispatch.store.board import board_of, span_of, zone_of
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.jobs import follow_visits
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.plans import PlanRow, ScheduleRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import AbsenceRow, TechnicianRow
from dispatch.store.shifts import breaks_of


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database).imported(two_technicians())


def visits(database: Database) -> dict[str, VisitRow]:
    with database.work(OWNER) as work:
        rows = work.session.scalars(select(VisitRow).where(VisitRow.part == 0)).all()
        return {row.job.key: row for row in rows if (row.technician, row.job)}


def board_version(database: Database) -> int:
    with database.work(OWNER) as work:
        return board_of(work.session, DATE).version


def change(database: Database, job: str, **columns: object) -> None:
    """Somebody changes a visit by hand."""
    with database.work(OWNER) as work:
        visit = work.by_key(JobRow, job).visits[0]
        for name, value in columns.items():
            setattr(visit, name, value)
        work.commit()


def test_a_published_plan_holds(desk: Desk, database: Database) -> None:
    published = desk.publish(desk.plan())
    assert published.conflicts == ()
    assert published.number == 1
    found = visits(database)
    assert {visit.state for visit in found.values()} == {VisitState.SCHEDULED}
    assert all(
        visit.promised_from <= visit.start_at <= visit.promised_to for visit in found.values()
    )
    with database.work(OWNER) as work:
        assert {job.state for job in work.session.scalars(select(JobRow))} == {JobState.SCHEDULED}
        assert list(check_chain(work.session.connection())) == []


def test_routes_do_not_overlap(desk: Desk, database: Database) -> None:
    desk.publish(desk.plan())
    rows = sorted(visits(database).values(), key=lambda row: (row.technician_id, row.start_at))
    for one, other in pairwise(rows):
        if one.technician_id == other.technician_id:
            assert one.end_at <= other.start_at
            assert one.place < other.place


def test_a_board_that_was_not_looked_at_is_not_published_on(desk: Desk, database: Database) -> None:
    plan = desk.plan()
    with pytest.raises(Stale):
        desk.publish(plan, expect=board_version(database) + 1)
    published = desk.publish(plan, expect=board_version(database))
    assert published.board_version == board_version(database)


def test_a_plan_is_published_once(desk: Desk) -> None:
    plan = desk.plan()
    desk.publish(plan)
    with pytest.raises(Refused) as refused:
        desk.publish(plan)
    assert refused.value.code == "state.plan"


def test_of_two_plans_of_a_day_the_other_is_stale(desk: Desk, database: Database) -> None:
    first, second = desk.plan(), desk.plan()
    desk.publish(second)
    with database.work(OWNER) as work:
        assert work.get(PlanRow, first).state is PlanState.STALE
    with pytest.raises(Refused):
        desk.publish(first)


def test_of_two_who_publish_at_once_one_is_told(desk: Desk, database: Database) -> None:
    plans = [desk.plan(), desk.plan()]

    def attempt(plan: object) -> str:
        try:
            desk.publish(plan)  # type: ignore[arg-type]
        except (Refused, Stale):
            return "told"
        return "published"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, plans)) == ["published", "told"]
    with database.work(OWNER) as work:
        assert len(work.session.scalars(select(ScheduleRow)).all()) == 1


def test_a_visit_that_was_given_away_meanwhile_stays(desk: Desk, database: Database) -> None:
    plan = desk.plan()
    with database.work(OWNER) as work:
        t2 = work.by_key(TechnicianRow, "T2")
        shift = t2.shifts[0]
    change(
        database,
        "J1",
        state=VisitState.SCHEDULED,
        technician_id=t2.id,
        shift_id=shift.id,
        place=0,
        arrive_at=at(14),
        start_at=at(14),
        end_at=at(15),
    )
    published = desk.publish(plan)
    assert {entry.why for entry in published.conflicts} <= {"changed"}
    assert visits(database)["J1"].technician_id == t2.id


def test_a_job_that_is_gone_is_named(desk: Desk, database: Database) -> None:
    plan = desk.plan()
    with database.work(OWNER) as work:
        work.by_key(JobRow, "J2").state = JobState.ON_HOLD
        work.commit()
    published = desk.publish(plan)
    assert [(entry.job, entry.why) for entry in published.conflicts] == [("J2", "gone")]
    assert visits(database)["J2"].state is VisitState.UNSCHEDULED
    assert visits(database)["J1"].state is VisitState.SCHEDULED


def test_who_fell_ill_meanwhile_gets_nothing(desk: Desk, database: Database) -> None:
    plan = desk.plan()
    with database.work(OWNER) as work:
        for key in ("T1", "T2"):
            ill = work.by_key(TechnicianRow, key)
            away = AbsenceRow(start_at=at(0), end_at=at(24), reason="ill")
            ill.absences.append(away)
        work.commit()
    published = desk.publish(plan)
    assert {entry.why for entry in published.conflicts} == {"away"}
    assert {entry.job for entry in published.conflicts} == {"J1", "J2", "J3", "J4"}
    assert all(visit.technician_id is None for visit in visits(database).values())


def test_who_falls_ill_afterwards_loses_what_they_had(desk: Desk, database: Database) -> None:
    desk.publish(desk.plan())
    with database.work(OWNER) as work:
        ill = work.by_key(TechnicianRow, "T1")
        ill.absences.append(AbsenceRow(start_at=at(0), end_at=at(24), reason="ill"))
        work.commit()
    published = desk.publish(desk.plan())
    found = visits(database)
    with database.work(OWNER) as work:
        t2 = work.by_key(TechnicianRow, "T2").id
    assert published.conflicts == ()
    assert {visit.technician_id for visit in found.values()} == {t2}


def test_a_visit_under_way_never_moves(desk: Desk, database: Database) -> None:
    desk.publish(desk.plan())
    before = visits(database)["J1"]
    change(database, "J1", state=VisitState.ON_SITE)
    desk.publish(desk.plan())
    after = visits(database)["J1"]
    assert (after.technician_id, after.start_at, after.state) == (
        before.technician_id,
        before.start_at,
        VisitState.ON_SITE,
    )


@pytest.mark.parametrize("state", [VisitState.SCHEDULED, VisitState.ON_SITE])
def test_what_is_on_a_route_keeps_its_time_though_its_job_has_another(
    database: Database, state: VisitState
) -> None:
    """Its job's time was changed to the day before, by an import, say; the day is not its own."""
    people = [technician("T1", shifts=(shift(8, 17),))]
    jobs = [job("J1"), job("J2", windows=(window(9, 12),))]
    desk = Desk(database).imported(made_day(jobs, people))
    desk.publish(desk.plan())
    unassign_visit(database, OWNER, visits(database)["J2"].id)
    change(database, "J1", state=state, arrive_at=at(9), start_at=at(9), end_at=at(12))
    with database.work(OWNER) as work:
        moved = work.by_key(JobRow, "J1")
        moved.earliest, moved.latest = at(-20), at(-4)
        work.commit()
    desk.publish(desk.plan())
    found = visits(database)
    assert (found["J1"].start_at, found["J1"].end_at) == (at(9), at(12))
    assert found["J2"].start_at is None or found["J2"].start_at >= at(12)


def test_a_promise_that_is_kept_is_not_given_anew(desk: Desk, database: Database) -> None:
    desk.publish(desk.plan())
    before = {key: (row.promised_from, row.promised_to) for key, row in visits(database).items()}
    desk.publish(desk.plan())
    after = {key: (row.promised_from, row.promised_to) for key, row in visits(database).items()}
    assert after == before


def test_schedules_are_never_changed(desk: Desk, database: Database) -> None:
    desk.publish(desk.plan())
    for statement in ("UPDATE schedule SET number = 2", "DELETE FROM schedule"):
        with database.connect() as connection, pytest.raises(IntegrityError, match="only added"):
            connection.execute(text(statement))


def test_a_day_that_has_begun_goes_on_from_where_people_are(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    """At noon one visit is done and one under way: nobody is sent into the past."""
    desk.publish(desk.plan())
    clock.now = at(12)
    found = sorted(visits(database).values(), key=lambda row: (row.technician_id, row.start_at))
    first = found[0]
    change(database, first.job.key, state=VisitState.COMPLETED)
    change(database, found[1].job.key, state=VisitState.ON_SITE)
    desk.publish(desk.plan())
    for key, row in visits(database).items():
        if key == first.job.key:
            assert row.start_at == first.start_at
        elif key == found[1].job.key:
            assert (row.state, row.start_at) == (VisitState.ON_SITE, found[1].start_at)
        else:
            assert row.start_at is None or row.start_at >= at(12)


def test_what_happens_while_a_plan_is_fitted_is_seen(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody falls ill after the plan was fitted to the board, and before it is written."""
    real = fit_draft_module.verify
    done: list[int] = []

    def meanwhile(*args: Any, **more: Any) -> Verification:
        if not done:
            done.append(1)
            with database.work(OWNER) as work:
                ill = work.by_key(TechnicianRow, "T1")
                ill.absences.append(AbsenceRow(start_at=at(0), end_at=at(24), reason="ill"))
                work.commit()
        return real(*args, **more)

    plan = desk.plan()
    monkeypatch.setattr(fit_draft_module, "verify", meanwhile)
    desk.publish(plan)
    with database.work(OWNER) as work:
        t1 = work.by_key(TechnicianRow, "T1").id
    assert t1 not in {visit.technician_id for visit in visits(database).values()}


def test_a_route_that_has_set_off_in_another_order_stays(desk: Desk, database: Database) -> None:
    """The plan turns a route around; meanwhile its technician is on the way to the first."""
    desk.publish(desk.plan())
    rows = sorted(visits(database).values(), key=lambda row: (row.technician_id, row.start_at))
    first = rows[0]
    plan = desk.plan()
    with database.work(OWNER) as work:
        row = work.get(PlanRow, plan)
        said = dict(row.said)
        for route in said["routes"]:
            route["visits"].reverse()
            starts = sorted((visit["start"], visit["end"]) for visit in route["visits"])
            for visit, (start, end) in zip(route["visits"], starts, strict=True):
                visit["start"], visit["end"] = start, end
        row.said = {**said, "engine": "turned"}
        work.commit()
    change(database, first.job.key, state=VisitState.EN_ROUTE)
    desk.publish(plan)
    after = visits(database)[first.job.key]
    assert (after.technician_id, after.start_at) == (first.technician_id, first.start_at)


def test_a_job_that_another_day_has_is_left_alone(database: Database) -> None:
    tomorrow = DATE + timedelta(days=1)
    wide = [job("J1", windows=(window(8, 40),))]
    person = technician("T1", shifts=(shift(8, 16), shift(32, 40, name="next")))
    desk = Desk(database).imported(made_day(wide, [person], end=at(48)))
    desk.publish(desk.plan())
    before = visits(database)["J1"]
    request_run(database, OWNER, tomorrow)
    taken = take_run(database, WORKER)
    assert taken is not None
    assert taken.day.jobs == ()
    assert visits(database)["J1"].start_at == before.start_at


def test_a_pin_is_kept_when_it_is_published(database: Database) -> None:
    pinned = job("J1", pins=(Pin(technician="T2"),))
    desk = Desk(database).imported(made_day([pinned], [technician("T1"), technician("T2")]))
    for _ in range(2):
        desk.publish(desk.plan())
        assert [pin.technician for pin in desk.last.day.jobs[0].pins] == ["T2"]


def test_what_is_published_leaves_the_pool(desk: Desk, database: Database) -> None:
    visit = visits(database)["J1"]
    offer = offer_visit(database, OWNER, visit.id, fee_minor=100, expires_at=at(12))
    desk.publish(desk.plan())
    with database.work(OWNER) as work:
        assert work.get(OfferRow, offer).state is OfferState.WITHDRAWN
        t1 = work.by_key(TechnicianRow, "T1").id
    with pytest.raises(Refused) as refused:
        claim_offer(database, OWNER, offer, t1, TRAVEL)
    assert refused.value.code == "claim.lost"


def test_a_claim_that_a_plan_ends_can_be_offered_again(desk: Desk, database: Database) -> None:
    visit = visits(database)["J1"]
    offer = offer_visit(database, OWNER, visit.id, fee_minor=100, expires_at=at(12))
    with database.work(OWNER) as work:
        ill = work.by_key(TechnicianRow, "T1").id
    claim_offer(database, OWNER, offer, ill, TRAVEL)
    with database.work(OWNER) as work:
        row = work.by_key(TechnicianRow, "T1")
        row.absences.append(AbsenceRow(start_at=at(0), end_at=at(24), reason="ill"))
        work.commit()
    desk.publish(desk.plan())
    with database.work(OWNER) as work:
        assert work.get(OfferRow, offer).state is OfferState.WITHDRAWN
        assert work.get(VisitRow, visit.id).technician_id != ill


def test_breaks_are_on_record_and_follow_the_route(database: Database) -> None:
    rest = Break(earliest=at(9), latest=at(14), duration_s=1_800)
    who = technician("T1", shifts=(shift(breaks=(rest,)),))
    desk = Desk(database).imported(made_day([job("J1"), job("J2"), job("J3")], [who]))
    third = visits(database)["J3"]

    def breaks() -> list[timedelta]:
        with database.work(OWNER) as work:
            taken = breaks_of(work.session, span_of(DATE, zone_of(work.session)))
            rows = work.session.scalars(select(VisitRow).where(VisitRow.start_at.is_not(None)))
            busy = [(row.start_at, row.end_at) for row in rows]
        for row in taken.get(("T1", "day"), ()):
            for start, end in busy:
                assert row.end <= start or end <= row.start
        return [row.end - row.start for row in taken.get(("T1", "day"), ())]

    assert breaks() == []
    desk.publish(desk.plan())
    assert breaks() == [timedelta(minutes=30)]
    unassign_visit(database, OWNER, third.id)
    assign_visit(database, OWNER, third.id, technician_id(database), TRAVEL)
    assert breaks() == [timedelta(minutes=30)]


def technician_id(database: Database) -> UUID:
    with database.work(OWNER) as work:
        return work.by_key(TechnicianRow, "T1").id


def test_who_is_at_a_job_on_hold_is_given_nothing_else_at_that_time(database: Database) -> None:
    desk = Desk(database).imported(made_day([job("J1")], [technician("T1")]))
    desk.publish(desk.plan())
    change(database, "J1", state=VisitState.EN_ROUTE)
    with database.work(OWNER) as work:
        follow_visits(work, [work.by_key(JobRow, "J1")])
        held = work.commit(work.by_key(JobRow, "J1").id)
    hold_job(database, OWNER, held, why="the lift is broken")
    create_job(database, OWNER, job("J2"))
    desk.publish(desk.plan())
    found = visits(database)
    assert found["J1"].state is VisitState.EN_ROUTE
    one, other = sorted(found.values(), key=lambda visit: visit.start_at)
    assert one.end_at <= other.start_at


@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_who_has_become_quicker_or_slower_is_expected_so(database: Database, factor: float) -> None:
    """Also at what they are at: no visit begins before that is over."""
    desk = Desk(database).imported(made_day([job("J1"), job("J2")], [technician("T1")]))
    desk.publish(desk.plan())
    first = min(visits(database).values(), key=lambda visit: visit.start_at)
    change(database, first.job.key, state=VisitState.EN_ROUTE)
    with database.work(OWNER) as work:
        row = work.by_key(TechnicianRow, "T1")
        row.said = {**row.said, "duration_factor": factor}
        work.commit()
    desk.publish(desk.plan())
    one, other = sorted(visits(database).values(), key=lambda visit: visit.start_at)
    assert one.end_at == one.start_at + factor * timedelta(hours=1)
    assert one.end_at <= other.start_at
