"""Who plans while they wait for the answer: some at once, some more who wait their turn.

Planning takes a core for as long as it is given. It runs in threads of its own, so that however
many ask for it, all other requests have theirs; who waits for a turn takes no thread at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

from dispatch.errors import Unavailable
from dispatch.solver.portfolio.cores import usable_cores

T = TypeVar("T")

WAITING = 4
"""How many wait for a turn; each keeps a day in memory."""


@dataclass(slots=True)
class _Turns:
    """Of one server."""

    cores: CapacityLimiter
    here: int = 0
    """Who plans and who waits."""


_TURNS: RunVar[_Turns] = RunVar("planners")
"""One for each event loop, of which a server has one."""


async def in_turn(do: Callable[[], T]) -> T:
    """Do it when a core is free.

    Raises
    ------
    Unavailable
        ``solve.busy``: too many wait already.
    """
    turns = _turns()
    if turns.here >= turns.cores.total_tokens + WAITING:
        raise Unavailable("solve.busy")
    turns.here += 1
    try:
        return await to_thread.run_sync(do, limiter=turns.cores)
    finally:
        turns.here -= 1


def _turns() -> _Turns:
    try:
        return _TURNS.get()
    except LookupError:
        turns = _Turns(CapacityLimiter(usable_cores()))
        _TURNS.set(turns)
        return turns
