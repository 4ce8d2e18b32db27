"""Parts solved side by side, by whatever fits the standard library's executor.

The usual one is a pool of processes on this machine; `cluster.py` has one that spans many.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
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

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import never
from dispatch.solver.partition.order import solve_part, start_worker

Answer: TypeAlias = tuple[Ints, ...] | None
"""Better routes of a part, or None if there are none."""

WAKE_S = 0.25
"""Between two questions whether the answers are still wanted."""
MOST_LOSSES = 20
"""Where so many workers are lost, something kills them that will go on."""


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
    """Too many workers died, one after another; carries what was said of the last."""


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

    A worker that dies takes its orders down, not the run: they are sent again.

    Parameters
    ----------
    open_pool
        Called for the first pool, and for a new one when one is broken.
    """

    def __init__(self, open_pool: OpenPool) -> None:
        self.lost = 0
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

        Once they are called off, only those that are there.

        Parameters
        ----------
        order
            Makes the order of a number when its turn has come.
        until
            On the clock of ``perf_counter``.

        Raises
        ------
        WorkersLost
            Too many of them died.
        """
        waiting = deque(range(count))
        self._cancel()
        there: dict[int, Answer] = {}
        for number in range(count):
            while number not in there:
                while waiting and len(self._sent) < self.count:
                    self._send(waiting, order)
                left_s = max(0.0, until - perf_counter())
                wait_s = min(left_s, WAKE_S)
                done = wait(self._sent, timeout=wait_s, return_when=FIRST_COMPLETED).done
                there |= self._take(done, waiting)
                if called_off():
                    yield from sorted(there.items())
                    return
                if not done and left_s <= WAKE_S:
                    return
            yield number, there.pop(number)

    def _take(self, done: set[Future[Answer]], waiting: deque[int]) -> dict[int, Answer]:
        """What has come; what was lost waits again, before all others."""
        found, lost = {}, ""
        for future in done:
            number = self._sent.pop(future)
            try:
                found[number] = future.result()
            except Exception as error:  # noqa: BLE001 - a pool breaks in one way, a cluster in others
                lost = f"{type(error).__name__}: {error}"
                waiting.appendleft(number)
        if lost:
            self._replace(lost, waiting)
        return found

    def _send(self, waiting: deque[int], order: Callable[[int], bytes]) -> None:
        """The next order; a pool may be found broken only now."""
        at = waiting.popleft()
        try:
            self._sent[self._pool.executor.submit(solve_part, order(at))] = at
        except BrokenExecutor as error:
            waiting.appendleft(at)
            self._replace(f"{type(error).__name__}: {error}", waiting)

    def _replace(self, what: str, waiting: deque[int]) -> None:
        """A new pool; what was sent to the broken one waits again, before all others."""
        waiting.extendleft(sorted(self._sent.values(), reverse=True))
        self.lost += 1
        if self.lost > MOST_LOSSES:
            raise WorkersLost(what)
        self._abandon()
        self._pool = self._open()

    def _abandon(self) -> None:
        """Wait for nobody."""
        self._cancel()
        self._pool.executor.shutdown(wait=False)
        self._pool.close()

    def _cancel(self) -> None:
        for future in self._sent:
            future.cancel()
        self._sent.clear()
