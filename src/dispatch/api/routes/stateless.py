"""Planning and checking for whoever keeps their own records: nothing is kept here."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.planners import in_turn
from dispatch.api.sent import Sent
from dispatch.bootstrap import known_engine
from dispatch.formats.day_json import read_day
from dispatch.formats.plan_json import PLAN_JSON, read_plan
from dispatch.operations.plan_day import plan_day
from dispatch.planning.check import accept_day
from dispatch.planning.verify import verify

router = APIRouter(tags=["stateless"])

LONGEST_S = 60.0
"""Whoever wants more asks for a run."""


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
async def solve(caller: TheCaller, given: Solving) -> Solved:
    """Plan a day. All of it has to lie where the server has travel times (`DISPATCH_TRAVEL`)."""
    return await in_turn(lambda: _solve(caller, given))


@router.post("/verify", name="verify", tags=[REPEATABLE])
async def check(caller: TheCaller, given: Checking) -> Verdict:
    """See whether a plan keeps every rule of its day; where that lies, see `solve`."""
    return await in_turn(lambda: _verify(caller, given))


def _solve(caller: TheCaller, given: Solving) -> Solved:
    planned = plan_day(
        read_day(_bytes(given.day), file="day"),
        caller.house.travel,
        engine=known_engine(given.engine),
        seconds=given.seconds,
        seed=given.seed,
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
    day = read_day(_bytes(given.day), file="day")
    accept_day(day)
    found = verify(day, read_plan(_bytes(given.plan), file="plan"), caller.house.travel)
    return Verdict(ok=found.ok, faults=[fault.sentence() for fault in found.faults])


def _bytes(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()
