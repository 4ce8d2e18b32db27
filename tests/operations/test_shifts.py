"""When people work, and what becomes of visits that a changed shift has no room for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk, two_technicians
from tests.planning.made import at, job, shift, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.job import PinLevel
from dispatch.domain.shift import Anchor, AnchorKind
from dispatch.domain.states.visit import VisitState
from dispatch.errors import DispatchError, InvalidValue, Missing, Refused, Stale
from dispatch.operations.board.assign import assign_visit, pin_visit, unassign_visit
from dispatch.operations.board.candidates import candidates
from dispatch.operations.network.room import VisitsThen
from dispatch.operations.network.shifts import add_shift, change_shift, remove_shift
from dispatch.operations.network.technicians import end_employment
from dispatch.operations.network.weekly import WeeklyBreak, WeeklyPattern, add_weekly_shifts
from dispatch.store.board import board_of, span_of, zone_of
from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.snapshot import snapshot

WEEKDAYS = WeeklyPattern(
    key="week",
    weekdays=(1, 2, 3, 4, 5),
    first=date(2026, 3, 23),
    last=date(2026, 4, 5),
    start="08:00",
    end="16:30",
    breaks=(WeeklyBreak(earliest="11:30", latest="12:30", duration_s=1_800),),
    but=(date(2026, 4, 3),),
)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Four jobs are planned for two people."""
    made = Desk(database).imported(two_technicians())
    made.publish(made.plan())
    return made


def person(database: Database, key: str = "T1") -> TechnicianRow:
    with database.work(OWNER) as work:
        row = work.by_key(TechnicianRow, key)
        assert row.shifts is not None
        return row


def theirs(database: Database, row: ShiftRow) -> list[VisitRow]:
    with database.work(OWNER) as work:
        query = select(VisitRow).where(VisitRow.shift_id == row.id).order_by(VisitRow.start_at)
        return list(work.session.scalars(query))


def busy(database: Database) -> ShiftRow:
    """The shift of whoever has something to do."""
    with database.work(OWNER) as work:
        visit = work.session.scalars(
            select(VisitRow).where(VisitRow.shift_id.is_not(None)).order_by(VisitRow.start_at)
        ).first()
        assert visit is not None
        assert visit.shift is not None
        return visit.shift


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        do()
    return error.value.code


def version(database: Database) -> int:
    with database.work(OWNER) as work:
        return board_of(work.session, DATE).version


def test_a_shift_is_added_and_the_board_and_the_log_know(database: Database) -> None:
    Desk(database).imported(two_technicians())
    before, row = version(database), person(database)
    add_shift(database, OWNER, row.id, shift(18, 20, name="evening", overtime_s=600))
    after = person(database)
    assert [each.key for each in after.shifts] == ["day", "evening"]
    assert after.version == row.version + 1
    assert version(database) == before + 1
    with database.work(OWNER) as work:
        added = select(EventRow).where(EventRow.kind == "shift.added")
        event = work.session.scalars(added.order_by(EventRow.number.desc())).first()
    assert event is not None
    assert event.after is not None
    assert event.after["said"] == {"overtime_s": 600}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (shift(15, 18, name="more"), "shift.overlap"),
        (shift(6, 20, name="more"), "shift.overlap"),
        (
            shift(18, 20, name="more", start_at=Anchor(kind=AnchorKind.OUTLET, id="hub")),
            "store.missing",
        ),
        (
            shift(18, 20, name="more", end_at=Anchor(kind=AnchorKind.SITE, id="nowhere")),
            "store.missing",
        ),
    ],
)
def test_what_cannot_be_worked_is_refused(database: Database, given: object, code: str) -> None:
    Desk(database).imported(two_technicians())
    row = person(database)
    with pytest.raises((Refused, Missing)) as error:
        add_shift(database, OWNER, row.id, given)  # type: ignore[arg-type]
    assert error.value.code == code
    assert len(person(database).shifts) == 1


def test_a_shift_does_not_reach_into_one_of_another_day(desk: Desk, database: Database) -> None:
    """The next day's is not of those that are at hand after the visits of this day were seen."""
    row = busy(database)
    early = replace(
        shift(0, 6, name="early"), start=at(0) + timedelta(days=1), end=at(6) + timedelta(days=1)
    )
    add_shift(database, OWNER, row.technician_id, early)
    longer = shift(8, 26)

    def change() -> None:
        change_shift(database, OWNER, row.id, longer, TRAVEL, expected=row.version)

    assert refused(change) == "shift.overlap"


