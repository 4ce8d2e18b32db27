"""A small board to plan, publish and claim on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tests.databases import OWNER
from tests.planning.made import Board as Chessboard
from tests.planning.made import day as made_day
from tests.planning.made import job, technician

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.day import Day
from dispatch.operations.import_day import import_day
from dispatch.operations.plan_day import plan_day
from dispatch.operations.publish_plan import Published, publish_plan
from dispatch.operations.runs.finish import finish_run
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.take import Taken, take_run
from dispatch.store.database import Database

WORKER = Actor(kind=ActorKind.WORKER, id="worker-1", source=Source.WORKER)
DATE = date(2026, 3, 3)
TRAVEL = Chessboard()


def two_technicians() -> Day:
    """Four jobs of an hour, east and west, and two who can do all of them."""
    jobs = [job("J1"), job("J2", site="west"), job("J3"), job("J4", site="west")]
    return made_day(jobs, [technician("T1"), technician("T2")])


@dataclass
class Desk:
    """What a dispatcher and a worker do with a database."""

    database: Database
    actor: Actor = OWNER
    made: dict[UUID, Taken] = field(default_factory=dict)

    def imported(self, day: Day) -> Desk:
        import_day(self.database, self.actor, day)
        return self

    def plan(self) -> UUID:
        """Ask for a plan, and be the worker that makes it."""
        request_run(self.database, self.actor, DATE, engine="greedy", seconds=30)
        taken = take_run(self.database, WORKER)
        assert taken is not None
        answer = plan_day(taken.day, TRAVEL, engine=taken.engine, seconds=30)
        assert answer.verification.ok
        plan = finish_run(self.database, WORKER, taken.id, answer.plan)
        self.made[plan] = taken
        return plan

    def publish(self, plan: UUID, expect: int | None = None) -> Published:
        return publish_plan(self.database, self.actor, plan, TRAVEL, expect=expect)
