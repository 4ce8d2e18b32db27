"""Whatever the line does, each action ends once and is told the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import Desk
from tests.planning.made import at, job, technician
from tests.planning.made import day as made_day
from tests.proofs.actions import Said, say_all, wrong_actions
from tests.proofs.phones import Phone, Walk, deliveries, done, mixed, phone_of
from tests.proofs.size import kinds, sized

from dispatch.domain.action import ActionKind, Outcome
from dispatch.domain.states.job import JobState
from dispatch.domain.states.table import StateTable
from dispatch.domain.states.visit import VISIT, VisitState
from dispatch.operations.execute import batch, effect, gap, judge
from dispatch.store.database import Database
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

PEOPLE = sized(small=3, full=20)
ACTIONS = sized(small=50, full=250)
"""Of each phone; everybody has two."""


@dataclass
class Ticking:
    """A clock that goes on a little whenever somebody looks."""

    ticks: count[int]

    def __call__(self) -> datetime:
        return at(9) + timedelta(milliseconds=next(self.ticks))


def told(
    database: Database, people: int, actions: int, seed: int = 1
) -> tuple[list[Phone], list[Said]]:
    """Let everybody say everything over a bad line."""
    generator = np.random.default_rng(seed)
    visits = dispatched(database, people, max(3, actions // 4))
    everybody = list(visits)
    phones = []
    for number in range(2 * people):
        own = everybody[number // 2]
        others = [visit for person in everybody if person != own for visit in visits[person]]
        walk = Walk(own, visits[own], others or visits[own], actions)
        phones.append(phone_of(f"phone-{number}", walk, generator))
    line = mixed([deliveries(phone, generator) for phone in phones], generator)
    return phones, say_all(database, line)


def dispatched(database: Database, people: int, each: int) -> dict[UUID, list[UUID]]:
    """Visits that their technicians have been told of."""
    jobs = [job(f"J{number:04}") for number in range(people * each)]
    Desk(database).imported(
        made_day(jobs, [technician(f"T{number:02}") for number in range(people)])
    )
    database.clock = Ticking(count())
    with database.work(OWNER) as work:
        everybody = work.session.scalars(select(TechnicianRow).order_by(TechnicianRow.key)).all()
        found: dict[UUID, list[UUID]] = {person.id: [] for person in everybody}
        shifts = {person.id: person.shifts[0].id for person in everybody}
        for number, row in enumerate(work.session.scalars(select(JobRow).order_by(JobRow.key))):
            owner, visit = everybody[number % people].id, row.visits[0]
            visit.arrive_at, visit.start_at, visit.end_at = at(9), at(9), at(10)
            visit.technician_id, visit.shift_id, visit.place = owner, shifts[owner], number
            visit.state, row.state = VisitState.DISPATCHED, JobState.SCHEDULED
            found[owner].append(visit.id)
        work.commit()
    return found


@pytest.mark.slow
def test_each_action_ends_once_and_is_told_the_same(database: Database) -> None:
    phones, heard = told(database, PEOPLE, ACTIONS)
    assert wrong_actions(database, phones, heard) == []
    with database.work(OWNER) as work:
        ended = Counter(work.session.scalars(select(ActionRow.outcome)))
        reasons = Counter(work.session.scalars(select(ActionRow.reason)))
    assert sum(ended.values()) == 2 * PEOPLE * ACTIONS
    assert min(ended.values()) > 0.02 * ended.total()
    assert len(ended) == 3
    assert reasons["action.malformed"] > 0.02 * ended.total()
    waited = {
        (said.batch.phone.device, answer.sequence)
        for said in heard
        for answer in said.answers
        if answer.reason == gap.EARLIER_MISSING
    }
    assert len(waited) > 0.002 * ended.total()


@pytest.mark.parametrize("seed", range(sized(small=4, full=40)))
def test_in_whatever_order_batches_come_visits_end_as_they_were_done(
    database: Database, seed: int
) -> None:
    """Days on which nothing went wrong, cut anywhere, over a bad line."""
    generator = np.random.default_rng(seed)
    phones = [
        Phone(f"phone-{owner}", owner, timedelta(), done(visits, generator))
        for owner, visits in dispatched(database, 2, 5).items()
    ]
    line = mixed([deliveries(phone, generator, at_once=5) for phone in phones], generator)
    assert wrong_actions(database, phones, say_all(database, line)) == []
    lasts = {action.visit: action.kind for phone in phones for action in phone.actions}
    with database.work(OWNER) as work:
        for visit, last in lasts.items():
            ended = VisitState.COMPLETED if last is ActionKind.COMPLETE else VisitState.SUSPENDED
            assert work.get(VisitRow, visit).state is ended
        counted = work.session.execute(select(ActionRow.kind, ActionRow.outcome)).all()
    # Who has arrived has left: that is the only thing that can come too late to count.
    assert {kind for kind, ended in counted if ended is not Outcome.APPLIED} <= {ActionKind.DEPART}


def test_the_proof_sees_what_waits_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "go_on", lambda *_: ())
    phones, heard = told(database, 2, 50)
    assert "outcome" in kinds(wrong_actions(database, phones, heard))


def test_the_proof_sees_what_counts_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_known", lambda *_: None)
    phones, heard = told(database, 1, 12)
    assert "answers" in kinds(wrong_actions(database, phones, heard))


def test_the_proof_sees_what_is_lost(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one phone says is taken for what another has said."""

    def known(work: Work, device: str, sequence: int) -> ActionRow | None:
        query = select(ActionRow).where(ActionRow.sequence == sequence)
        return work.session.scalars(query).first()

    monkeypatch.setattr(batch, "_known", known)
    phones, heard = told(database, 1, 12)
    assert "record" in kinds(wrong_actions(database, phones, heard))


def test_the_proof_sees_a_step_that_no_visit_takes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visit that is told of may go anywhere."""
    anywhere = {
        action: dict.fromkeys(VisitState, next(iter(steps.values())))
        for action, steps in VISIT.moves.items()
    }
    table = StateTable(VISIT.thing, VISIT.first, anywhere)
    monkeypatch.setattr(effect, "VISIT", table)
    monkeypatch.setattr(judge, "VISIT", table)
    phones, heard = told(database, 1, 24)
    assert "steps" in kinds(wrong_actions(database, phones, heard))


def test_the_proof_sees_a_clock_that_is_believed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "behind_s", lambda *_: 0)
    phones, heard = told(database, 2, 12)
    assert any(phone.ahead for phone in phones)
    assert "clock" in kinds(wrong_actions(database, phones, heard))