def test_shifts_that_meet_do_not_overlap(database: Database) -> None:
    Desk(database).imported(two_technicians())
    add_shift(database, OWNER, person(database).id, shift(16, 20, name="evening"))
    assert len(person(database).shifts) == 2


def test_a_week_comes_again_by_the_wall_clock(database: Database) -> None:
    """The clocks of Stockholm go forward on 29 March 2026; Good Friday is off."""
    Desk(database).imported(two_technicians())
    made = add_weekly_shifts(database, OWNER, person(database).id, WEEKDAYS)
    rows = [row for row in person(database).shifts if row.key == "week"]
    assert len(made) == len(rows) == 9
    assert {row.start_at.isoweekday() for row in rows} <= {1, 2, 3, 4, 5}
    hours = {row.start_at.astimezone(at(0).tzinfo).date(): _utc(row.start_at) for row in rows}
    assert hours[date(2026, 3, 27)] == "07:00"
    assert hours[date(2026, 3, 30)] == "06:00"
    assert date(2026, 4, 3) not in hours
    assert _utc(datetime.fromisoformat(rows[-1].said["breaks"][0]["earliest"])) == "09:30"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%H:%M")


def test_nights_end_on_the_next_day_and_all_of_a_pattern_is_made_or_nothing(
    database: Database,
) -> None:
    Desk(database).imported(two_technicians())
    row = person(database)
    nights = replace(
        WEEKDAYS,
        key="night",
        start="22:00",
        end="06:00",
        breaks=(WeeklyBreak(earliest="01:00", latest="02:30", duration_s=600),),
        last=date(2026, 3, 27),
    )
    add_weekly_shifts(database, OWNER, row.id, nights)
    made = [each for each in person(database).shifts if each.key == "night"]
    assert {each.end_at - each.start_at for each in made} == {timedelta(hours=8)}
    late = replace(WEEKDAYS, first=date(2026, 3, 16), start="14:00", end="23:00", breaks=())
    assert refused(lambda: add_weekly_shifts(database, OWNER, row.id, late)) == "shift.overlap"
    assert len(person(database).shifts) == 1 + 5
    none = replace(WEEKDAYS, weekdays=(7,), last=date(2026, 3, 27))
    assert refused(lambda: add_weekly_shifts(database, OWNER, row.id, none)) == "shift.no-day"
    with pytest.raises(InvalidValue) as error:
        replace(WEEKDAYS, start="25:00")
    assert error.value.code == "speed.clock"
    gap = replace(WEEKDAYS, weekdays=(7,), start="02:30", end="08:00", breaks=(), but=(), key="gap")
    with pytest.raises(InvalidValue) as skipped:
        add_weekly_shifts(database, OWNER, row.id, gap)
    assert skipped.value.code == "time.gap"


def test_a_shift_with_visits_is_not_removed_unless_it_is_said_what_becomes_of_them(
    desk: Desk, database: Database
) -> None:
    row = busy(database)
    visits = theirs(database, row)
    remove = partial(remove_shift, database, OWNER, row.id, expected=row.version)
    assert refused(remove) == "shift.has-visits"
    assert len(theirs(database, row)) == len(visits)
    before = version(database)
    remove(visits=VisitsThen.FREE)
    with database.work(OWNER) as work:
        states = {work.get(VisitRow, visit.id).state for visit in visits}
        assert work.session.get(ShiftRow, row.id) is None
        kinds = set(work.session.scalars(select(EventRow.kind)))
    assert states == {VisitState.UNSCHEDULED}
    assert {"shift.removed", "visit.freed"} <= kinds
    assert version(database) > before
    desk.publish(desk.plan())


def test_a_shift_in_which_somebody_is_or_was_at_a_visit_stays(
    desk: Desk, database: Database
) -> None:
    row = busy(database)
    visit = theirs(database, row)[0]
    for state, code in (
        (VisitState.ON_SITE, "shift.under-way"),
        (VisitState.COMPLETED, "shift.worked"),
    ):
        with database.work(OWNER) as work:
            work.get(VisitRow, visit.id).state = state
            work.commit()
        gone = partial(
            remove_shift, database, OWNER, row.id, expected=row.version, visits=VisitsThen.FREE
        )
        assert refused(gone) == code


