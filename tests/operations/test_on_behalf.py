"""The desk ends a visit for a technician who cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE
from tests.operations.phones import K, action, now, outcomes, say, whole
from tests.planning.made import at

from dispatch.domain.action import NotDone, PauseReason
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Refused, Stale
from dispatch.operations.execute.on_behalf import end_for_technician
from dispatch.operations.network.technicians import end_employment
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.plans import BoardRow

DESK = replace(OWNER, id="mary")
UNABLE = NotDone.TECHNICIAN_UNABLE


def end(database: Database, row: VisitRow, expected: int | None = None) -> None:
    end_for_technician(database, DESK, row.id, reason=UNABLE, why="An accident.", expected=expected)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_it_ends_as_if_they_had_said_so(database: Database, visit: VisitRow, steps: int) -> None:
    """On the way, on site, or at work."""
    say(database, visit, *whole(visit)[:steps])
    end(database, visit, now(database, visit).version)
    with database.work(OWNER) as work:
        job = work.get(JobRow, visit.job_id)
        assert job.state is JobState.OPEN
        assert [(row.part, row.state) for row in job.visits] == [
            (0, VisitState.NOT_DONE),
            (1, VisitState.UNSCHEDULED),
        ]
        assert job.visits[0].technician_id == visit.technician_id
        query = select(EventRow).where(EventRow.kind == "visit.not_done")
        event = work.session.scalars(query).one()
        assert (event.actor, event.note) == ("mary", "technician_unable: An accident.")
        board = work.session.scalars(select(BoardRow).where(BoardRow.day == DATE)).one()
        assert board.version > 0
        assert list(check_chain(work.session.connection())) == []


def test_what_their_phone_says_later_is_for_the_inbox(database: Database, visit: VisitRow) -> None:
    *before, last = whole(visit)
    say(database, visit, *before)
    end(database, visit)
    assert outcomes(say(database, visit, last)) == ["action.ended"]
    with database.work(OWNER) as work:
        query = select(ActionRow.outcome).where(ActionRow.reason == "action.ended")
        assert work.session.scalars(query).one() == "conflict"


def test_a_pause_ends_with_it(database: Database, visit: VisitRow, clock: SetClock) -> None:
    say(database, visit, *whole(visit)[:3])
    say(database, visit, action(visit, 9, K.PAUSE, pause=PauseReason.BREAK))
    clock.now = at(8.5)
    end(database, visit)
    ended = now(database, visit)
    assert (ended.paused_at, ended.paused_s) == (None, 1_800)


def test_what_nobody_is_at_is_not_ended_so(database: Database, visit: VisitRow) -> None:
    with pytest.raises(Refused) as refused:
        end(database, visit)
    assert refused.value.code == "state.visit"
    say(database, visit, *whole(visit))
    with pytest.raises(Refused):
        end(database, visit)
    assert now(database, visit).state is VisitState.COMPLETED


def test_who_has_seen_an_older_version_is_told_so(database: Database, visit: VisitRow) -> None:
    say(database, visit, action(visit, 1, K.DEPART))
    with pytest.raises(Stale):
        end(database, visit, visit.version)
    assert now(database, visit).state is VisitState.EN_ROUTE


def test_whoever_was_at_it_can_be_let_go_then(database: Database, visit: VisitRow) -> None:
    assert visit.technician_id is not None
    say(database, visit, action(visit, 1, K.DEPART))
    with pytest.raises(Refused) as refused:
        end_employment(database, OWNER, visit.technician_id, why="Has quit.")
    assert refused.value.code == "technician.under-way"
    end(database, visit)
    end_employment(database, OWNER, visit.technician_id, why="Has quit.")
