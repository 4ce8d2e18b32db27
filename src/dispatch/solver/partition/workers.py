"""Parts solved side by side, by whatever fits the standard library's executor.

The usual one is a pool of processes on this machine; `cluster.py` has one that spans many.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from time import perf_counter
from types import TracebackType
from typing import Self, TypeAlias

from dispatch.errors import Unavailable
from dispatch.solver.arrays import Ints
from dispatch.solver.engine import never
from dispatch.solver.partition.order import solve_part, start_worker

Answer: TypeAlias = tuple[Ints, ...] | None
"""Better routes of a part, or None if there are none."""

WAKE_S = 0.25
"""Between two questions whether the answers are still wanted."""
LOSSES = (BrokenExecutor, CancelledError, OSError)
"""What an order ends with if its worker, or the way to it, was lost; a cluster has names of its own
for the last two. Anything else is the order's own fault."""
MOST_LOSSES = 5
"""Where more are lost and nothing is answered in between, something kills them that will go on."""
MOST_TRIES = 2
"""An order that lost one worker beside others, and then one when it was sent alone, kills them."""


def _nothing_more() -> None:
    """The executor has ended all of it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Where parts are solved."""

    executor: Executor
    size: int
    """How many at a time."""
    close: Callable[[], None] = _nothing_more
    """Ends what the executor leaves, at once; called after its ``shutdown``."""


OpenPool: TypeAlias = Callable[[], Pool]


class WorkersLost(Exception):
    """Too many workers were lost, one after another; carries what was said of the last."""


def process_pool(engine: str, size: int) -> Pool:
    """Processes that solve with ``engine``, starting now, and that end with this one."""
    before = active_children()
    executor = ProcessPoolExecutor(
        size, mp_context=get_context("spawn"), initializer=start_worker, initargs=(engine,)
    )
    for _ in range(size):
        executor.submit(os.getpid)  # or they would start with their first orders
    started = [process for process in active_children() if process not in before]
    return Pool(executor, size, partial(_kill, started))


def _kill(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.join()


class Workers:
    """Takes orders as they come and gives the answers in their order.

    A worker that dies takes its orders down, not the run: each of them is sent again, alone, and
    given up if that costs a worker once more. One that is still busy when its answer is no longer
    waited for is left behind.

    Parameters
    ----------
    open_pool
        Called for the first pool, and for a new one when one is broken.
    """

    def __init__(self, open_pool: OpenPool) -> None:
        self.failures = 0
        """Orders that ended in an error, or that lost one worker after the other."""
        self.said = ""
        """What the last of these said."""
        self._lost_in_a_row = 0
        self._tries: Counter[int] = Counter()
        self._open = open_pool
        self._sent: dict[Future[Answer], int] = {}
        self._pool = open_pool()

    @property
    def count(self) -> int:
        """How many orders are worked on at a time."""
        return self._pool.size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._abandon()

    def answers(
        self,
        order: Callable[[int], bytes],
        count: int,
        until: float,
        called_off: Callable[[], bool] = never,
    ) -> Iterator[tuple[int, Answer]]:
        """The answers to orders 0 to ``count``, in this order, as far as they come in time.

        Once it is too late or they are called off, only those that are there; None for those that
        failed.

        Parameters
        ----------
        order
            Makes the order of a number when its turn has come.
        until
            On the clock of ``perf_counter``.

        Raises
        ------
        WorkersLost
            Too many of them died: one after the other, or over each of the orders.
        """
        waiting = deque(range(count))
        self._tries.clear()
        if self._sent:  # of the last time: who holds these might hold others up
            self._renew()
        there: dict[int, Answer] = {}
        for number in range(count):
            while number not in there:
                while waiting and self._has_room_for(waiting[0]):
                    self._send(waiting, order)
                left_s = max(0.0, until - perf_counter())
                wait_s = min(left_s, WAKE_S)
                done = wait(self._sent, timeout=wait_s, return_when=FIRST_COMPLETED).done
                there |= self._take(done, waiting)
                if called_off() or (not done and left_s <= WAKE_S):
                    yield from sorted(there.items())
                    return
            yield number, there.pop(number)
        if 0 < count == sum(tries == MOST_TRIES for tries in self._tries.values()):
            raise WorkersLost(self.said)

    def _has_room_for(self, number: int) -> bool:
        """What has lost a worker goes alone: it might cost others theirs."""
        is_suspect = any(self._tries[at] for at in (number, *self._sent.values()))
        return len(self._sent) < (1 if is_suspect else self.count)

    def _take(self, done: set[Future[Answer]], waiting: deque[int]) -> dict[int, Answer]:
        """What has come; what was lost waits again, before all others."""
        found: dict[int, Answer] = {}
        lost: list[int] = []
        cause = ""
        for future in done:
            number = self._sent.pop(future)
            try:
                found[number] = future.result()
                self._lost_in_a_row = 0
            except LOSSES as error:
                lost.append(number)
                cause = f"{type(error).__name__}: {error}"
            except Exception as error:  # noqa: BLE001 - whatever the engine of the parts raises
                found[number] = None
                self._failed(f"{type(error).__name__}: {error}")
        if lost:
            lost += self._sent.values()
            self._replace(cause)
            for number in sorted(lost, reverse=True):
                self._tries[number] += 1
                if self._tries[number] < MOST_TRIES:
                    waiting.appendleft(number)
                else:
                    found[number] = None
                    self._failed(cause)
        return found

    def _failed(self, said: str) -> None:
        """Note what became of an order that is not sent again."""
        self.failures += 1
        self.said = said

    def _send(self, waiting: deque[int], order: Callable[[int], bytes]) -> None:
        """The next order; a pool may be found broken only now."""
        at = waiting.popleft()
        try:
            self._sent[self._pool.executor.submit(solve_part, order(at))] = at
        except BrokenExecutor as error:
            waiting.extendleft(sorted([at, *self._sent.values()], reverse=True))
            self._replace(f"{type(error).__name__}: {error}")

    def _replace(self, cause: str) -> None:
        """A new pool for one that is broken."""
        self._lost_in_a_row += 1
        if self._lost_in_a_row > MOST_LOSSES:
            raise WorkersLost(cause)
        self._renew()

    def _renew(self) -> None:
        self._abandon()
        try:
            self._pool = self._open()
        except Unavailable as error:
            raise WorkersLost(str(error)) from error

    def _abandon(self) -> None:
        """Wait for nobody.

        Orders are not cancelled one by one: a pool of processes that is killed stumbles over those.
        """
        self._sent.clear()
        self._pool.executor.shutdown(wait=False)
        self._pool.close()