def test_a_shortened_shift_keeps_what_can_be_done_in_it_and_frees_the_rest(
    desk: Desk, database: Database
) -> None:
    """Each visit takes an hour, ten minutes from home: the last one ends just too late."""
    row = busy(database)
    visits = theirs(database, row)
    last = visits[-1].end_at
    assert last is not None
    shorter = replace(shift(8, 16), end=last + timedelta(minutes=5))  # home is ten minutes away

    def change(then: VisitsThen) -> None:
        change_shift(database, OWNER, row.id, shorter, TRAVEL, expected=row.version, visits=then)

    assert refused(lambda: change(VisitsThen.KEEP)) == "shift.has-visits"
    change(VisitsThen.FREE)
    assert [visit.id for visit in theirs(database, row)] == [visit.id for visit in visits[:-1]]
    with pytest.raises(Stale):
        change(VisitsThen.FREE)
    desk.publish(desk.plan())


def test_a_longer_shift_leaves_its_visits_alone(desk: Desk, database: Database) -> None:
    row = busy(database)
    before = theirs(database, row)
    change_shift(database, OWNER, row.id, shift(7, 18), TRAVEL, expected=row.version)
    assert [visit.start_at for visit in theirs(database, row)] == [
        visit.start_at for visit in before
    ]


def test_what_was_late_already_is_not_the_fault_of_a_longer_shift(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    row = busy(database)
    clock.now = at(15.5)  # far too late for what was planned for the morning
    change_shift(database, OWNER, row.id, shift(8, 17), TRAVEL, expected=row.version)
    assert theirs(database, row)


def test_nobody_who_has_left_gets_a_shift(database: Database) -> None:
    Desk(database).imported(two_technicians())
    row = person(database)
    end_employment(database, OWNER, row.id, why="moved away")
    evening = shift(18, 20, name="evening")
    assert refused(lambda: add_shift(database, OWNER, row.id, evening)) == "technician.ended"
    with pytest.raises(DispatchError):
        add_shift(database, OWNER, UUID(int=7), evening)


def test_shifts_of_one_name_on_one_day_are_told_apart(database: Database) -> None:
    """The second has its own name, everywhere the same."""
    jobs = [
        job("J1", windows=(window(8, 10),)),
        job("J2", windows=(window(12, 14),)),
        job("J3", windows=(window(16, 18),)),
        job("J4", windows=(window(12, 14),)),
    ]
    people = [technician("T1", shifts=(shift(7, 11, "x"),))]
    desk = Desk(database).imported(made_day(jobs, people))
    who = person(database)
    add_shift(database, OWNER, who.id, shift(16, 19, "x"))
    add_shift(database, OWNER, who.id, shift(12, 15, "x"))
    assert desk.publish(desk.plan()).conflicts == ()
    with database.work(OWNER) as work:
        rows = {row.job.key: row.id for row in work.session.scalars(select(VisitRow))}
        span = span_of(DATE, zone_of(work.session))
        before = snapshot(work.session, "again", span)
        ids = {row.id for row in work.session.scalars(select(ShiftRow))}
    (me,) = before.technicians
    assert [entry.id for entry in me.shifts] == ["x", "x@2026-03-03", "x@2026-03-03#2"]
    told = {entry.shift for one in before.jobs for entry in one.published}
    assert told == {entry.id for entry in me.shifts}
    for name in ("J2", "J3"):
        pin_visit(database, OWNER, rows[name], PinLevel.TIME)
    unassign_visit(database, OWNER, rows["J4"])
    choice = candidates(database, OWNER, rows["J4"], TRAVEL, day=DATE)
    assert (choice.broken, [able.technician for able in choice.able]) == ((), [who.id])
    assign_visit(database, OWNER, rows["J4"], who.id, TRAVEL)
    assert desk.publish(desk.plan()).conflicts == ()
    with database.work(OWNER) as work:
        owners = set(work.session.scalars(select(VisitRow.technician_id)))
    assert owners == {who.id}

    Desk(database).imported(before)  # what is read back are the same shifts
    with database.work(OWNER) as work:
        assert {row.id for row in work.session.scalars(select(ShiftRow))} == ids
