"""Who plans while they wait for the answer: some at once, some more who wait their turn.

Planning takes a core for as long as it is given. It runs in threads of its own, so that however
many ask for it, all other requests have theirs; who waits for a turn takes no thread at all. It
ends early when whoever asked has hung up or the server is to end, with the best by then.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from anyio import CapacityLimiter, sleep, to_thread
from anyio.lowlevel import RunVar
from fastapi import Request

from dispatch.api.live import Live
from dispatch.errors import Unavailable
from dispatch.solver.portfolio.cores import usable_cores

T = TypeVar("T")

CalledOff = Callable[[], bool]

WAITING = 4
"""How many wait for a turn; each keeps a day in memory."""
LOOK_S = 0.5
"""How often it is looked whether anybody still waits for the answer."""


@dataclass(slots=True)
class _Turns:
    """Of one server."""

    cores: CapacityLimiter
    here: int = 0
    """Who plans and who waits."""


_TURNS: RunVar[_Turns] = RunVar("planners")
"""One for each event loop, of which a server has one."""


async def in_turn(request: Request, do: Callable[[CalledOff], T]) -> T:
    """Do it when a core is free; it asks now and then whether it is called off.

    Raises
    ------
    Unavailable
        ``solve.busy``: too many wait already.
    """
    turns = _turns()
    if turns.here >= turns.cores.total_tokens + WAITING:
        raise Unavailable("solve.busy")
    turns.here += 1
    called_off = threading.Event()
    listener = asyncio.create_task(_listen(request, called_off))
    try:
        return await to_thread.run_sync(do, called_off.is_set, limiter=turns.cores)
    finally:
        listener.cancel()
        turns.here -= 1


async def _listen(request: Request, called_off: threading.Event) -> None:
    live: Live = request.app.state.live
    while not (live.closed or await request.is_disconnected()):  # noqa: ASYNC110 - no event says so
        await sleep(LOOK_S)
    called_off.set()


def _turns() -> _Turns:
    try:
        return _TURNS.get()
    except LookupError:
        turns = _Turns(CapacityLimiter(usable_cores()))
        _TURNS.set(turns)
        return turns
