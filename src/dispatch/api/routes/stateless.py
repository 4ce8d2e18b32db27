"""Planning and checking for whoever keeps their own records: nothing is kept here."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.planners import CalledOff, in_turn
from dispatch.api.sent import Sent
from dispatch.bootstrap import known_engine
from dispatch.domain.day import Day
from dispatch.errors import Refused
from dispatch.formats.day_json import read_day
from dispatch.formats.plan_json import PLAN_JSON, read_plan
from dispatch.operations.plan_day import plan_day
from dispatch.planning.check import accept_day
from dispatch.planning.verify import verify

router = APIRouter(tags=["stateless"])

LONGEST_S = 60.0
"""Whoever wants more time, or has a bigger day, asks for a run."""
MOST_JOBS, MOST_TECHNICIANS, MOST_SHIFTS = 2_000, 400, 2_000
"""A run is planned by a worker, in a process of its own; this takes the server's memory."""


class Solving(Sent):
    """A day in the day format, and how long planning it may take."""

    day: dict[str, Any]
    engine: Annotated[str, Field(max_length=40)] = "lns"
    seconds: Annotated[float, Field(gt=0, le=LONGEST_S)] = 5.0
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1


class Checking(Sent):
    """A day, and a plan of it."""

    day: dict[str, Any]
    plan: dict[str, Any]


class Verdict(BaseModel):
    """What an independent checker says."""

    ok: bool
    faults: list[str]


class Solved(BaseModel):
    """A plan in the plan format."""

    plan: dict[str, Any]
    verdict: Verdict
    status: str
    message: str


@router.post("/solve", name="solve", tags=[REPEATABLE])
async def solve(request: Request, caller: TheCaller, given: Solving) -> Solved:
    """Plan a day. All of it has to lie where the server has travel times (`DISPATCH_TRAVEL`).

    At most 2,000 jobs, 400 technicians and 2,000 shifts; more is for a run. It ends when whoever
    asked hangs up.
    """
    return await in_turn(request, lambda called_off: _solve(caller, given, called_off))


@router.post("/verify", name="verify", tags=[REPEATABLE])
async def check(request: Request, caller: TheCaller, given: Checking) -> Verdict:
    """See whether a plan keeps every rule of its day; where that lies and how big, see `solve`."""
    return await in_turn(request, lambda _: _verify(caller, given))


def _solve(caller: TheCaller, given: Solving, called_off: CalledOff) -> Solved:
    planned = plan_day(
        _day(given.day),
        caller.house.travel,
        engine=known_engine(given.engine),
        seconds=given.seconds,
        seed=given.seed,
        called_off=called_off,
    )
    return Solved(
        plan=PLAN_JSON.document(planned.plan),
        verdict=Verdict(
            ok=planned.verification.ok,
            faults=[fault.sentence() for fault in planned.verification.faults],
        ),
        status=planned.status.value,
        message=planned.message,
    )


def _verify(caller: TheCaller, given: Checking) -> Verdict:
    day = _day(given.day)
    accept_day(day)
    found = verify(day, read_plan(_bytes(given.plan), file="plan"), caller.house.travel)
    return Verdict(ok=found.ok, faults=[fault.sentence() for fault in found.faults])


def _day(document: dict[str, Any]) -> Day:
    """As it was sent.

    Raises
    ------
    Refused
        ``solve.too-big``
    """
    day = read_day(_bytes(document), file="day")
    shifts = sum(len(technician.shifts) for technician in day.technicians)
    many = len(day.jobs) > MOST_JOBS or len(day.technicians) > MOST_TECHNICIANS
    if many or shifts > MOST_SHIFTS:
        raise Refused(
            "solve.too-big", jobs=MOST_JOBS, technicians=MOST_TECHNICIANS, shifts=MOST_SHIFTS
        )
    return day


def _bytes(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()
