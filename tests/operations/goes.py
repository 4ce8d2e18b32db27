"""A job that is done, and what becomes of it when it is gone to once more."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.phones import K, outcomes, say, whole

from dispatch.domain.action import NotDone
from dispatch.domain.states.job import JobAction, asked_of
from dispatch.domain.states.visit import VisitState
from dispatch.operations.jobs.decide import seats_of
from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow

V, A = VisitState, JobAction
WHY = "It drips again."


@pytest.fixture
def done(database: Database, visit: VisitRow) -> UUID:
    """A job that is completed."""
    assert outcomes(say(database, visit, *whole(visit))) == ["applied"] * 4
    return visit.job_id


def found(database: Database, key: str = "J1") -> JobRow:
    with database.work(OWNER) as work:
        row = work.by_key(JobRow, key)
        assert row.visits
        return row


def states(database: Database) -> list[tuple[int, int, VisitState]]:
    return [(visit.part, visit.seat, visit.state) for visit in found(database).visits]


def asked(database: Database) -> set[JobAction]:
    row = found(database)
    return set(asked_of(row.state, seats_of(row)))


def told(database: Database, kind: str) -> list[EventRow]:
    with database.work(OWNER) as work:
        return list(work.session.scalars(select(EventRow).where(EventRow.kind == kind)))


def worked(database: Database, key: str = "J1", last: K = K.COMPLETE) -> None:
    """Whoever has the newest visit of a job goes there."""
    visit = found(database, key).visits[-1]
    *steps, end = whole(visit, last)
    end = replace(end, reason=NotDone.NO_ACCESS if last is K.NOT_DONE else None)
    device = f"{key}-{visit.part}-{visit.seat}"
    assert outcomes(say(database, visit, *steps, end, device=device)) == ["applied"] * 4
