"""One after another is asked; one takes it, or nobody is left."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL, Away, Desk, two_technicians
from tests.planning.made import SITES, at, job, spot, window
from tests.planning.made import day as made_day
from tests.planning.made import technician as person

from dispatch.domain.states.job import JobState
from dispatch.domain.states.offer import PushState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import DispatchError, InvalidValue, Missing, Refused, Unavailable
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.jobs.decide import hold_job
from dispatch.operations.network.technicians import end_employment
from dispatch.operations.pool.offer import offer_visit, withdraw_offer
from dispatch.operations.push import send
from dispatch.operations.push.answer import accept_push, decline_push, time_out_pushes
from dispatch.operations.push.look import look_at_pushes
from dispatch.operations.push.send import PATIENCE_S, send_push, withdraw_push
from dispatch.operations.push.transfer import MOST, transfer_visit
from dispatch.store.audit import audit
from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import TechnicianRow


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database).imported(two_technicians())


def visit_of(database: Database, job: str) -> VisitRow:
    with database.work(OWNER) as work:
        return work.by_key(JobRow, job).visits[0]


def technician(database: Database, key: str) -> UUID:
    with database.work(OWNER) as work:
        return work.by_key(TechnicianRow, key).id


def pushes(database: Database) -> list[PushRow]:
    with database.work(OWNER) as work:
        return list(work.session.scalars(select(PushRow).order_by(PushRow.id)))


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_who_accepts_has_the_visit(desk: Desk, database: Database) -> None:
    push = send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL)
    (asked,) = pushes(database)
    with database.work(OWNER) as work:
        assert work.by_key(JobRow, "J1").state is JobState.OFFERED
    accept_push(database, OWNER, push, asked.technician_id, TRAVEL)
    visit = visit_of(database, "J1")
    assert (visit.state, visit.technician_id) == (VisitState.DISPATCHED, asked.technician_id)
    with pytest.raises(Refused) as again:
        accept_push(database, OWNER, push, asked.technician_id, TRAVEL)
    assert code(again) == "state.push"


def test_nobody_answers_for_another(desk: Desk, database: Database) -> None:
    one = technician(database, "T1")
    push = send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, technician=one)
    for answer in (accept_push, lambda *given: decline_push(*given, reason="")):
        with pytest.raises(Missing):
            answer(database, OWNER, push, technician(database, "T2"), TRAVEL)


def test_who_declines_is_followed_by_the_next_and_then_nobody_is_left(
    desk: Desk, database: Database
) -> None:
    one, two = technician(database, "T1"), technician(database, "T2")
    push = send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, technician=one)
    decline_push(database, OWNER, push, one, TRAVEL, reason="too far")
    first, second = pushes(database)
    assert (first.state, first.reason) == (PushState.DECLINED, "too far")
    assert (second.technician_id, second.state) == (two, PushState.SENT)
    decline_push(database, OWNER, second.id, two, TRAVEL, reason="")
    assert len(pushes(database)) == 2
    with database.work(OWNER) as work:
        kinds = list(work.session.scalars(select(EventRow.kind)))
        assert kinds.count("push.exhausted") == 1
        assert work.by_key(JobRow, "J1").state is JobState.OPEN


def test_who_does_not_answer_in_time_is_followed_too(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    push = send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL)
    clock.now += timedelta(seconds=PATIENCE_S)
    late = pushes(database)[0].technician_id
    with pytest.raises(Refused) as over:
        accept_push(database, OWNER, push, late, TRAVEL)
    assert code(over) == "state.push"
    assert time_out_pushes(database, OWNER, TRAVEL) == 1
    first, second = pushes(database)
    assert (first.state, second.state) == (PushState.TIMED_OUT, PushState.SENT)
    assert second.technician_id != late
    assert time_out_pushes(database, OWNER, TRAVEL) == 0


def test_a_chain_goes_on_after_its_process_was_killed(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = technician(database, "T1")
    push = send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, technician=one)
    monkeypatch.setattr(send, "next_candidate", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        decline_push(database, OWNER, push, one, TRAVEL, reason="")
    monkeypatch.undo()
    assert len(pushes(database)) == 1
    time_out_pushes(database, OWNER, TRAVEL)
    assert [row.state for row in pushes(database)] == [PushState.DECLINED, PushState.SENT]


def test_a_chain_waits_for_travel_times_that_do_not_answer(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    """However often: nobody has said that nobody can, so the next one is asked when they do."""
    one, two = technician(database, "T1"), technician(database, "T2")
    push = send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, technician=one)
    decline_push(database, OWNER, push, one, Away(), reason="")
    for _ in range(2):
        time_out_pushes(database, OWNER, Away())
    (declined,) = pushes(database)
    assert (declined.state, declined.followed) == (PushState.DECLINED, False)
    time_out_pushes(database, OWNER, TRAVEL)
    assert [row.technician_id for row in pushes(database)] == [one, two]
    clock.now += timedelta(seconds=PATIENCE_S)
    assert time_out_pushes(database, OWNER, Away()) == 1
    with database.work(OWNER) as work:
        assert "push.exhausted" not in set(work.session.scalars(select(EventRow.kind)))
    time_out_pushes(database, OWNER, TRAVEL)  # and now somebody says that nobody is left
    with database.work(OWNER) as work:
        assert list(work.session.scalars(select(EventRow.kind))).count("push.exhausted") == 1


def test_who_is_asked_next_is_asked_for_nothing_that_the_pool_has_by_then(
    desk: Desk, database: Database
) -> None:
    visit = visit_of(database, "J1").id
    one = technician(database, "T1")
    push = send_push(database, OWNER, visit, TRAVEL, technician=one)
    decline_push(database, OWNER, push, one, Away(), reason="")  # nobody could be asked next
    offer_visit(database, OWNER, visit, fee_minor=100, expires_at=at(20))
    time_out_pushes(database, OWNER, TRAVEL)
    assert [(row.state, row.followed) for row in pushes(database)] == [(PushState.DECLINED, True)]


def test_a_job_is_offered_until_nobody_is_left_to_ask(desk: Desk, database: Database) -> None:
    """Also while the next one cannot be found: the record is as sound then as before."""
    one, two = technician(database, "T1"), technician(database, "T2")
    visit = visit_of(database, "J1").id
    seen = []
    push = send_push(database, OWNER, visit, TRAVEL, technician=one)
    for step in (
        lambda: decline_push(database, OWNER, push, one, Away(), reason=""),
        lambda: time_out_pushes(database, OWNER, TRAVEL),
        lambda: decline_push(database, OWNER, pushes(database)[-1].id, two, Away(), reason=""),
        lambda: time_out_pushes(database, OWNER, TRAVEL),
    ):
        step()
        with database.work(OWNER) as work:
            seen.append(work.get(VisitRow, visit).job.state)
        assert audit(database).findings == ()
    assert seen == [JobState.OFFERED] * 3 + [JobState.OPEN]


def test_a_dispatcher_is_told_that_travel_times_do_not_answer(
    desk: Desk, database: Database
) -> None:
    with pytest.raises(Unavailable):
        send_push(database, OWNER, visit_of(database, "J1").id, Away())
    assert pushes(database) == []


def test_of_many_who_see_a_time_run_out_one_asks_the_next(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL)
    clock.now += timedelta(seconds=PATIENCE_S)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: time_out_pushes(database, OWNER, TRAVEL), range(6)))
    assert [row.state for row in pushes(database)] == [PushState.TIMED_OUT, PushState.SENT]


@pytest.mark.parametrize("how", ["pushed", "offered", "assigned", "held"])
def test_what_is_not_free_is_pushed_to_nobody(desk: Desk, database: Database, how: str) -> None:
    visit, one = visit_of(database, "J1"), technician(database, "T1")
    if how == "pushed":
        send_push(database, OWNER, visit.id, TRAVEL)
    elif how == "offered":
        until = database.clock() + timedelta(hours=1)
        offer_visit(database, OWNER, visit.id, fee_minor=1, expires_at=until)
    elif how == "assigned":
        assign_visit(database, OWNER, visit.id, one, TRAVEL)
    else:
        hold_job(database, OWNER, visit.job_id, why="waits")
    with pytest.raises(DispatchError) as refused:
        send_push(database, OWNER, visit.id, TRAVEL, technician=one)
    assert getattr(refused.value, "code", "") == "push.not-free"


def test_a_visit_that_somebody_is_asked_to_take_is_not_offered(
    desk: Desk, database: Database
) -> None:
    visit = visit_of(database, "J1")
    send_push(database, OWNER, visit.id, TRAVEL)
    until = database.clock() + timedelta(hours=1)
    with pytest.raises(Refused) as refused:
        offer_visit(database, OWNER, visit.id, fee_minor=1, expires_at=until)
    assert code(refused) == "offer.not-free"


def test_who_is_asked_no_longer_cannot_accept(desk: Desk, database: Database) -> None:
    visit = visit_of(database, "J1")
    push = send_push(database, OWNER, visit.id, TRAVEL)
    asked = pushes(database)[0].technician_id
    withdraw_push(database, OWNER, push)
    with pytest.raises(Refused):
        accept_push(database, OWNER, push, asked, TRAVEL)
    second = send_push(database, OWNER, visit.id, TRAVEL)
    assign_visit(database, OWNER, visit.id, technician(database, "T1"), TRAVEL)
    with pytest.raises(Refused) as taken:
        accept_push(database, OWNER, second, asked, TRAVEL)
    assert code(taken) == "state.push"
    desk.publish(desk.plan())


def test_the_time_to_think_has_bounds(desk: Desk, database: Database) -> None:
    with pytest.raises(InvalidValue):
        send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, patience_s=1)


def test_a_visit_is_handed_on_three_times_and_then_a_manager_decides(
    desk: Desk, database: Database
) -> None:
    visit = visit_of(database, "J1")
    people = [technician(database, key) for key in ("T1", "T2")]
    assign_visit(database, OWNER, visit.id, people[0], TRAVEL)
    for turn in range(MOST):
        to = people[(turn + 1) % 2]
        transfer_visit(database, OWNER, visit.id, TRAVEL, reason="the van broke down", to=to)
        assert visit_of(database, "J1").technician_id == to
    with pytest.raises(Refused) as limit:
        transfer_visit(database, OWNER, visit.id, TRAVEL, reason="again", to=people[0])
    assert code(limit) == "transfer.limit"
    transfer_visit(database, OWNER, visit.id, TRAVEL, reason="decided", limited=False)
    assert visit_of(database, "J1").state is VisitState.UNSCHEDULED


def test_whoever_gets_a_visit_by_hand_sees_it_at_once(desk: Desk, database: Database) -> None:
    visit = visit_of(database, "J1")
    one, two = technician(database, "T1"), technician(database, "T2")
    assign_visit(database, OWNER, visit.id, one, TRAVEL)
    assert visit_of(database, "J1").state is VisitState.SCHEDULED  # nobody was told of it so far
    transfer_visit(database, OWNER, visit.id, TRAVEL, reason="the van broke down", to=two)
    assert visit_of(database, "J1").state is VisitState.DISPATCHED
    assign_visit(database, OWNER, visit.id, one, TRAVEL)
    assert visit_of(database, "J1").state is VisitState.DISPATCHED
    with database.work(OWNER) as work:
        assert list(work.session.scalars(select(EventRow.kind))).count("visit.told") == 2


@pytest.mark.parametrize("days", [-3, 1])
def test_a_visit_is_given_to_nobody_on_a_day_that_is_not_its_jobs(
    desk: Desk, database: Database, days: int
) -> None:
    visit, one = visit_of(database, "J1"), technician(database, "T1")
    with database.work(OWNER) as work:
        job = work.get(JobRow, visit.job_id)
        other = (job.earliest if days < 0 else job.latest).date() + timedelta(days=days)
    with pytest.raises(Refused) as refused:
        assign_visit(database, OWNER, visit.id, one, TRAVEL, day=other)
    assert code(refused) == "assign.not-this-day"


@pytest.mark.parametrize("what", ["push", "offer"])
def test_who_is_held_up_at_a_visit_holds_up_nobody(
    desk: Desk, database: Database, what: str
) -> None:
    """Visits are held first: what hangs on one is not held while somebody waits for it."""
    visit, until = visit_of(database, "J1"), database.clock() + timedelta(hours=1)
    table: type[PushRow | OfferRow] = PushRow if what == "push" else OfferRow
    if what == "push":
        made = send_push(database, OWNER, visit.id, TRAVEL)
    else:
        made = offer_visit(database, OWNER, visit.id, fee_minor=1, expires_at=until)
    withdraw = withdraw_push if what == "push" else withdraw_offer
    with ThreadPoolExecutor(1) as pool:
        with database.work(OWNER) as work:
            work.get(VisitRow, visit.id, lock=True)
            waiting = pool.submit(withdraw, database, OWNER, made)
            _wait_for_waiting(database)
            for held, row in ((JobRow, visit.job_id), (table, made)):
                query = select(held.id).where(held.id == row).with_for_update(nowait=True)
                assert work.session.scalars(query).one() == row
        waiting.result()


def _wait_for_waiting(database: Database) -> None:
    """Until somebody waits for a row that somebody else holds."""
    asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    end = time.monotonic() + 30
    with database.connect() as connection:
        while not connection.scalar(asked):
            assert time.monotonic() < end
            time.sleep(0.02)


def test_what_is_not_ones_own_is_not_handed_on(desk: Desk, database: Database) -> None:
    visit = visit_of(database, "J1")
    one, two = technician(database, "T1"), technician(database, "T2")
    with pytest.raises(Refused) as nobody:
        transfer_visit(database, OWNER, visit.id, TRAVEL, reason="x", to=one)
    assert code(nobody) == "pin.nowhere"
    assign_visit(database, OWNER, visit.id, one, TRAVEL)
    with pytest.raises(Missing):
        transfer_visit(database, OWNER, visit.id, TRAVEL, reason="x", to=one, owner=two)
    with pytest.raises(Refused) as same:
        transfer_visit(database, OWNER, visit.id, TRAVEL, reason="x", to=one)
    assert code(same) == "transfer.same"
    with pytest.raises(InvalidValue):
        transfer_visit(database, OWNER, visit.id, TRAVEL, reason=" ", to=two)
    assert visit_of(database, "J1").technician_id == one


def test_who_has_left_is_not_asked(desk: Desk, database: Database) -> None:
    """Also if a dispatcher names them."""
    gone = technician(database, "T1")
    end_employment(database, OWNER, gone, why="x")
    with pytest.raises(Refused) as refused:
        send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, technician=gone)
    assert code(refused) == "technician.ended"
    assert pushes(database) == []


def test_what_somebody_was_asked_who_leaves_is_open_again(desk: Desk, database: Database) -> None:
    one = technician(database, "T1")
    send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, technician=one)
    end_employment(database, OWNER, one, why="x")
    assert [push.state for push in pushes(database)] == [PushState.WITHDRAWN]
    with database.work(OWNER) as work:
        assert work.by_key(JobRow, "J1").state is JobState.OPEN


def test_a_push_can_be_judged_without_a_name_or_an_address(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    one = technician(database, "T1")
    assign_visit(database, OWNER, visit_of(database, "J2").id, one, TRAVEL)
    send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, technician=one)
    (asked,) = look_at_pushes(database, OWNER, one, TRAVEL)
    assert (asked.job_type, asked.area, asked.fee_minor) == ("repair", "right", None)
    assert asked.extra is not None
    # East and back, and the hour: ten minutes each way more than west and back.
    extra = asked.extra
    assert (extra.travel_s, extra.distance_m, extra.duration_s) == (1_200, 12_000, 4_800)
    assert extra.per_hour_minor is None
    assert look_at_pushes(database, OWNER, technician(database, "T2"), TRAVEL) == []


def test_what_is_told_of_a_push_is_rounded(database: Database, clock: SetClock) -> None:
    """Ten minutes and 26 seconds there, and 6.26 kilometres: nobody finds a door by them."""
    near = replace(SITES[0], position=spot(10.43))
    wanted = made_day(
        [job("J1", windows=(window(9, 12),))], [person("T1")], sites=(near, *SITES[1:])
    )
    Desk(database).imported(wanted)
    one = technician(database, "T1")
    send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, technician=one)
    (asked,) = look_at_pushes(database, OWNER, one, TRAVEL)
    assert asked.extra is not None
    extra = asked.extra
    assert (extra.travel_s % 60, extra.duration_s % 60, extra.distance_m % 1_000) == (0, 0, 0)
    assert extra.travel_s == 1_260
    assert extra.starts_at.second == 0
    assert (asked.window_from, asked.window_to) == (at(9), at(12))


def test_without_travel_times_the_rest_of_a_push_is_told(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    one = technician(database, "T1")
    send_push(database, OWNER, visit_of(database, "J1").id, TRAVEL, technician=one)
    (asked,) = look_at_pushes(database, OWNER, one, Away())
    assert (asked.job_type, asked.extra) == ("repair", None)
