"""Saying now and then that somebody is at a run, and hearing whether it is wanted still."""

from __future__ import annotations

import logging
from threading import Event, Thread
from types import TracebackType
from typing import Self
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.plan import Progress
from dispatch.errors import DispatchError
from dispatch.operations.runs.say import say_alive
from dispatch.store.database import Database

BEAT_S = 1.0
MOST_STEPS = 500
"""Of the improvement curve; the first and the newest are the ones that people look at."""

log = logging.getLogger(__name__)


class Pulse:
    """Watches a run being planned, as :class:`dispatch.operations.plan_day.Watch` has it.

    A thread of its own speaks, so that it is heard also while an engine is busy.
    """

    def __init__(
        self, database: Database, actor: Actor, run: UUID, *, beat_s: float = BEAT_S
    ) -> None:
        self._database, self._actor, self._run, self._beat_s = database, actor, run, beat_s
        self._phase = ""
        self._curve: tuple[Progress, ...] = ()
        self._over = Event()
        self._unwanted = Event()
        self._thread = Thread(target=self._beat, name=f"pulse-{run}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def unwanted(self) -> bool:
        """Whether the run was cancelled, or another worker has it."""
        return self._unwanted.is_set()

    def phase(self, name: str, part: float | None = None) -> None:
        """Planning is at this."""
        self._phase = name if part is None else f"{name} {part:.0%}"

    def step(self, step: Progress) -> None:
        """A better plan has been found."""
        half = MOST_STEPS // 2
        curve = (*self._curve, step)
        self._curve = curve if len(curve) <= MOST_STEPS else (*curve[:half], *curve[-half:])

    def _beat(self) -> None:
        while not self._over.wait(self._beat_s):
            try:
                if not say_alive(self._database, self._actor, self._run, self._phase, self._curve):
                    self._unwanted.set()
                    return
            except DispatchError as error:
                # Whoever is not heard of for long loses the run, so it goes on trying.
                log.warning("run %s: the record does not answer: %s", self._run, error)
