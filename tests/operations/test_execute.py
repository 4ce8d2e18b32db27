"""What technicians say counts once, is kept whatever becomes of it, and moves their visits."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select
from tests.databases import OWNER, SetClock
from tests.operations.phones import EAST, K, action, now, outcomes, say, whole
from tests.planning.made import at, spot

from dispatch.domain.action import Action, ActionKind, NotDone, Outcome, PauseReason
from dispatch.domain.position import Position
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import ENDED, VisitState
from dispatch.errors import InvalidValue, Missing, Refused
from dispatch.operations.board.assign import unassign_visit
from dispatch.operations.execute.settle import settle_conflict
from dispatch.operations.jobs.decide import hold_job
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.ids import new_id
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow


def test_a_visit_from_setting_off_to_done(database: Database, visit: VisitRow) -> None:
    assert outcomes(say(database, visit, *whole(visit))) == ["applied"] * 4
    with database.work(OWNER) as work:
        row = work.get(JobRow, visit.job_id)
        assert row.state is JobState.COMPLETED
        assert [part.state for part in row.visits] == [VisitState.COMPLETED]
        assert list(check_chain(work.session.connection())) == []


def test_said_twice_counts_once(database: Database, visit: VisitRow) -> None:
    first = say(database, visit, *whole(visit))
    assert say(database, visit, *whole(visit)) == first
    with database.work(OWNER) as work:
        assert work.session.scalar(select(func.count()).select_from(ActionRow)) == 4


def test_devices_of_two_technicians_may_have_one_name(database: Database, visit: VisitRow) -> None:
    with database.work(OWNER) as work:
        other = work.by_key(TechnicianRow, "T2").id
    theirs = say(database, visit, action(visit, 1, K.DEPART), by=other)
    assert outcomes(theirs) == ["action.not-yours"]
    assert outcomes(say(database, visit, action(visit, 1, K.DEPART))) == ["applied"]
    assert now(database, visit).state is VisitState.EN_ROUTE


def test_a_number_that_says_something_else_is_refused_and_kept(
    database: Database, visit: VisitRow
) -> None:
    first = say(database, visit, action(visit, 1, K.DEPART))
    other = say(database, visit, action(visit, 1, K.CHECK_IN, note="a phone that began again"))
    assert outcomes(other) == ["action.number-used"]
    assert say(database, visit, action(visit, 1, K.DEPART)) == first
    assert now(database, visit).state is VisitState.EN_ROUTE
    with database.work(OWNER) as work:
        query = select(EventRow.after).where(EventRow.kind == "action.number_used")
        assert work.session.scalars(query).one()["sent"]["note"] == "a phone that began again"


def test_the_order_is_that_of_the_numbers(database: Database, visit: VisitRow) -> None:
    assert outcomes(say(database, visit, *reversed(whole(visit)))) == ["applied"] * 4


def test_many_threads_with_the_same_batch_count_once(database: Database, visit: VisitRow) -> None:
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: say(database, visit, *whole(visit)), range(6)))
    assert all(outcomes(found) == ["applied"] * 4 for found in answers)


def test_a_step_left_out_is_rejected_with_its_reason(database: Database, visit: VisitRow) -> None:
    answers = say(database, visit, action(visit, 1, K.COMPLETE), action(visit, 2, K.START))
    assert outcomes(answers) == ["action.step", "action.step"]
    assert now(database, visit).state is VisitState.DISPATCHED


def test_who_forgot_to_say_they_left_may_still_arrive(database: Database, visit: VisitRow) -> None:
    assert outcomes(say(database, visit, action(visit, 1, K.CHECK_IN))) == ["applied"]


def test_a_check_in_far_away_needs_a_word(database: Database, visit: VisitRow) -> None:
    far = action(visit, 1, K.CHECK_IN, position=spot(0), accuracy_m=20.0)
    assert outcomes(say(database, visit, far)) == ["action.far"]
    unseen = replace(far, sequence=3, note="\u200b")
    assert outcomes(say(database, visit, unseen)) == ["action.far"]
    (answer,) = say(database, visit, replace(far, sequence=2, note="The gate is on the other side"))
    assert (answer.outcome, answer.flags) == (Outcome.APPLIED, ("far",))


def test_who_does_not_have_a_visit_learns_nothing_of_where_it_is(
    database: Database, visit: VisitRow
) -> None:
    """On the other side of the town, at the site, or next to it: all is told alike."""
    with database.work(OWNER) as work:
        other = work.by_key(TechnicianRow, "T2").id
    absent = {"reason": NotDone.CUSTOMER_ABSENT, "accuracy_m": 5.0}
    told = set()
    for number, place in enumerate((spot(0), EAST, Position(EAST.lat + 0.002, EAST.lon))):
        said = (
            action(visit, 1, K.CHECK_IN, position=place, note=""),
            action(visit, 2, K.CHECK_IN, position=place, note="here"),
            action(visit, 3, K.NOT_DONE, position=place, **absent),
            action(visit, 4, K.COMPLETE, position=place),
        )
        for answer in say(database, visit, *said, device=f"phone-{number}", by=other):
            told.add((answer.outcome, answer.reason, frozenset(answer.flags) - {"fast"}))
    assert told == {(Outcome.CONFLICT, "action.not-yours", frozenset())}
    with database.work(OWNER) as work:  # the desk sees it all the same
        flags = work.session.scalars(select(ActionRow.flags)).all()
    assert {"far", "dead-trip"} <= {flag for row in flags for flag in row}


def test_a_check_in_without_a_place_is_told_of(database: Database, visit: VisitRow) -> None:
    (answer,) = say(database, visit, action(visit, 1, K.CHECK_IN))
    assert (answer.outcome, answer.flags) == (Outcome.APPLIED, ("no-position",))


@pytest.mark.parametrize(
    ("happened", "flags"),
    [
        (at(8), ()),
        (at(-2.9), ()),
        (at(-3.1), ("time",)),
        (at(8) - timedelta(days=2_000), ("time",)),
        (at(8) + timedelta(seconds=100), ()),
        (at(8) + timedelta(minutes=3), ("time",)),
        (at(8) + timedelta(days=60_000), ("time",)),
    ],
)
def test_what_happened_at_another_time_is_told_of(
    database: Database, visit: VisitRow, happened: datetime, flags: tuple[str, ...]
) -> None:
    """Planned from nine to ten, and heard of at eight."""
    (answer,) = say(database, visit, action(visit, 1, K.DEPART, happened_at=happened))
    assert (answer.outcome, answer.flags) == (Outcome.APPLIED, flags)


def test_what_ends_before_it_began_is_told_of_and_ends_when_it_began(
    database: Database, visit: VisitRow, clock: SetClock
) -> None:
    *before, last = whole(visit)
    clock.now = at(12)
    say(database, visit, *(replace(step, happened_at=at(11)) for step in before))
    (answer,) = say(database, visit, replace(last, happened_at=at(8)))
    assert (answer.outcome, answer.flags) == (Outcome.APPLIED, ("time",))
    found = now(database, visit)
    assert found.began_at == found.ended_at == at(11)


def test_a_visit_done_days_early_is_told_of(
    database: Database, visit: VisitRow, clock: SetClock
) -> None:
    clock.now = at(8) - timedelta(hours=31)
    (answer,) = say(database, visit, action(visit, 1, K.DEPART, happened_at=clock.now))
    assert (answer.outcome, answer.flags) == (Outcome.APPLIED, ("time",))


def test_a_job_that_was_held_and_is_done_is_held_no_longer(
    database: Database, visit: VisitRow
) -> None:
    *before, last = whole(visit)
    say(database, visit, *before)
    hold_job(database, OWNER, visit.job_id, why="A part is missing.")
    say(database, visit, last)
    with database.work(OWNER) as work:
        assert work.get(JobRow, visit.job_id).state is JobState.COMPLETED


def test_a_job_that_was_held_and_is_not_done_is_held_still(
    database: Database, visit: VisitRow
) -> None:
    *before, last = whole(visit, K.NOT_DONE)
    say(database, visit, *before)
    hold_job(database, OWNER, visit.job_id, why="A part is missing.")
    say(database, visit, replace(last, reason=NotDone.PARTS_MISSING))
    with database.work(OWNER) as work:
        assert work.get(JobRow, visit.job_id).state is JobState.ON_HOLD


def test_a_check_in_at_the_site_needs_none(database: Database, visit: VisitRow) -> None:
    near = Position(EAST.lat + 0.001, EAST.lon)
    (answer,) = say(database, visit, action(visit, 1, K.CHECK_IN, position=near, accuracy_m=30.0))
    assert (answer.outcome, answer.flags) == (Outcome.APPLIED, ())


def test_what_was_not_done_needs_a_reason_and_is_followed_up(
    database: Database, visit: VisitRow
) -> None:
    steps = whole(visit, K.NOT_DONE)
    assert outcomes(say(database, visit, *steps))[-1] == "action.no-reason"
    again = replace(steps[-1], sequence=9, reason=NotDone.PARTS_MISSING)
    assert outcomes(say(database, visit, again)) == ["applied"]
    with database.work(OWNER) as work:
        row = work.get(JobRow, visit.job_id)
        assert row.state is JobState.OPEN
        assert [(part.part, part.state) for part in row.visits] == [
            (0, VisitState.NOT_DONE),
            (1, VisitState.UNSCHEDULED),
        ]


def test_a_part_done_leaves_the_job_under_way(database: Database, visit: VisitRow) -> None:
    say(database, visit, *whole(visit, K.SUSPEND))
    with database.work(OWNER) as work:
        row = work.get(JobRow, visit.job_id)
        assert row.state is JobState.IN_PROGRESS
        assert [part.state for part in row.visits] == [
            VisitState.SUSPENDED,
            VisitState.UNSCHEDULED,
        ]


def test_a_dead_trip_is_proven_by_being_there(database: Database, visit: VisitRow) -> None:
    absent = {"reason": NotDone.CUSTOMER_ABSENT}
    steps = (
        action(visit, 1, K.CHECK_IN, position=EAST),
        action(visit, 2, K.NOT_DONE, position=EAST, **absent),
    )
    assert say(database, visit, *steps)[-1].flags == ("dead-trip",)


@pytest.mark.parametrize(
    ("arrived", "flags"),
    [
        ({"position": EAST}, ("dead-trip",)),
        ({"position": EAST, "accuracy_m": 90_000.0}, ()),
        ({"position": replace(EAST, lat=EAST.lat + 0.5), "note": "next door"}, ()),
        ({}, ()),
    ],
    ids=["there", "anywhere", "elsewhere", "nobody knows"],
)
def test_a_dead_trip_is_proven_by_the_check_in(
    database: Database, visit: VisitRow, arrived: dict[str, Any], flags: tuple[str, ...]
) -> None:
    """There is no signal in a stairwell."""
    steps = (
        action(visit, 1, K.CHECK_IN, **arrived),
        action(visit, 2, K.NOT_DONE, reason=NotDone.CUSTOMER_ABSENT),
    )
    assert say(database, visit, *steps)[-1].flags == flags


def test_a_customer_who_is_absent_elsewhere_is_told_of(database: Database, visit: VisitRow) -> None:
    away = {"position": replace(EAST, lat=EAST.lat + 0.5), "reason": NotDone.CUSTOMER_ABSENT}
    assert "far" in say(database, visit, action(visit, 1, K.NOT_DONE, **away))[-1].flags


def test_a_position_that_may_be_anywhere_proves_nothing(
    database: Database, visit: VisitRow
) -> None:
    near, away = replace(EAST, lat=EAST.lat + 0.001), replace(EAST, lat=EAST.lat + 0.5)
    absent = {"reason": NotDone.CUSTOMER_ABSENT, "accuracy_m": 90_000.0}
    far = action(visit, 1, K.CHECK_IN, position=away, accuracy_m=90_000.0)
    assert outcomes(say(database, visit, far)) == ["action.far"]
    steps = (
        action(visit, 2, K.CHECK_IN),
        action(visit, 3, K.NOT_DONE, position=near, **absent),
    )
    assert say(database, visit, *steps)[-1].flags == ("inaccurate",)


def test_without_being_there_it_is_not_proven(database: Database, visit: VisitRow) -> None:
    steps = (
        action(visit, 1, K.DEPART),
        action(visit, 2, K.NOT_DONE, position=spot(0), reason=NotDone.CUSTOMER_ABSENT),
    )
    assert say(database, visit, *steps)[-1].flags == ("far",)


def test_a_checklist_has_to_be_answered(database: Database, visit: VisitRow) -> None:
    with database.work(OWNER) as work:
        work.get(JobRow, visit.job_id).type.checklist = [
            {"id": "pressure", "required": True},
            {"id": "photo"},
        ]
        work.commit()
    steps = whole(visit)
    assert outcomes(say(database, visit, *steps))[-1] == "action.checklist"
    done = replace(steps[-1], sequence=9, checklist={"pressure": "1.2 bar"})
    assert outcomes(say(database, visit, done)) == ["applied"]


def test_a_visit_given_away_meanwhile_goes_to_the_inbox(
    database: Database, visit: VisitRow
) -> None:
    with database.work(OWNER) as work:
        other = work.by_key(TechnicianRow, "T2").id
        work.get(VisitRow, visit.id).technician_id = other
        work.commit()
    (answer,) = say(database, visit, action(visit, 1, K.CHECK_IN, position=EAST))
    assert (answer.outcome, answer.reason) == (Outcome.CONFLICT, "action.not-yours")
    with database.work(OWNER) as work:
        row = work.session.scalars(select(ActionRow)).one()
        assert row.said["position"] == {"lat": EAST.lat, "lon": EAST.lon}
    with pytest.raises(Refused) as anothers:
        settle_conflict(database, OWNER, row.id, accept=True, why="They were there.")
    assert anothers.value.code == "action.anothers"
    assert now(database, visit).state is VisitState.DISPATCHED
    with database.work(OWNER) as work:
        work.get(VisitRow, visit.id).technician_id = visit.technician_id
        work.commit()
    settle_conflict(database, OWNER, row.id, accept=True, why="They were there.")
    assert now(database, visit).state is VisitState.ON_SITE
    with pytest.raises(Refused):
        settle_conflict(database, OWNER, row.id, accept=True, why="Again.")


@pytest.mark.parametrize(
    ("kind", "state"),
    [(K.COMPLETE, "completed"), (K.NOT_DONE, "not_done"), (K.SUSPEND, "suspended")],
)
def test_what_was_done_of_a_visit_that_nobody_has_now_counts_when_it_is_accepted(
    database: Database, visit: VisitRow, clock: SetClock, kind: ActionKind, state: str
) -> None:
    unassign_visit(database, OWNER, visit.id)
    clock.now = at(11)
    reason = NotDone.CUSTOMER_ABSENT if kind is K.NOT_DONE else None
    steps = [
        action(visit, 1, K.CHECK_IN, happened_at=at(9)),
        action(visit, 2, K.START, happened_at=at(9.25)),
        action(visit, 3, K.PAUSE, happened_at=at(9.5), pause=PauseReason.BREAK),
        action(visit, 4, K.RESUME, happened_at=at(9.75)),
        action(visit, 5, kind, happened_at=at(10), reason=reason),
    ]
    assert set(outcomes(say(database, visit, *steps))) == {"action.not-yours"}
    with database.work(OWNER) as work:
        rows = work.session.scalars(select(ActionRow).order_by(ActionRow.sequence)).all()
    settle_conflict(database, OWNER, rows[-1].id, accept=True, why="They were there.")
    found = now(database, visit)
    assert (found.state.value, found.technician_id) == (state, visit.technician_id)
    assert (found.start_at, found.end_at, found.shift_id) == (at(9), at(10), visit.shift_id)
    assert (found.began_at, found.ended_at, found.paused_s) == (at(9.25), at(10), 900)
    with database.work(OWNER) as work:  # how they came to it is true with it
        settled = work.session.scalars(select(ActionRow.settled_at)).all()
    assert settled == [at(11)] * 5
    with pytest.raises(Refused) as late:
        settle_conflict(database, OWNER, rows[0].id, accept=True, why="Also there.")
    assert late.value.code == "action.settled"


def test_a_visit_that_ended_meanwhile_goes_to_the_inbox(
    database: Database, visit: VisitRow
) -> None:
    say(database, visit, *whole(visit))
    (answer,) = say(database, visit, action(visit, 1, K.START), device="phone-2")
    assert (answer.outcome, answer.reason) == (Outcome.CONFLICT, "action.ended")
    with database.work(OWNER) as work:
        row = work.session.scalars(
            select(ActionRow).where(ActionRow.outcome == Outcome.CONFLICT)
        ).one()
    with pytest.raises(Refused) as refused:
        settle_conflict(database, OWNER, row.id, accept=True, why="")
    assert refused.value.code == "state.visit"
    settle_conflict(database, OWNER, row.id, accept=False, why="It was done already.")


def test_a_clock_that_is_wrong_is_set_right_and_told_of(
    database: Database, visit: VisitRow, clock: SetClock
) -> None:
    years = timedelta(days=800)
    early = action(visit, 1, K.DEPART, happened_at=at(7) - years)
    (answer,) = say(database, visit, early, sent_at=at(8) - years)
    assert answer.flags == ("clock",)
    with database.work(OWNER) as work:
        assert work.session.scalars(select(ActionRow)).one().happened_at == at(7)


def test_nothing_happens_in_the_future(database: Database, visit: VisitRow) -> None:
    say(database, visit, action(visit, 1, K.DEPART, happened_at=at(12)))
    with database.work(OWNER) as work:
        assert work.session.scalars(select(ActionRow)).one().happened_at == at(8)


def test_who_is_too_quick_is_told_of_and_works_on(
    database: Database, visit: VisitRow, clock: SetClock
) -> None:
    say(database, visit, action(visit, 1, K.DEPART, position=Position(0.0, 0.0)))
    clock.forward(minutes=1)
    arrived = action(visit, 2, K.CHECK_IN, position=EAST, happened_at=clock.now)
    assert say(database, visit, arrived)[0].flags == ("fast",)


def test_what_is_impossible_is_refused(database: Database, visit: VisitRow) -> None:
    with pytest.raises(InvalidValue):
        action(visit, 0, K.DEPART)
    with pytest.raises(InvalidValue):
        say(database, visit, device="")
    with pytest.raises(Missing):
        say(database, visit, action(visit, 1, K.DEPART), by=new_id())
    nowhere = replace(action(visit, 1, K.DEPART), visit=new_id())
    assert outcomes(say(database, visit, nowhere)) == ["action.no-visit"]


@pytest.mark.slow
def test_a_bad_line_changes_nothing_in_the_end(database: Database, visit: VisitRow) -> None:
    """Batches are lost, sent twice, out of order and by several threads."""
    people = 4
    with database.work(OWNER) as work:
        owner = work.by_key(TechnicianRow, "T1")
        shift = owner.shifts[0].id
        rows = []
        for number in range(people * 5):
            row = VisitRow(
                outlet_id=visit.outlet_id,
                job_id=visit.job_id,
                part=number + 1,
                seat=0,
                state=VisitState.DISPATCHED,
                technician_id=owner.id,
                shift_id=shift,
                start_at=at(9),
                end_at=at(10),
            )
            work.session.add(row)
            rows.append(row)
        work.commit()
    generator = np.random.default_rng(7)
    batches: list[tuple[str, list[Action]]] = []
    for person in range(people):
        steps: list[Action] = []
        for row in rows[5 * person : 5 * person + 5]:
            steps += [replace(step, sequence=len(steps) + step.sequence) for step in whole(row)]
        for _ in range(12):
            end = int(generator.integers(1, len(steps) + 1))
            batches.append((f"phone-{person}", steps[:end]))
        batches.append((f"phone-{person}", steps))
    order = [batches[at] for at in generator.permutation(len(batches))]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda sent: say(database, visit, *sent[1], device=sent[0]), order))
    with database.work(OWNER) as work:
        found = work.session.scalars(select(ActionRow)).all()
        states = Counter(work.session.scalars(select(VisitRow.state).where(VisitRow.part > 0)))
        assert list(check_chain(work.session.connection())) == []
    assert len(found) == people * 5 * 4
    assert {row.outcome for row in found} == {Outcome.APPLIED}
    assert states == {VisitState.COMPLETED: people * 5}
    assert set(states) <= ENDED
