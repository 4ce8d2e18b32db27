"""A job that waits for another one, wherever and whenever that is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk
from tests.operations.test_split import code, row
from tests.planning.made import at, job, shift, technician
from tests.planning.made import day as made_day

from dispatch.domain.job import Dependency, Job, PinLevel
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.domain.window import Window
from dispatch.errors import Refused
from dispatch.operations.board.assign import assign_visit, pin_visit, unassign_visit
from dispatch.operations.board.candidates import candidates
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.decide import cancel_job, hold_job, resume_job
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.offer import offer_visit
from dispatch.store.board import span_of, zone_of
from dispatch.store.board_lines import planned_lines, unplanned_lines
from dispatch.store.database import Database
from dispatch.store.days import lasts_until
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said
from dispatch.store.snapshot import snapshot
from dispatch.store.waiting import held_back

ONE = timedelta(days=1)
HOUR = timedelta(hours=1)
PEOPLE = [technician("T1"), technician("T2")]


@pytest.fixture(autouse=True)
def early(clock: SetClock) -> None:
    clock.now = at(6)


def brought(database: Database, *, delay: timedelta = HOUR, **more: int) -> Desk:
    """After is to be done an hour after Before, as a rule; both on two days."""
    waits = Dependency(job="Before", min_delay_s=int(delay.total_seconds()), **more)
    jobs = [job("Before"), job("After", dependencies=(waits,))]
    desk = Desk(database).imported(made_day(jobs, PEOPLE))
    tomorrow = [technician(one.id, shifts=(shift(32, 40),)) for one in PEOPLE]
    import_day(database, OWNER, made_day([], tomorrow, start=at(24), end=at(48)))
    for key in ("Before", "After"):
        move(database, key, at(0), at(48))
    return desk


def move(database: Database, key: str, start: datetime, end: datetime) -> None:
    """Let a job be done between two moments."""
    with database.work(OWNER) as work:
        found = work.by_key(JobRow, key)
        found.said = {**found.said, "windows": [said(Window(start=start, end=end))]}
        found.earliest, found.latest = start, end
        work.commit()


def visit(database: Database, key: str) -> VisitRow:
    return row(database, key).visits[0]


def who(database: Database, key: str = "T1"):
    with database.work(OWNER) as work:
        return work.by_key(TechnicianRow, key).id


def give(database: Database, key: str, to: str = "T1", day: date = DATE) -> VisitRow:
    assign_visit(database, OWNER, visit(database, key).id, who(database, to), TRAVEL, day=day)
    return visit(database, key)


def to_plan(database: Database, day: date = DATE) -> dict[str, Job]:
    with database.work(OWNER) as work:
        span = span_of(day, zone_of(work.session))
        return snapshot(work.session, "x", span, now=work.now).jobs_by_id


def test_what_waits_for_a_job_of_a_later_day_is_not_planned_before(database: Database) -> None:
    desk = brought(database)
    move(database, "Before", at(24), at(48))
    assert set(to_plan(database)) == set()
    desk.publish(desk.plan())
    assert visit(database, "After").state is VisitState.UNSCHEDULED
    assert set(to_plan(database, DATE + ONE)) == {"Before", "After"}


def test_what_waits_for_a_job_that_is_held_is_not_planned(database: Database) -> None:
    brought(database)
    hold_job(database, OWNER, row(database, "Before").id, why="no part")
    assert set(to_plan(database)) == set()
    (told,) = candidates(database, OWNER, visit(database, "After").id, TRAVEL, day=DATE).reasons
    assert (told.code, told.values) == ("visit.waits", {"before": "Before"})
    resume_job(database, OWNER, row(database, "Before").id)
    assert set(to_plan(database)) == {"Before", "After"}


def test_a_delay_lasts_into_the_next_day(database: Database) -> None:
    brought(database, delay=24 * HOUR)
    before = give(database, "Before")
    assert before.end_at is not None
    (left,) = to_plan(database, DATE + ONE).values()
    (window,) = left.windows
    assert window.start == before.end_at + 24 * HOUR
    after = give(database, "After", "T2", DATE + ONE)
    assert after.start_at == window.start


def test_whoever_looks_at_a_board_sees_what_is_waited_for(database: Database) -> None:
    brought(database, delay=48 * HOUR)
    assert held(database) == {}  # both are to be planned on it, and a plan says why not
    before = give(database, "Before")
    assert held(database, DATE + ONE) == {"After": "visit.waits"}
    unassign_visit(database, OWNER, before.id)
    move(database, "Before", at(24), at(48))
    assert held(database) == {"After": "visit.waits"}


def held(database: Database, day: date = DATE) -> dict[str, str]:
    with database.work(OWNER) as work:
        span = span_of(day, zone_of(work.session))
        whole = Span(span.start, lasts_until(work.session, span))
        lines = unplanned_lines(work.session, span)
        planned = planned_lines(work.session, span)
        there = {line["job_key"] for line in (*lines, *planned)}
        jobs = {line["job"] for line in lines}
        found = held_back(work.session, jobs, there, whole, now=work.now)
        return {key: reason.code for key, reason in found.items()}


def test_a_delay_is_counted_from_when_it_was_really_done(database: Database) -> None:
    brought(database, delay=2 * HOUR)
    give(database, "Before")
    with database.work(OWNER) as work:
        found = work.get(VisitRow, visit(database, "Before").id)
        found.state, found.ended_at = VisitState.COMPLETED, at(11)
        work.by_key(JobRow, "Before").state = JobState.COMPLETED
        work.commit()
    assert [window.start for window in to_plan(database)["After"].windows] == [at(13)]
    assert give(database, "After").start_at == at(13)


def test_a_longest_delay_holds_as_well(database: Database) -> None:
    brought(database, max_delay_s=7_200)
    before = give(database, "Before")
    assert before.end_at is not None
    assert to_plan(database, DATE + ONE) == {}
    with pytest.raises(Refused) as refused:
        give(database, "After", day=DATE + ONE)
    assert (refused.value.code, refused.value.values["reason"]) == ("claim.misfit", "visit.waits")
    assert give(database, "After").start_at == before.end_at + HOUR


def test_by_hand_it_is_put_where_the_candidates_say(database: Database) -> None:
    brought(database)
    after = visit(database, "After").id
    with pytest.raises(Refused) as refused:
        give(database, "After", "T2")
    assert refused.value.values["reason"] == "visit.waits"
    before = give(database, "Before")
    assert before.end_at is not None
    best = candidates(database, OWNER, after, TRAVEL, day=DATE).able[0]
    (place,) = best.way.places
    assert give(database, "After", "T2").start_at == place.start == before.end_at + HOUR


def test_what_others_wait_for_is_not_put_after_them(database: Database) -> None:
    brought(database)
    before = give(database, "Before")
    after = give(database, "After", "T2")
    assert before.start_at is not None
    assert after.start_at is not None
    unassign_visit(database, OWNER, before.id)
    move(database, "Before", at(11), at(48))
    with pytest.raises(Refused) as refused:
        give(database, "Before")
    assert refused.value.values["reason"] == "visit.awaited"
    with pytest.raises(Refused):
        give(database, "Before", day=DATE + ONE)
    move(database, "Before", at(0), at(48))
    again = give(database, "Before")
    assert again.end_at is not None
    assert again.end_at + HOUR <= after.start_at


def test_a_plan_of_another_day_puts_nothing_after_what_waits_for_it(database: Database) -> None:
    brought(database)
    before = give(database, "Before")
    give(database, "After", "T2")
    unassign_visit(database, OWNER, before.id)
    assert set(to_plan(database)) == {"Before", "After"}
    assert to_plan(database, DATE + ONE) == {}


def test_what_is_awaited_elsewhere_stays_when_others_come_to_its_route(database: Database) -> None:
    """J3 would go before it, if it might start later."""
    brought(database)
    before = give(database, "Before")
    give(database, "After", "T2")
    import_day(database, OWNER, made_day([job("J3")], []))
    give(database, "J3")
    assert visit(database, "Before").start_at == before.start_at


def test_what_waits_is_free_again_when_the_other_is_held(database: Database) -> None:
    brought(database)
    give(database, "Before")
    give(database, "After", "T2")
    hold_job(database, OWNER, row(database, "Before").id, why="no part")
    assert visit(database, "After").state is VisitState.UNSCHEDULED
    assert row(database, "After").state is JobState.OPEN


def test_unless_it_is_pinned(database: Database) -> None:
    brought(database)
    give(database, "Before")
    after = give(database, "After", "T2")
    pin_visit(database, OWNER, after.id, PinLevel.TIME)
    hold_job(database, OWNER, row(database, "Before").id, why="no part")
    assert visit(database, "After").start_at == after.start_at
    assert set(to_plan(database)) == {"After"}


def test_whoever_gets_a_pinned_visit_by_hand_is_not_held_to_the_pin(database: Database) -> None:
    """Else it would break a rule where it stands, and its route were left as it is."""
    brought(database)
    before = give(database, "Before")
    pin_visit(database, OWNER, before.id, PinLevel.TIME)
    moved = give(database, "Before", "T2")
    assert (moved.technician_id, moved.pin) == (who(database, "T2"), None)
    assert candidates(database, OWNER, visit(database, "After").id, TRAVEL, day=DATE).broken == ()


def test_the_pool_has_it_once_the_other_is_over(database: Database) -> None:
    brought(database)
    after = visit(database, "After").id
    offered = partial(offer_visit, database, OWNER, after, fee_minor=100, expires_at=at(20))
    assert code(offered) == "offer.not-free"
    cancel_job(database, OWNER, row(database, "Before").id, why="no need")
    offer = offered()
    claim_offer(database, OWNER, offer, who(database), TRAVEL)
    assert visit(database, "After").technician_id == who(database)
    with database.work(OWNER) as work:
        assert work.session.scalars(select(OfferRow.state)).one().value == "claimed"


def test_a_claim_keeps_the_delay(database: Database) -> None:
    brought(database, delay=3 * HOUR)
    give(database, "Before", "T2")
    with database.work(OWNER) as work:
        found = work.get(VisitRow, visit(database, "Before").id)
        found.state, found.ended_at = VisitState.COMPLETED, at(9.5)
        work.by_key(JobRow, "Before").state = JobState.COMPLETED
        work.commit()
    after = visit(database, "After").id
    offer = offer_visit(database, OWNER, after, fee_minor=100, expires_at=at(20))
    claim_offer(database, OWNER, offer, who(database), TRAVEL)
    assert visit(database, "After").start_at == at(12.5)
