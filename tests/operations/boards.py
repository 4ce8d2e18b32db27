"""A small board to plan, publish and claim on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from tests.databases import OWNER
from tests.planning.made import Board as Chessboard
from tests.planning.made import day as made_day
from tests.planning.made import job, technician

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.day import Day
from dispatch.errors import Unavailable
from dispatch.operations.import_day import import_day
from dispatch.operations.publish_plan import Published, publish_plan
from dispatch.operations.runs.finish import finish_run
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.take import Taken, take_run
from dispatch.planning.compile import compile_day
from dispatch.planning.decode import decode
from dispatch.planning.travel_times import TravelMatrix
from dispatch.planning.verify import verify
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.store.database import Database

WORKER = Actor(kind=ActorKind.WORKER, id="worker-1", source=Source.WORKER)
DATE = date(2026, 3, 3)
TRAVEL = Chessboard()


class Away(Chessboard):
    """Travel times that do not answer."""

    def matrix(self, *_: Any, **__: Any) -> TravelMatrix:
        raise Unavailable("travel.file.missing", file="x")


def two_technicians() -> Day:
    """Four jobs of an hour, east and west, and two who can do all of them."""
    jobs = [job("J1"), job("J2", site="west"), job("J3"), job("J4", site="west")]
    return made_day(jobs, [technician("T1"), technician("T2")])


@dataclass
class Desk:
    """What a dispatcher and a worker do with a database."""

    database: Database
    actor: Actor = OWNER
    taken: list[Taken] = field(default_factory=list)

    def imported(self, day: Day) -> Desk:
        import_day(self.database, self.actor, day)
        return self

    def plan(self) -> UUID:
        """Ask for a plan, and be the worker that makes it."""
        request_run(self.database, self.actor, DATE, engine="greedy", seconds=30)
        taken = take_run(self.database, WORKER)
        assert taken is not None
        compiled = compile_day(taken.day, TRAVEL)
        result = Greedy().solve(compiled.problem, Stop(seconds=30), seed=1)
        answer = decode(compiled, result, engine=taken.engine)
        assert verify(taken.day, answer, TRAVEL).ok
        plan = finish_run(self.database, WORKER, taken.id, answer)
        self.taken.append(taken)
        return plan

    @property
    def last(self) -> Taken:
        """The run that was worked on last."""
        return self.taken[-1]

    def publish(self, plan: UUID, expect: int | None = None) -> Published:
        return publish_plan(self.database, self.actor, plan, TRAVEL, expect=expect)
