"""What waits for other jobs, when the day does not go as it was planned."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk
from tests.operations.test_split import row
from tests.operations.test_waiting import HOUR, ONE, brought, give, held, move, to_plan, visit, who
from tests.planning.made import REPAIR, at, job, spot, technician, window
from tests.planning.made import day as made_day
from tests.planning.made import held as holds

from dispatch.domain.job import Crew, CrewTiming, Dependency, JobType, PinLevel, Seat
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Refused
from dispatch.operations.board.assign import pin_visit, unassign_visit
from dispatch.operations.board.candidates import candidates
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.decide import hold_job
from dispatch.operations.jobs.reopen import reopen_job
from dispatch.operations.pool.offer import offer_visit
from dispatch.operations.push.send import next_candidate
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.said import said
from dispatch.store.scope import set_scope
from dispatch.store.waiting import UNSEEN, bounds_of

GAS = SkillNeeds(all_of=(NeededSkill(skill="gas"),))


@pytest.fixture(autouse=True)
def early(clock: SetClock) -> None:
    clock.now = at(6)


def done(database: Database, key: str, ended: datetime) -> None:
    """Let a job be done then."""
    with database.work(OWNER) as work:
        found = work.get(VisitRow, visit(database, key).id)
        found.state, found.ended_at = VisitState.COMPLETED, ended
        work.by_key(JobRow, key).state = JobState.COMPLETED
        work.commit()


def added(database: Database, key: str, *before: str) -> None:
    """One more job, on any of both days."""
    waits = tuple(Dependency(job=name) for name in before)
    import_day(database, OWNER, made_day([job(key)], []))
    move(database, key, at(0), at(48))
    with database.work(OWNER) as work:
        found = work.by_key(JobRow, key)
        found.said = {**found.said, "dependencies": [{"job": each.job} for each in waits]}
        work.commit()


def test_a_plan_moves_what_stands_too_early(database: Database, clock: SetClock) -> None:
    """Before was done later than planned."""
    desk = brought(database, delay=2 * HOUR)
    give(database, "Before")
    give(database, "After", "T2")
    done(database, "Before", at(10.5))
    clock.now = at(10.6)
    assert desk.publish(desk.plan()).conflicts == ()
    assert visit(database, "After").start_at == at(12.5)


def test_what_comes_to_wait_in_vain_is_taken_off_and_named(database: Database) -> None:
    desk = brought(database)
    give(database, "Before")
    give(database, "After", "T2")
    unassign_visit(database, OWNER, visit(database, "Before").id)
    move(database, "Before", at(24), at(48))
    (told,) = desk.publish(desk.plan()).conflicts
    assert (told.job, told.why, told.rule) == ("After", "dropped", "visit.waits")
    assert visit(database, "After").state is VisitState.UNSCHEDULED


def test_what_is_pinned_stays_all_the_same(database: Database) -> None:
    desk = brought(database, max_delay_s=7_200)
    give(database, "Before")
    after = give(database, "After", "T2")
    pin_visit(database, OWNER, after.id, PinLevel.TIME)
    done(database, "Before", at(7))
    desk.publish(desk.plan())
    assert visit(database, "After").start_at == after.start_at


def test_of_two_who_move_both_the_second_sees_where_the_first_is(database: Database) -> None:
    brought(database)
    for _ in range(6):
        for key in ("Before", "After"):
            if visit(database, key).start_at is not None:
                unassign_visit(database, OWNER, visit(database, key).id)
        move(database, "Before", at(0), at(48))
        give(database, "Before")
        move(database, "Before", at(13), at(48))  # where it goes next
        both, errors = Barrier(2), []

        def put(key: str, to: str, both: Barrier = both, errors: list[str] = errors) -> None:
            both.wait()
            try:
                give(database, key, to)
            except Refused as refused:
                errors.append(refused.code)

        threads = [Thread(target=put, args=each) for each in (("Before", "T1"), ("After", "T2"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        before, after = visit(database, "Before"), visit(database, "After")
        assert before.end_at is not None
        assert after.start_at is None or after.start_at >= before.end_at + HOUR, errors


def test_what_should_have_begun_is_not_over_before_it_can_be(
    database: Database, clock: SetClock
) -> None:
    brought(database)
    give(database, "Before")
    clock.now = at(11)
    after = give(database, "After", "T2")
    assert after.start_at is not None
    assert after.start_at >= at(13)
    unassign_visit(database, OWNER, after.id)
    clock.now = at(30)  # its shift is over, and nobody has begun it
    assert held(database, DATE + ONE) == {"After": "visit.waits"}
    assert to_plan(database, DATE + ONE) == {}


@pytest.mark.parametrize("late", ["Before", "After"])
def test_who_is_late_may_have_more(database: Database, clock: SetClock, late: str) -> None:
    brought(database)
    added(database, "J3")
    to = {"Before": "T1", "After": "T2"}
    for key, name in to.items():
        give(database, key, name)
    start = visit(database, late).start_at
    assert start is not None
    clock.now = start + timedelta(minutes=1)
    assert give(database, "J3", to[late]).technician_id == who(database, to[late])


def test_so_may_one_of_a_crew_who_is_late(database: Database, clock: SetClock) -> None:
    crew = job("J1", crew=Crew(seats=(Seat(), Seat())))
    people = [technician("T1"), technician("T2")]
    desk = Desk(database).imported(made_day([crew, job("J3")], people))
    desk.publish(desk.plan())
    unassign_visit(database, OWNER, visit(database, "J3").id)
    start = visit(database, "J1").start_at
    assert start is not None
    clock.now = start + timedelta(minutes=1)
    assert give(database, "J3").technician_id == who(database)


def test_a_longest_delay_to_another_day_holds_for_who_moves_the_first(database: Database) -> None:
    desk = brought(database, max_delay_s=18 * 3_600)
    move(database, "Before", at(14), at(48))
    before = give(database, "Before")
    give(database, "After", "T2", DATE + ONE)
    move(database, "Before", at(0), at(48))
    desk.publish(desk.plan())
    after = visit(database, "After")
    assert after.start_at is not None
    assert after.start_at - visit(database, "Before").end_at <= 18 * HOUR
    assert before.end_at is not None


def test_a_slow_technician_is_reckoned_with(database: Database) -> None:
    slow = JobType(id="slow", duration_s=3_600, needs=GAS, level_factors={1: 3.0})
    people = [technician("T1", skills=(holds("gas", 1),)), technician("T2", skills=(holds("gas"),))]
    jobs = [job("Before", type="slow"), job("After", dependencies=(Dependency(job="Before"),))]
    Desk(database).imported(made_day(jobs, people, job_types=(REPAIR, slow)))
    give(database, "Before", "T2")
    give(database, "After", "T2")
    with pytest.raises(Refused):
        give(database, "Before", "T1")  # they would be at it when After begins


def test_the_seats_of_a_crew_in_sequence_are_reckoned_with(database: Database) -> None:
    brought(database)
    crew = Crew(
        seats=(Seat(), Seat()), timing=CrewTiming.SEQUENCE, min_delay_s=7_200, max_delay_s=7_200
    )
    give(database, "Before")
    after = give(database, "After", "T2")
    with database.work(OWNER) as work:
        found = work.by_key(JobRow, "Before")
        found.said = {**found.said, "crew": said(crew)}
        bounds = bounds_of(work.session, [found])["Before"]
    assert after.start_at is not None
    assert bounds.last == after.start_at - HOUR - 3 * HOUR


def test_parts_of_seconds_leave_room_for_an_exact_delay(database: Database) -> None:
    brought(database, max_delay_s=3_600)
    give(database, "Before")
    done(database, "Before", at(9) + timedelta(microseconds=345_678))
    assert give(database, "After", "T2").start_at == at(10) + timedelta(seconds=1)


def test_holding_one_frees_the_whole_chain(database: Database) -> None:
    brought(database)
    added(database, "Last", "After")
    for key in ("Before", "After", "Last"):
        give(database, key)
    hold_job(database, OWNER, row(database, "Before").id, why="no part")
    assert {visit(database, key).state for key in ("After", "Last")} == {VisitState.UNSCHEDULED}


def test_the_key_of_a_job_of_another_outlet_is_not_told(database: Database) -> None:
    brought(database)
    give(database, "Before")
    give(database, "After", "T2")
    with database.work(OWNER) as work:
        here = OutletRow(key="here", parent_id=row(database, "Before").outlet_id)
        work.session.add(here)
        work.session.flush()
        after = work.by_key(JobRow, "After")
        set_scope(work.session, frozenset((here.id,)))
        told = bounds_of(work.session, [after])["After"]
    assert told.before == UNSEEN


def test_the_reason_is_the_one_that_leaves_no_time(database: Database) -> None:
    """After is awaited by Last as well, which would leave it time enough."""
    brought(database)
    added(database, "Last", "After")
    move(database, "Last", at(24), at(48))
    give(database, "Before")
    after = give(database, "After", "T2", DATE)
    give(database, "Last", "T1", DATE + ONE)
    unassign_visit(database, OWNER, after.id)
    unassign_visit(database, OWNER, visit(database, "Before").id)
    give(database, "Before", "T1", DATE + ONE)
    (told,) = candidates(database, OWNER, after.id, TRAVEL, day=DATE).reasons
    assert (told.code, told.values) == ("visit.waits", {"before": "Before"})


def test_what_waits_for_a_reopened_job_leaves_the_pool(database: Database) -> None:
    brought(database)
    give(database, "Before")
    done(database, "Before", at(7))
    after = visit(database, "After").id
    offer: UUID = offer_visit(database, OWNER, after, fee_minor=100, expires_at=at(20))
    reopen_job(database, OWNER, row(database, "Before").id, why="leaks again")
    with database.work(OWNER) as work:
        states = work.session.scalars(select(OfferRow.state).where(OfferRow.id == offer)).all()
        assert [state.value for state in states] == ["withdrawn"]
        assert work.by_key(JobRow, "After").state is JobState.OPEN


def test_what_should_have_begun_holds_up_nobody_before_it(
    database: Database, clock: SetClock
) -> None:
    brought(database)
    before = give(database, "Before")
    give(database, "After", "T2")
    unassign_visit(database, OWNER, before.id)
    clock.now = at(30)
    assert "Before" in to_plan(database, DATE + ONE)
    assert give(database, "Before", day=DATE + ONE).technician_id == who(database)


def test_what_is_left_out_takes_nothing_else_along(database: Database) -> None:
    desk = brought(database)
    added(database, "Other")
    added(database, "Last", "Before", "Other")
    give(database, "Before")
    other = give(database, "Other", "T2")
    give(database, "Last")
    unassign_visit(database, OWNER, visit(database, "Before").id)
    move(database, "Before", at(24), at(48))
    conflicts = desk.publish(desk.plan()).conflicts
    assert [(told.job, told.why) for told in conflicts] == [("Last", "dropped")]
    assert visit(database, "Other").technician_id is not None
    assert other.technician_id is not None


@pytest.mark.parametrize("minutes", [-9, 0, 1, 40])
def test_who_is_late_is_given_what_makes_them_no_later(
    database: Database, clock: SetClock, minutes: int
) -> None:
    brought(database)
    added(database, "J3")
    before = give(database, "Before")
    give(database, "After", "T2")
    assert before.start_at is not None
    clock.now = before.start_at + timedelta(minutes=minutes)
    give(database, "J3")
    now = visit(database, "Before").start_at
    assert now is not None
    assert now <= max(before.start_at, clock.now) + timedelta(minutes=10)  # the way there


def test_what_was_taken_off_may_go_back_before_what_waits_for_it(database: Database) -> None:
    brought(database)
    before = give(database, "Before")
    give(database, "After", "T2")
    unassign_visit(database, OWNER, before.id)
    found = candidates(database, OWNER, before.id, TRAVEL, day=DATE)
    assert {able.technician for able in found.able} == {
        who(database, name) for name in ("T1", "T2")
    }
    assert found.broken == ()
    for name in ("T1", "T2"):
        again, after = give(database, "Before", name), visit(database, "After")
        assert again.end_at is not None
        assert after.start_at is not None
        assert again.end_at + HOUR <= after.start_at
        unassign_visit(database, OWNER, before.id)


def test_whoever_could_do_a_job_may_be_given_it(database: Database) -> None:
    """Nothing is moved for it that somebody else does, nor what a customer was promised."""
    brought(database)
    added(database, "J3")
    give(database, "Before")
    give(database, "After", "T2")  # as early as may be
    move(database, "J3", at(0), at(8.5))  # before Before, or by T2
    found = candidates(database, OWNER, visit(database, "J3").id, TRAVEL, day=DATE)
    assert [able.technician for able in found.able] == [who(database, "T2")]
    assert found.possible == 1
    assert [reason.code for reason in found.reasons] == ["route.window"]
    with pytest.raises(Refused, match=r"route\.window"):
        give(database, "J3", "T1")
    start = give(database, "J3", "T2").start_at
    assert start == found.able[0].way.places[0].start


def test_what_is_held_while_somebody_is_at_it_is_waited_for(database: Database) -> None:
    brought(database)
    give(database, "Before")
    with database.work(OWNER) as work:
        work.get(VisitRow, visit(database, "Before").id).state = VisitState.ON_SITE
        work.by_key(JobRow, "Before").state = JobState.IN_PROGRESS
        work.commit()
    hold_job(database, OWNER, row(database, "Before").id, why="no part")
    assert "After" not in to_plan(database)
    assert held(database) == {"After": "visit.waits"}


@pytest.mark.parametrize("begun", ["Before", "After"])
def test_who_has_begun_whenever_that_was_may_have_more(
    database: Database, clock: SetClock, begun: str
) -> None:
    """Before late, or After too early."""
    brought(database)
    added(database, "J3")
    to = {"Before": "T1", "After": "T2"}
    for key, name in to.items():
        give(database, key, name)
    moved = visit(database, begun)
    assert moved.start_at is not None
    late = timedelta(hours=2 if begun == "Before" else -1)
    with database.work(OWNER) as work:
        found = work.get(VisitRow, moved.id)
        found.state = VisitState.ON_SITE
        found.start_at, found.end_at = moved.start_at + late, moved.start_at + late + HOUR
        work.by_key(JobRow, begun).state = JobState.IN_PROGRESS
        work.commit()
    clock.now = moved.start_at + late + timedelta(minutes=1)
    assert give(database, "J3", to[begun]).technician_id == who(database, to[begun])


def test_a_board_tells_of_whole_chains(database: Database) -> None:
    brought(database)
    added(database, "Last", "After")
    hold_job(database, OWNER, row(database, "Before").id, why="no part")
    assert held(database) == dict.fromkeys(("After", "Last"), "visit.waits")


def test_who_comes_after_many_who_cannot_is_found(database: Database, clock: SetClock) -> None:
    """Of all who are nearer each would break what somebody was promised."""
    near = [f"T{number}" for number in range(21)]
    jobs = [*(job(f"J{name}") for name in near), job("X", windows=(window(9, 9.25),))]
    far = technician("FAR", home=spot(-60))
    Desk(database).imported(made_day(jobs, [*map(technician, near), far]))
    clock.now = at(7)
    for name in near:
        give(database, f"J{name}", name)
    with database.work(OWNER) as work:
        for name in near:
            found = work.by_key(JobRow, f"J{name}").visits[0]
            found.state, found.arrive_at, found.start_at = VisitState.DISPATCHED, at(9), at(9)
            found.end_at, found.promised_from, found.promised_to = at(10), at(8.9), at(9.25)
        work.commit()
    found = candidates(database, OWNER, visit(database, "X").id, TRAVEL, day=DATE)
    assert [able.technician for able in found.able] == [who(database, "FAR")]
    assert (found.possible, len(found.reasons)) == (1, 21)
    assert next_candidate(database, OWNER, visit(database, "X").id, TRAVEL, chain=None) == who(
        database, "FAR"
    )
    give(database, "X", "FAR")
