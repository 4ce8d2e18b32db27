"""A visit on a phone, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from tests.databases import OWNER, SetClock
from tests.operations.boards import Desk
from tests.planning.made import at, job, spot, technician
from tests.planning.made import day as made_day

from dispatch.domain.action import Action, ActionKind
from dispatch.domain.states.visit import VisitState
from dispatch.operations.execute.batch import Answer, take_batch
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow

K = ActionKind
EAST = spot(10)
"""Where J1 is."""


@pytest.fixture
def visit(database: Database, clock: SetClock) -> VisitRow:
    """A visit that its technician has been told of, at eight in the morning."""
    Desk(database).imported(made_day([job("J1")], [technician("T1"), technician("T2")]))
    clock.now = at(8)
    with database.work(OWNER) as work:
        row = work.by_key(JobRow, "J1").visits[0]
        owner = work.by_key(TechnicianRow, "T1")
        row.state, row.technician_id, row.shift_id = (
            VisitState.DISPATCHED,
            owner.id,
            owner.shifts[0].id,
        )
        row.place, row.arrive_at, row.start_at, row.end_at = 0, at(9), at(9), at(10)
        work.commit()
        return row


def say(
    database: Database,
    visit: VisitRow,
    *actions: Action,
    device: str = "phone-1",
    sent_at: datetime | None = None,
    by: UUID | None = None,
) -> list[Answer]:
    owner = by or visit.technician_id
    assert owner is not None
    sent = sent_at or database.clock()
    return take_batch(database, OWNER, owner, device, actions, sent_at=sent)


def action(visit: VisitRow, sequence: int, kind: ActionKind, **more: Any) -> Action:
    usual: dict[str, Any] = {"happened_at": at(8), "visit": visit.id}
    return Action(sequence=sequence, kind=kind, **(usual | more))


def whole(visit: VisitRow, last: ActionKind = K.COMPLETE) -> list[Action]:
    kinds = (K.DEPART, K.CHECK_IN, K.START, last)
    return [action(visit, at + 1, kind) for at, kind in enumerate(kinds)]


def outcomes(answers: Sequence[Answer]) -> list[str]:
    return [answer.reason or answer.outcome.value for answer in answers]


def now(database: Database, visit: VisitRow) -> VisitRow:
    with database.work(OWNER) as work:
        return work.get(VisitRow, visit.id)
