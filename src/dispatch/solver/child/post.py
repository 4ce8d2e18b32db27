"""What the parent tells a child while it works, heard in a thread of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import perf_counter
from typing import IO

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.child.messages import Message, read_message


class Post:
    """Listens until the parent hangs up; without a parent there is nobody to work for."""

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines = lines
        self._may_go, self._asked_to_stop = Event(), Event()
        self._answers: SimpleQueue[Message] = SimpleQueue()
        Thread(target=self._listen, daemon=True).start()

    @property
    def asked_to_stop(self) -> bool:
        """Whether the parent has had enough."""
        return self._asked_to_stop.is_set()

    def wait_for_go(self) -> None:
        """The clock is the parent's to start."""
        self._may_go.wait()

    def answer(self, seconds: float) -> tuple[Ints, ...] | None:
        """A better plan; None if there is none, or no answer in time."""
        try:
            routes = self._answers.get(timeout=max(0.0, seconds)).routes
        except Empty:
            return None
        if routes is None:
            return None
        return tuple(np.asarray(route, dtype=np.int64) for route in routes)

    def _listen(self) -> None:
        while line := self._lines.readline():
            message = read_message(line)
            if message.kind == "answer":
                self._answers.put(message)
                continue
            if message.kind == "stop":
                self._asked_to_stop.set()
                self._answers.put(message)  # whoever waits for an answer need not wait longer
            self._may_go.set()
        os._exit(1)


ALONE_FOR = 0.5
"""Of the run. A search that is still hot roams; another's plan would end that too early."""


class Meetings:
    """The exchange of an engine in a child: in even steps to the end it waits for the others."""

    def __init__(
        self, count: int, seconds: float, post: Post, say: Callable[[Message], None]
    ) -> None:
        self._count = count
        self._held = 0
        self._end = perf_counter() + seconds
        self._post = post
        self._say = say

    def due(self, progress: float) -> bool:
        """Whether it is time to meet."""
        next_at = ALONE_FOR + (1 - ALONE_FOR) * (self._held + 1) / (self._count + 1)
        return self._held < self._count and progress >= next_at

    def __call__(self, progress: float) -> tuple[Ints, ...] | None:
        """Meet if it is time to; the best plan of the others if it is better than the own."""
        if not self.due(progress):
            return None
        self._held += 1
        self._say(Message(kind="meet"))
        return self._post.answer(self._end - perf_counter())
