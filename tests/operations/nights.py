"""People who work over midnight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.databases import OWNER
from tests.operations.boards import DATE, TRAVEL, WORKER
from tests.planning.made import ZONE, at, job, shift, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.day import Day
from dispatch.domain.shift import Shift
from dispatch.operations.publish_plan import Published, publish_plan
from dispatch.operations.runs.finish import finish_run
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.take import take_run
from dispatch.planning.compile import compile_day
from dispatch.planning.decode import decode
from dispatch.planning.verify import verify
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.store.board import span_of
from dispatch.store.board_lines import planned_lines, unplanned_lines
from dispatch.store.database import Database

EVE, NEXT = DATE, DATE + timedelta(days=1)
"""The evening on which a night begins, and the day on which it ends."""


def night(number: int = 0, **more: Any) -> Shift:
    """From ten in the evening to six, so many nights after the third of March."""
    return shift(22 + 24 * number, 30 + 24 * number, name="night", **more)


def a_night(**more: Any) -> Day:
    """T1 works in the night, T2 by day; J23 and J03 are for the night, J12 is for the day."""
    jobs = [
        job("J23", windows=(window(23, 23.9),)),
        job("J03", windows=(window(27, 28),), site="west"),
        job("J12", windows=(window(12, 13),)),
    ]
    people = [technician("T1", shifts=(night(),)), technician("T2")]
    return made_day(jobs, people, **({"end": at(30)} | more))


def plan(database: Database, day: date) -> Published:
    """Plan a day and let it hold."""
    request_run(database, OWNER, day, engine="greedy", seconds=30)
    taken = take_run(database, WORKER)
    assert taken is not None
    compiled = compile_day(taken.day, TRAVEL)
    result = Greedy().solve(compiled.problem, Stop(seconds=30), seed=1)
    answer = decode(compiled, result, engine=taken.engine)
    assert verify(taken.day, answer, TRAVEL).ok
    return publish_plan(database, OWNER, finish_run(database, WORKER, taken.id, answer), TRAVEL)


def board(database: Database, day: date) -> tuple[Sequence[str], Sequence[str]]:
    """The jobs that are on routes, and those that nobody has."""
    span = span_of(day, ZoneInfo(ZONE))
    with database.work(OWNER) as work:
        planned = [line["job_key"] for line in planned_lines(work.session, span)]
        return planned, [line["job_key"] for line in unplanned_lines(work.session, span)]
