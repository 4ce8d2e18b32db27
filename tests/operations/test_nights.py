"""A shift over midnight is of the day on which it begins, and so is all that is done in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL
from tests.operations.nights import EVE, NEXT, a_night, board, night, plan
from tests.operations.phones import outcomes, say, whole
from tests.operations.pools import (
    PHONE,
    claim,
    code,
    limits,
    offer,
    owner_of,
    person,
    rules,
    visit_of,
)
from tests.planning.made import ZONE, at, job, shift, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.shift import Absence
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Refused
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.board.candidates import candidates
from dispatch.operations.board.release import release_day
from dispatch.operations.exports.calendar import calendar_of
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.create import create_job, edit_job
from dispatch.operations.network.absences import add_absence
from dispatch.operations.network.shifts import add_shift
from dispatch.operations.pool.look import look_at_pool
from dispatch.operations.push.answer import accept_push
from dispatch.operations.push.send import send_push
from dispatch.operations.push.transfer import transfer_visit
from dispatch.store.board import span_of
from dispatch.store.database import Database
from dispatch.store.own_route import stop_lines
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.plans import BoardRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.working_day import working_day


@pytest.fixture
def works(database: Database, clock: SetClock) -> Database:
    """A night of work is known, and nothing of it is planned; it is eight in the evening."""
    clock.now = at(7)
    import_day(database, OWNER, a_night())
    return database


def stops(database: Database, key: str, day: date) -> list[str]:
    """What somebody is told of a day."""
    span = span_of(day, ZoneInfo(ZONE))
    with database.work(OWNER) as work:
        owner = work.by_key(TechnicianRow, key).id
        return [line["job"] for line in stop_lines(work, owner, span)]


def version(database: Database, day: date) -> int:
    with database.work(OWNER) as work:
        query = select(BoardRow.version).where(BoardRow.day == day)
        return work.session.scalar(query) or 0


def hold(database: Database, key: str, who: str, day: date | None = None) -> None:
    assign_visit(
        database, OWNER, visit_of(database, key).id, person(database, who), TRAVEL, day=day
    )


def test_a_night_from_its_shift_to_the_last_visit(works: Database, clock: SetClock) -> None:
    assert board(works, EVE) == ([], ["J23", "J03", "J12"])
    plan(works, EVE)
    assert board(works, EVE) == (["J23", "J03", "J12"], [])
    assert board(works, NEXT) == ([], [])
    assert release_day(works, OWNER, NEXT) == 0
    assert release_day(works, OWNER, EVE) == 3
    assert stops(works, "T1", EVE) == ["J23", "J03"]
    assert stops(works, "T1", NEXT) == []
    assert calendar_of(works, PHONE, person(works, "T1")).count(b"BEGIN:VEVENT") == 2
    for key, hour in (("J23", 24.5), ("J03", 28.5)):
        clock.now = at(hour)
        visit = visit_of(works, key)
        said = [replace(step, happened_at=at(hour)) for step in whole(visit)]
        assert outcomes(say(works, visit, *said, device=f"phone-{key}")) == ["applied"] * 4
        assert visit_of(works, key).state is VisitState.COMPLETED
    assert stops(works, "T1", EVE) == ["J23", "J03"]


def test_a_plan_at_three_goes_on_with_the_night_that_began_the_day_before(
    works: Database, clock: SetClock
) -> None:
    plan(works, EVE)
    clock.now = at(24.5)
    create_job(works, OWNER, job("J04", windows=(window(28, 29.5),)))
    plan(works, NEXT)
    assert board(works, NEXT) == ([], ["J04"])
    assert owner_of(works, "J03") == "T1"
    assert visit_of(works, "J03").start_at == at(27)
    plan(works, EVE)
    assert owner_of(works, "J04") == "T1"
    assert board(works, EVE) == (["J03", "J04"], ["J23", "J12"])  # two are in the past, not begun
    assert board(works, NEXT) == ([], [])


def test_what_has_no_window_of_its_own_is_for_those_who_begin_on_its_day(works: Database) -> None:
    more = made_day([job("J1")], [technician("T2", shifts=())], start=at(24), end=at(48))
    import_day(works, OWNER, more)
    assert "J1" not in board(works, EVE)[1]
    assert board(works, NEXT)[1] == ["J03", "J1"]


def test_a_file_that_ends_with_the_night_says_nothing_of_the_next_day(
    works: Database, clock: SetClock
) -> None:
    add_shift(works, OWNER, person(works, "T1"), shift(30.5, 31, name="early"))
    again = a_night()
    import_day(works, OWNER, made_day([*again.jobs, job("J1")], again.technicians, end=at(30)))
    with works.work(OWNER) as work:
        assert set(work.session.scalars(select(ShiftRow.key))) == {"night", "early", "day"}
    assert "J1" in board(works, EVE)[1]
    assert "J1" not in board(works, NEXT)[1]


def test_a_claim_at_night_looks_at_what_is_to_be_done_after_midnight(
    works: Database, clock: SetClock
) -> None:
    """J03 takes until four; J04 would begin before that, and J05 fits behind it."""
    hold(works, "J03", "T1")
    create_job(works, OWNER, job("J04", windows=(window(27, 27.5),)))
    create_job(works, OWNER, job("J05", windows=(window(28, 29),)))
    wrong, right = offer(works, "J04"), offer(works, "J05")
    assert [
        (told.offer, told.day) for told in look_at_pool(works, PHONE, person(works, "T1"), TRAVEL)
    ] == [(right, EVE)]
    assert claim(works, wrong, "T1") == "claim.misfit"
    assert claim(works, right, "T1") == "won"
    assert board(works, EVE)[0] == ["J03", "J05"]
    assert board(works, NEXT) == ([], ["J04"])


def test_who_works_until_late_in_the_morning_is_not_given_the_same_time_by_the_next_day(
    works: Database,
) -> None:
    """An hour of overtime at the end of the night, and a shift that begins within it."""
    create_job(works, OWNER, job("J06", windows=(window(30, 30),)))
    create_job(works, OWNER, job("J07", windows=(window(30.25, 30.75),)))
    people = [technician("T1", shifts=(night(overtime_s=7_200),))]
    import_day(works, OWNER, made_day([], people, end=at(30)))
    add_shift(works, OWNER, person(works, "T1"), shift(30, 38, name="early"))
    hold(works, "J06", "T1", EVE)
    with pytest.raises(Refused) as raised:
        hold(works, "J07", "T1", NEXT)
    assert code(raised) == "claim.misfit"
    plan(works, NEXT)
    assert owner_of(works, "J07") is None


def test_an_absence_after_midnight_is_kept_and_frees_what_meets_it(works: Database) -> None:
    hold(works, "J03", "T1")
    before = version(works, EVE)
    add_absence(works, OWNER, person(works, "T1"), start=at(26), end=at(30))
    assert owner_of(works, "J03") is None
    assert version(works, EVE) > before
    with pytest.raises(Refused) as raised:
        hold(works, "J03", "T1")
    assert code(raised) == "claim.misfit"
    plan(works, EVE)
    assert owner_of(works, "J23") == "T1"
    assert owner_of(works, "J03") is None


def test_an_absence_of_a_file_after_midnight_is_kept(works: Database) -> None:
    away = Absence(start=at(26), end=at(30))
    people = [technician("T1", shifts=(night(),), absences=(away,)), technician("T2")]
    given = made_day(a_night().jobs, people, end=at(30))
    for changed in (1, 0):
        done = import_day(works, OWNER, given)
        assert done.kinds["technician"].changed == changed
    plan(works, EVE)
    assert owner_of(works, "J03") is None


def test_who_could_do_it_at_night_is_who_works_then(works: Database) -> None:
    found = candidates(works, OWNER, visit_of(works, "J03").id, TRAVEL)
    assert found.day == EVE
    assert [able.technician for able in found.able] == [person(works, "T1")]


def test_a_push_of_the_night_is_accepted_for_it(works: Database) -> None:
    push = send_push(works, OWNER, visit_of(works, "J03").id, TRAVEL)
    visit = accept_push(works, PHONE, push, person(works, "T1"), TRAVEL)
    assert visit == visit_of(works, "J03").id
    assert board(works, EVE)[0] == ["J03"]
    assert stops(works, "T1", EVE) == ["J03"]


def test_a_visit_after_midnight_is_handed_on_within_its_night(works: Database) -> None:
    add_shift(works, OWNER, person(works, "T2"), night())
    hold(works, "J03", "T1")
    transfer_visit(
        works, OWNER, visit_of(works, "J03").id, TRAVEL, reason="car", to=person(works, "T2")
    )
    assert owner_of(works, "J03") == "T2"
    assert board(works, EVE)[0] == ["J03"]


def test_an_edit_leaves_a_visit_after_midnight_where_it_is(works: Database) -> None:
    hold(works, "J03", "T1")
    row = visit_of(works, "J03")
    edited = job("J03", windows=(window(27, 28.5),), site="west")
    edit_job(works, OWNER, row.job_id, edited, expected=None)
    assert owner_of(works, "J03") == "T1"
    moved = job("J03", windows=(window(36, 38),), site="west")
    edit_job(works, OWNER, row.job_id, moved, expected=None)
    assert owner_of(works, "J03") is None


def test_what_is_won_after_midnight_counts_for_the_day_of_the_shift(
    works: Database, clock: SetClock
) -> None:
    rules(works, claims_a_day=1)
    for number, start in enumerate((27, 28, 28.5)):
        create_job(works, OWNER, job(f"K{number}", windows=(window(start, start + 0.5),)))
    offers = [offer(works, f"K{number}", until=at(40)) for number in range(3)]
    clock.now = at(23)
    assert claim(works, offers[0], "T1") == "won"
    clock.now = at(25)
    assert claim(works, offers[2], "T1") == "claim.daily"
    limits(works, "T1", claims_a_day=2)
    assert claim(works, offers[2], "T1") == "won"


def test_the_day_of_somebody_is_that_of_their_shift(works: Database, clock: SetClock) -> None:
    expected = (
        (21, EVE, at(0)),
        (23, EVE, at(0)),
        (29, EVE, at(0)),
        (31, NEXT, at(30)),
        (47, NEXT, at(30)),
    )
    add_shift(works, OWNER, person(works, "T1"), night(1))
    for hour, day, since in expected:
        with works.work(OWNER) as work:
            found = working_day(work.session, person(works, "T1"), at(hour))
        assert (found.date, found.since) == (day, since), hour


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_work_no_visit_is_on_no_board_or_on_two(
    database: Database, clock: SetClock, seed: int
) -> None:
    """Three days with shifts and windows at any hour, planned one after the other and again."""
    clock.now = at(-12)
    chance = np.random.default_rng(seed)
    people = [technician(f"T{number}", shifts=()) for number in range(4)]
    import_day(database, OWNER, made_day([], people, start=at(-24), end=at(96)))
    for number in range(4):
        hour = float(chance.integers(-2, 12))
        while hour < 72:
            length = float(chance.integers(3, 12))
            more = {"name": f"at {hour:.0f}", "overtime_s": int(chance.integers(0, 2) * 3_600)}
            own = shift(hour, hour + length, **more)
            add_shift(database, OWNER, person(database, f"T{number}"), own)
            hour += length + float(chance.integers(0, 14))
    for number in range(24):
        opens = float(chance.integers(0, 80))
        site = str(chance.choice(["east", "west"]))
        wanted = job(f"J{number}", windows=(window(opens, opens + 3),), site=site)
        create_job(database, OWNER, wanted)
    days = [EVE + timedelta(days=number) for number in range(-2, 6)]
    for day in (*days[2:5], *days[2:5]):
        plan(database, day)
        boards = [board(database, day) for day in days]
        planned = [key for on_routes, _ in boards for key in on_routes]
        assert len(planned) == len(set(planned))
        with database.work(OWNER) as work:
            rows = work.session.scalars(select(VisitRow).join(VisitRow.job)).all()
            assert set(planned) == {row.job.key for row in rows if row.technician_id}
            waiting = {key for _, nobody in boards for key in nobody}
            assert waiting == {row.job.key for row in rows if not row.technician_id}
    assert len(planned) > 8
    see_nobody_twice(database)


def see_nobody_twice(database: Database) -> None:
    """See that nobody is at two places at once, or at work outside of a shift."""
    with database.work(OWNER) as work:
        routes: dict[UUID, list[VisitRow]] = {}
        query = select(VisitRow).join(JobRow).where(VisitRow.technician_id.is_not(None))
        for row in work.session.scalars(query.order_by(VisitRow.start_at)):
            assert row.technician_id is not None
            routes.setdefault(row.technician_id, []).append(row)
            assert row.shift is not None
            assert row.start_at is not None
            assert row.shift.start_at <= row.start_at
        for row_of in routes.values():
            for one, other in pairwise(row_of):
                assert one.end_at is not None
                assert other.start_at is not None
                assert one.end_at <= other.start_at
