"""Batches of one device that come in another order than they were said."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations
from time import sleep
from typing import Any

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.phones import K, action, now, outcomes, say, whole
from tests.planning.made import at

from dispatch.domain.action import Action, NotDone, Outcome, PauseReason
from dispatch.domain.completion import Confirmation
from dispatch.domain.credit import CreditKind
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Unavailable
from dispatch.operations.execute import settle
from dispatch.operations.execute.batch import Answer, take_batch
from dispatch.operations.execute.look import completion_of
from dispatch.operations.execute.malformed import Wrong, malformed
from dispatch.operations.execute.settle import settle_conflict
from dispatch.operations.jobs.completion_code import give_completion_code
from dispatch.operations.network.outlets import OutletFacts, create_outlet
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.credit import CreditRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

WAITS = "action.earlier-missing"


@pytest.fixture
def steps(visit: VisitRow, clock: SetClock) -> list[Action]:
    """A day on site with a pause, said when it is over."""
    clock.now = at(11)
    said = (
        (K.DEPART, 8.5),
        (K.CHECK_IN, 9),
        (K.START, 9.25),
        (K.PAUSE, 9.5),
        (K.RESUME, 9.75),
        (K.COMPLETE, 10),
    )
    return [
        action(
            visit,
            number,
            kind,
            happened_at=at(hour),
            pause=PauseReason.BREAK if kind is K.PAUSE else None,
        )
        for number, (kind, hour) in enumerate(said, 1)
    ]


def inbox(database: Database) -> Sequence[ActionRow]:
    query = select(ActionRow).where(
        ActionRow.outcome == Outcome.CONFLICT, ActionRow.settled_at.is_(None)
    )
    with database.work(OWNER) as work:
        return work.session.scalars(query.order_by(ActionRow.sequence)).all()


def told(database: Database, visit: VisitRow) -> Sequence[str]:
    query = select(EventRow.kind).where(EventRow.subject_id == visit.id)
    with database.work(OWNER) as work:
        return work.session.scalars(query.order_by(EventRow.number)).all()


def is_done(database: Database, visit: VisitRow) -> None:
    found = now(database, visit)
    assert found.state is VisitState.COMPLETED
    assert (found.began_at, found.ended_at, found.paused_s) == (at(9.25), at(10), 900)
    with database.work(OWNER) as work:
        assert work.get(JobRow, visit.job_id).state is JobState.COMPLETED
        ended = work.session.execute(select(ActionRow.outcome, ActionRow.reason)).all()
        credit = work.session.scalars(select(CreditRow.kind)).all()
        assert list(check_chain(work.session.connection())) == []
    assert set(map(tuple, ended)) == {(Outcome.APPLIED, "")}
    assert credit == [CreditKind.ON_TIME]
    assert inbox(database) == []


def test_what_comes_before_earlier_actions_waits_and_follows(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    first, second = steps[:2], steps[2:]
    assert outcomes(say(database, visit, *second)) == [WAITS] * 4
    assert [row.sequence for row in inbox(database)] == [3, 4, 5, 6]
    assert outcomes(say(database, visit, *second)) == [WAITS] * 4  # it is not settled by asking
    assert outcomes(say(database, visit, *first)) == ["applied"] * 2
    assert outcomes(say(database, visit, *second)) == ["applied"] * 4
    is_done(database, visit)


@pytest.mark.parametrize("works", range(1, 8))
def test_where_the_record_fails_what_was_taken_is_answered_and_the_rest_sent_again(
    database: Database,
    visit: VisitRow,
    steps: list[Action],
    works: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say(database, visit, *steps[3:])
    answered = works - 1 if works < 4 else 3  # the others are looked at after these have come
    left = [works]

    def failing(*args: Any) -> Any:
        left[0] -= 1
        if left[0] <= 0:
            raise Unavailable("store.busy", reason="on purpose")
        return begun(*args)

    begun = database.work
    with monkeypatch.context() as patched:
        patched.setattr(database, "work", failing)
        if answered:
            assert outcomes(say(database, visit, *steps[:3])) == ["applied"] * answered
        else:
            with pytest.raises(Unavailable):
                say(database, visit, *steps[:3])
    assert outcomes(say(database, visit, *steps[answered:3])) == ["applied"] * (3 - answered)
    is_done(database, visit)


def test_whoever_sends_all_again_is_told_how_it_is_now(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    say(database, visit, *steps[2:])
    assert outcomes(say(database, visit, *steps)) == ["applied"] * 6
    assert outcomes(say(database, visit, *steps)) == ["applied"] * 6
    is_done(database, visit)


@pytest.mark.parametrize("order", sorted({*permutations(range(3))} - {(0, 2, 1)}), ids=str)
def test_in_whatever_order_batches_come_the_end_is_the_same(
    database: Database, visit: VisitRow, steps: list[Action], order: tuple[int, ...]
) -> None:
    """But where nobody can know of the pause: it is for the inbox when it comes after the end."""
    batches = (steps[:3], steps[3:5], steps[5:])
    for number in order:
        say(database, visit, *batches[number])
    is_done(database, visit)


def test_batches_that_come_at_the_same_moment_end_as_one_after_another(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    batches = (steps[3:], steps[2:3], steps[:2])
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda said: say(database, visit, *said), batches * 2))
    is_done(database, visit)


def test_nothing_overtakes_a_step_that_waits(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    """By the board alone the second pause could be the first."""
    pause, resume, end = steps[3:]
    second = (
        replace(pause, sequence=6, happened_at=at(10)),
        replace(resume, sequence=7, happened_at=at(10.5)),
        replace(end, sequence=8, happened_at=at(11)),
    )
    say(database, visit, *steps[:3])
    assert outcomes(say(database, visit, resume, second[0])) == [WAITS] * 2
    assert outcomes(say(database, visit, pause)) == ["applied"]
    assert outcomes(say(database, visit, *second)) == ["applied"] * 3
    found = now(database, visit)
    assert (found.state, found.paused_s) == (VisitState.COMPLETED, 900 + 1_800)
    assert inbox(database) == []


def test_an_end_waits_with_the_step_before_it(database: Database, visit: VisitRow) -> None:
    """On the way it could be said that it was not done; when it began is still to come."""
    first, second, third, last = whole(visit, K.NOT_DONE)
    last = replace(last, reason=NotDone.PARTS_MISSING)
    assert outcomes(say(database, visit, first)) == ["applied"]
    assert outcomes(say(database, visit, third, last)) == [WAITS] * 2
    say(database, visit, second)
    found = now(database, visit)
    assert (found.state, found.began_at) == (VisitState.NOT_DONE, at(8))
    assert inbox(database) == []


def test_who_says_it_again_with_new_numbers_waits_for_nobody(
    database: Database, visit: VisitRow
) -> None:
    """A number that is lost for good holds up nothing but what was said right after it."""
    assert outcomes(say(database, visit, action(visit, 3, K.START))) == [WAITS]
    again = [replace(step, sequence=step.sequence + 10) for step in whole(visit)]
    assert outcomes(say(database, visit, *again)) == ["applied"] * 4
    assert [row.sequence for row in inbox(database)] == [3]


def test_what_can_follow_at_once_does(database: Database, visit: VisitRow) -> None:
    assert outcomes(say(database, visit, action(visit, 7, K.DEPART))) == ["applied"]


def test_a_step_left_out_is_rejected_where_nothing_is_missing(
    database: Database, visit: VisitRow
) -> None:
    answers = say(database, visit, action(visit, 1, K.DEPART), action(visit, 2, K.START))
    assert outcomes(answers) == ["applied", "action.step"]


def test_what_cannot_follow_after_all_stays_in_the_inbox(
    database: Database, visit: VisitRow
) -> None:
    """What was missing was no check-in, and is rejected itself."""
    steps = whole(visit)
    say(database, visit, *steps[2:])
    other = replace(steps[1], kind=K.NOT_DONE)
    assert outcomes(say(database, visit, steps[0], other)) == ["applied", "action.no-reason"]
    assert [(row.sequence, row.reason) for row in inbox(database)] == [
        (3, "action.step"),
        (4, "action.step"),
    ]
    assert outcomes(say(database, visit, *steps[2:])) == ["action.step"] * 2


@pytest.mark.parametrize("accepted", [(1,), (0, 0)], ids=["end", "each"])
def test_a_dispatcher_accepts_what_cannot_follow_after_all(
    database: Database, visit: VisitRow, steps: list[Action], accepted: tuple[int, ...]
) -> None:
    """What was missing came, and could not be read."""
    start, end = replace(steps[2], sequence=3), replace(steps[-1], sequence=4)
    say(database, visit, steps[0], start, end)
    assert visit.technician_id is not None
    unread = malformed(2, {"kind": "check_in"}, (Wrong(pointer="/visit", code="request.field"),))
    take_batch(database, OWNER, visit.technician_id, "phone-1", [unread], sent_at=database.clock())
    assert [row.reason for row in inbox(database)] == ["action.step"] * 2
    for place in accepted:
        settle_conflict(database, OWNER, inbox(database)[place].id, accept=True, why="Was there.")
    found = now(database, visit)
    assert found.state is VisitState.COMPLETED
    assert (found.began_at, found.ended_at) == (at(9.25), at(10))
    assert inbox(database) == []


def test_a_gap_that_is_never_filled_is_for_a_dispatcher(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    say(database, visit, *steps[2:])
    waiting = inbox(database)
    assert [(row.sequence, row.reason) for row in waiting] == [
        (number, WAITS) for number in (3, 4, 5, 6)
    ]
    settle_conflict(database, OWNER, waiting[-1].id, accept=True, why="The phone is lost.")
    found = now(database, visit)
    assert found.state is VisitState.COMPLETED
    assert (found.began_at, found.ended_at, found.paused_s) == (at(9.25), at(10), 900)
    assert inbox(database) == []  # what led to it is true with it
    assert outcomes(say(database, visit, *steps[2:])) == [WAITS] * 4
    with database.work(OWNER) as work:
        assert list(check_chain(work.session.connection())) == []


def test_a_dispatcher_can_accept_them_one_by_one(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    say(database, visit, *steps[2:])
    for state in ("in_progress", "paused", "in_progress", "completed"):
        settle_conflict(database, OWNER, inbox(database)[0].id, accept=True, why="So it was.")
        assert now(database, visit).state.value == state


def test_whoever_fills_a_gap_waits_for_a_dispatcher_who_settles_what_follows(
    database: Database, visit: VisitRow, steps: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    say(database, visit, steps[0], *steps[2:])
    accept, filling = settle._accept, list[Future[list[Answer]]]()
    with ThreadPoolExecutor(1) as threads:

        def slowly(work: Work, row: ActionRow) -> Sequence[ActionRow]:
            filling.append(threads.submit(say, database, visit, steps[1]))
            sleep(0.5)
            return accept(work, row)

        monkeypatch.setattr(settle, "_accept", slowly)
        settle_conflict(database, OWNER, inbox(database)[0].id, accept=True, why="So it was.")
        filling[0].result()
    assert inbox(database) == []
    found = now(database, visit)
    assert found.state is VisitState.COMPLETED
    assert (found.began_at, found.ended_at, found.paused_s) == (at(9.25), at(10), 900)


def test_an_end_is_accepted_where_a_pause_was_never_ended(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    """Nobody knows when they went on, so nothing after the pause counts as work."""
    say(database, visit, *steps[:4])
    assert outcomes(say(database, visit, steps[-1])) == [WAITS]
    settle_conflict(database, OWNER, inbox(database)[0].id, accept=True, why="The phone is lost.")
    found = now(database, visit)
    assert (found.state, found.paused_s) == (VisitState.COMPLETED, 1_800)
    assert completion_of(database, OWNER, visit.id).work_s == 900
    assert told(database, visit)[-2:] == ["visit.resume", "visit.complete"]


@pytest.mark.parametrize(("came", "paused_s"), [((0, 1, 3, 4), 900), ((0, 1, 2, 4), 0)])
def test_the_end_of_a_pause_is_accepted_with_the_pause(
    database: Database,
    visit: VisitRow,
    steps: list[Action],
    came: tuple[int, ...],
    paused_s: int,
) -> None:
    """One that waits counts; how long it was if it never came, nobody knows."""
    say(database, visit, *(steps[place] for place in came))
    settle_conflict(database, OWNER, inbox(database)[-1].id, accept=True, why="So it was.")
    found = now(database, visit)
    assert (found.state, found.paused_s) == (VisitState.IN_PROGRESS, paused_s)
    assert inbox(database) == []


def test_what_a_dispatcher_let_rest_does_not_follow(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    say(database, visit, *steps[2:])
    for row in inbox(database):
        settle_conflict(database, OWNER, row.id, accept=False, why="Another day.")
    say(database, visit, *steps[:2])
    assert now(database, visit).state is VisitState.ON_SITE


def test_what_somebody_said_who_has_gone_to_another_outlet_can_rest(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    assert visit.technician_id is not None
    north, south = (
        create_outlet(database, OWNER, key, OutletFacts(parent=visit.outlet_id))
        for key in ("north", "south")
    )
    for outlet in (north, south):
        with database.work(OWNER) as work:
            work.get(TechnicianRow, visit.technician_id).outlet_id = outlet
            work.commit()
        say(database, visit, steps[2])
    desk = replace(OWNER, outlets=frozenset((north,)))
    settle_conflict(database, desk, inbox(database)[0].id, accept=False, why="Another day.")
    assert inbox(database) == []


def test_a_code_is_compared_when_it_comes(
    database: Database, visit: VisitRow, steps: list[Action]
) -> None:
    with database.work(OWNER) as work:
        work.get(JobRow, visit.job_id).type.demands = {"confirmation": Confirmation.CODE}
        work.commit()
    code = give_completion_code(database, OWNER, visit.job_id)
    wrong = replace(steps[-1], code="no code")
    assert outcomes(say(database, visit, *steps[2:-1], wrong))[-1] == "action.code-wrong"
    right = replace(steps[-1], sequence=7, code=code)
    assert outcomes(say(database, visit, right)) == [WAITS]
    say(database, visit, *steps[:2])
    assert now(database, visit).state is VisitState.COMPLETED
    assert completion_of(database, OWNER, visit.id).code_right is True
    with database.work(OWNER) as work:
        assert code not in str(work.session.scalars(select(EventRow.after)).all())
