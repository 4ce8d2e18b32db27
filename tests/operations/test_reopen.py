"""What is done can be gone to once more; what was done of it stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.databases import OWNER, SetClock
from tests.operations.bills import bill, owed, paid
from tests.operations.boards import DATE, TRAVEL, Desk
from tests.operations.goes import WHY, A, V, asked, found, states, told, worked
from tests.operations.phones import K, action, say, whole
from tests.planning.made import at, job, shift, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.job import Pin, PinLevel
from dispatch.domain.states.job import JobState
from dispatch.errors import InvalidInput, Refused
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.board.release import release_day
from dispatch.operations.execute.look import completion_of
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.create import create_job, edit_job
from dispatch.operations.jobs.decide import cancel_job, hold_job, prioritise_job, resume_job
from dispatch.operations.jobs.past import doubts_of
from dispatch.operations.jobs.reopen import reopen_job
from dispatch.operations.jobs.verify import verify_job
from dispatch.operations.network.outlets import OutletFacts, close_outlet, create_outlet
from dispatch.store.audit import audit
from dispatch.store.database import Database
from dispatch.store.reach import root_of
from dispatch.store.rows.jobs import JobRow, VisitRow

TOMORROW = DATE + timedelta(days=1)
LATER = window(24 + 9, 24 + 12)
"""Tomorrow in the morning."""


@pytest.mark.parametrize("verified", [False, True])
def test_whoever_did_it_is_to_go_once_more(database: Database, done: UUID, verified: bool) -> None:
    first = found(database).visits[0]
    if verified:
        verify_job(database, OWNER, done)
    reopen_job(database, OWNER, done, why=WHY)
    assert states(database) == [(0, 0, V.COMPLETED), (1, 0, V.UNSCHEDULED)]
    assert found(database).state is JobState.IN_PROGRESS
    (event,) = told(database, "job.reopened")
    assert event.note == WHY
    assert event.before is not None
    assert event.before["state"] == ("verified" if verified else "completed")
    again = found(database).visits[0]
    assert (again.version, again.start_at) == (first.version, first.start_at)
    assert completion_of(database, OWNER, first.id).visit == first.id
    assert audit(database).findings == ()


def test_only_what_is_done_is_reopened(database: Database, visit: VisitRow) -> None:
    for _ in range(2):
        with pytest.raises(Refused, match=r"state\.job"):
            reopen_job(database, OWNER, visit.job_id, why=WHY)
        say(database, visit, *whole(visit)[:2])
    cancelled = create_job(database, OWNER, job("J2"))
    cancel_job(database, OWNER, cancelled, why="x")
    with pytest.raises(Refused, match=r"state\.job"):
        reopen_job(database, OWNER, cancelled, why=WHY)


def test_nothing_is_charged_and_what_was_paid_stays(database: Database, done: UUID) -> None:
    owed(database, done, 5_000)
    paid(database, done, 5_000)
    before = bill(database, done)
    reopen_job(database, OWNER, done, why=WHY)
    assert bill(database, done) == before
    cancel_job(database, OWNER, done, why="It is dry.")
    assert bill(database, done) == before


def test_it_gets_new_windows_and_somebody_goes_then(
    database: Database, visit: VisitRow, done: UUID
) -> None:
    people = [technician(name, shifts=(shift(24 + 8, 24 + 16, "next"),)) for name in ("T1", "T2")]
    import_day(database, OWNER, made_day([], people, start=at(24), end=at(48)))
    reopen_job(database, OWNER, done, why=WHY, windows=[LATER])
    row = found(database)
    assert (row.earliest, row.latest) == (LATER.start, LATER.end)
    assert visit.technician_id is not None
    assign_visit(database, OWNER, row.visits[-1].id, visit.technician_id, TRAVEL, day=TOMORROW)
    start = found(database).visits[-1].start_at
    assert start is not None
    assert LATER.start <= start <= LATER.end


def doubted(database: Database) -> list[str]:
    with database.work(OWNER) as work:
        return [doubt.code for doubt in doubts_of(work.by_key(JobRow, "J1"), work.now)]


def test_one_without_windows_may_be_done_from_now_on(
    database: Database, clock: SetClock, done: UUID
) -> None:
    clock.now = at(24 * 9)
    assert found(database).latest < clock.now
    reopen_job(database, OWNER, done, why=WHY)
    assert found(database).earliest == clock.now
    assert found(database).latest > clock.now + timedelta(days=7)
    assert doubted(database) == []


def test_one_whose_windows_are_over_is_warned_of_and_can_be_edited(
    database: Database, clock: SetClock, visit: VisitRow
) -> None:
    hours = window(8, 12)
    edit_job(database, OWNER, visit.job_id, job("J1", windows=(hours,)), expected=None)
    say(database, visit, *whole(visit))
    clock.now = at(24 * 9)
    assert doubted(database) == []
    reopen_job(database, OWNER, visit.job_id, why=WHY)
    assert found(database).latest == hours.end
    assert doubted(database) == ["job.past"]
    soon = window(24 * 9 + 1, 24 * 9 + 4)
    edit_job(database, OWNER, visit.job_id, job("J1", windows=(soon,)), expected=None)
    assert doubted(database) == []
    assert states(database) == [(0, 0, V.COMPLETED), (1, 0, V.UNSCHEDULED)]


def test_who_is_to_do_it_stays_and_when_does_not(database: Database, clock: SetClock) -> None:
    when = Pin(technician="T1", level=PinLevel.TIME, shift="day", start=at(9))
    who = Pin(technician="T1", level=PinLevel.TECHNICIAN, shift="day")
    pinned = [job("J1", pins=(who,)), job("J2", pins=(when,))]
    Desk(database).imported(made_day(pinned, [technician("T1"), technician("T2")]))
    desk = Desk(database)
    desk.publish(desk.plan())
    release_day(database, OWNER, DATE)
    clock.now = at(8)
    for key in ("J2", "J1"):
        worked(database, key)
        reopen_job(database, OWNER, found(database, key).id, why=WHY)
    desk.plan()
    pins = {entry.id: entry.pins for entry in desk.last.day.jobs}
    assert pins == {"J1": (replace(who, shift=None),), "J2": ()}


def test_it_can_be_given_up_and_is_completed_again(database: Database, done: UUID) -> None:
    reopen_job(database, OWNER, done, why=WHY)
    assert asked(database) == {A.HOLD, A.CANCEL}
    cancel_job(database, OWNER, done, why="It is dry.")
    assert states(database) == [(0, 0, V.COMPLETED), (1, 0, V.CANCELLED)]
    assert found(database).state is JobState.COMPLETED
    assert told(database, "job.cancelled") == []
    assert [event.note for event in told(database, "job.rest_cancelled")] == ["It is dry."]
    assert asked(database) == {A.VERIFY, A.REOPEN}
    with pytest.raises(Refused, match=r"job\.begun"):
        edit_job(database, OWNER, done, job("J1", priority=1), expected=None)
    reopen_job(database, OWNER, done, why=WHY)
    assert states(database).count((1, 0, V.UNSCHEDULED)) == 1
    assert audit(database).findings == ()


def test_one_that_is_given_up_keeps_its_new_windows_and_the_log_has_the_old(
    database: Database, visit: VisitRow
) -> None:
    hours = window(8, 12)
    edit_job(database, OWNER, visit.job_id, job("J1", windows=(hours,)), expected=None)
    say(database, visit, *whole(visit))
    before = found(database).said["windows"]
    reopen_job(database, OWNER, visit.job_id, why=WHY, windows=[LATER])
    cancel_job(database, OWNER, visit.job_id, why="It is dry.")
    row = found(database)
    assert (row.state, row.earliest, row.latest) == (JobState.COMPLETED, LATER.start, LATER.end)
    (event,) = told(database, "job.reopened")
    assert event.before is not None
    assert event.before["said"]["windows"] == before


def test_it_is_held_back_and_goes_on(database: Database, done: UUID) -> None:
    reopen_job(database, OWNER, done, why=WHY)
    hold_job(database, OWNER, done, why="Waits for a part.")
    assert asked(database) == {A.RESUME, A.CANCEL}
    resume_job(database, OWNER, done)
    assert found(database).state is JobState.IN_PROGRESS
    prioritise_job(database, OWNER, done, 1)


def test_nobody_edits_or_gives_up_what_somebody_is_at(
    database: Database, visit: VisitRow, done: UUID
) -> None:
    reopen_job(database, OWNER, done, why=WHY)
    rest = found(database).visits[-1]
    assert visit.technician_id is not None
    assign_visit(database, OWNER, rest.id, visit.technician_id, TRAVEL)
    release_day(database, OWNER, DATE)
    rest = found(database).visits[-1]
    say(database, rest, action(rest, 1, K.DEPART), device="phone-2")
    for do in (
        lambda: cancel_job(database, OWNER, done, why="x"),
        lambda: edit_job(database, OWNER, done, job("J1", priority=1), expected=None),
    ):
        with pytest.raises(Refused, match=r"job\.begun"):
            do()
    assert asked(database) == {A.HOLD}


@pytest.mark.parametrize("reopened", [False, True])
def test_a_file_may_move_it_as_what_is_left_of_any_job(
    database: Database, visit: VisitRow, reopened: bool
) -> None:
    """Before it is done the same file is refused; then the record wins, and then the file again."""
    people = [technician("T1"), technician("T2")]
    moved = made_day([job("J1", windows=(LATER,))], people)
    say(database, visit, *whole(visit)[:2])
    with pytest.raises(InvalidInput, match=r"import\.job\.begun"):
        import_day(database, OWNER, moved)
    say(database, visit, *whole(visit)[2:])
    if reopened:
        reopen_job(database, OWNER, visit.job_id, why=WHY)
    imported = import_day(database, OWNER, moved)
    codes = {finding.code for finding in imported.findings}
    assert ("import.job.over" in codes) is not reopened
    assert (found(database).earliest == LATER.start) is reopened


def test_nothing_comes_back_to_an_outlet_that_is_closed(database: Database, done: UUID) -> None:
    with database.work(OWNER) as work:
        top = root_of(work.session).id
    pier = create_outlet(database, OWNER, "pier", OutletFacts(parent=top))
    with database.work(OWNER) as work:
        row = work.get(JobRow, done)
        row.outlet_id = pier
        work.commit()
    close_outlet(database, OWNER, pier, why="sold")
    with pytest.raises(Refused, match=r"outlet\.closed"):
        reopen_job(database, OWNER, done, why=WHY)
    assert found(database).state is JobState.COMPLETED
