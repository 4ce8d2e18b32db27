"""Who pauses works on later, and the time between is no work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.phones import K, action, now, outcomes, say
from tests.planning.made import at

from dispatch.domain.action import Action, ActionKind, NotDone, PauseReason
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.operations.execute.working_time import worked_s
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.evidence import CompletionRow
from dispatch.store.rows.jobs import JobRow, VisitRow

LUNCH = {"pause": PauseReason.BREAK}


@pytest.fixture
def evening(clock: SetClock) -> datetime:
    """Late enough that all of the day has happened."""
    clock.now = at(18)
    return clock.now


def steps(
    visit: VisitRow, *told: tuple[ActionKind, float] | tuple[ActionKind, float, Any]
) -> list[Action]:
    """What happens at which hour."""
    return [
        action(visit, number, kind, happened_at=at(hour), **(more[0] if more else {}))
        for number, (kind, hour, *more) in enumerate(told, 1)
    ]


def completion(database: Database) -> CompletionRow:
    with database.work(OWNER) as work:
        return work.session.scalars(select(CompletionRow)).one()


def test_paused_time_is_no_work(database: Database, visit: VisitRow, evening: datetime) -> None:
    told = steps(
        visit,
        (K.CHECK_IN, 9),
        (K.START, 9.25),
        (K.PAUSE, 10, LUNCH),
        (K.RESUME, 10.5),
        (K.PAUSE, 11, {"pause": PauseReason.WAITING_PARTS}),
        (K.RESUME, 11.25),
        (K.COMPLETE, 12),
    )
    assert outcomes(say(database, visit, *told)) == ["applied"] * 7
    found = completion(database)
    assert (found.work_s, found.paused_s) == (2 * 3_600, 2_700)
    with database.work(OWNER) as work:
        kinds = set(
            work.session.scalars(select(EventRow.note).where(EventRow.kind == "visit.pause"))
        )
        assert kinds == {"break", "waiting_parts"}
        assert list(check_chain(work.session.connection())) == []


def test_a_pause_needs_a_reason(database: Database, visit: VisitRow, evening: datetime) -> None:
    told = steps(visit, (K.CHECK_IN, 9), (K.START, 9), (K.PAUSE, 10))
    assert outcomes(say(database, visit, *told))[-1] == "action.no-reason"
    assert now(database, visit).state is VisitState.IN_PROGRESS


def test_nobody_pauses_what_has_not_begun_or_resumes_what_is_not_paused(
    database: Database, visit: VisitRow, evening: datetime
) -> None:
    told = steps(visit, (K.CHECK_IN, 9), (K.PAUSE, 9, LUNCH), (K.START, 10), (K.RESUME, 10))
    assert outcomes(say(database, visit, *told)) == [
        *("applied", "action.step", "applied", "action.step"),
    ]


def test_who_pauses_is_still_there_and_completes_nothing(
    database: Database, visit: VisitRow, evening: datetime
) -> None:
    told = steps(visit, (K.CHECK_IN, 9), (K.START, 9), (K.PAUSE, 10, LUNCH), (K.COMPLETE, 11))
    assert outcomes(say(database, visit, *told))[-1] == "action.step"
    assert now(database, visit).state is VisitState.PAUSED
    with database.work(OWNER) as work:
        assert work.get(JobRow, visit.job_id).state is JobState.IN_PROGRESS


@pytest.mark.parametrize(
    ("kind", "more"), [(K.SUSPEND, {}), (K.NOT_DONE, {"reason": NotDone.PARTS_MISSING})]
)
def test_who_waits_in_vain_may_leave(
    database: Database, visit: VisitRow, evening: datetime, kind: ActionKind, more: dict[str, Any]
) -> None:
    told = steps(visit, (K.CHECK_IN, 9), (K.START, 9), (K.PAUSE, 10, LUNCH), (kind, 11, more))
    assert outcomes(say(database, visit, *told)) == ["applied"] * 4
    row = now(database, visit)
    assert (row.paused_at, row.paused_s, worked_s(row, at(11))) == (None, 3_600, 3_600)


def test_clocks_that_go_back_make_no_time_negative(
    database: Database, visit: VisitRow, evening: datetime
) -> None:
    told = steps(
        visit,
        (K.CHECK_IN, 9),
        (K.START, 11),
        (K.PAUSE, 10, LUNCH),
        (K.RESUME, 9),
        (K.COMPLETE, 9),
    )
    assert outcomes(say(database, visit, *told)) == ["applied"] * 5
    found = completion(database)
    assert (found.work_s, found.paused_s) == (0, 0)
