"""A database that fails on purpose: at a statement, before a commit, or after it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from psycopg import errors
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from dispatch.store.database import Clock, Database

PATIENCE_MS = 300
"""How long a transaction waits for another that stands still."""


class Where(StrEnum):
    """At which point of a transaction something happens."""

    STATEMENT = "statement"
    COMMIT = "commit"
    COMMITTED = "committed"


class Failure(StrEnum):
    """What the server says."""

    DEADLOCK = "deadlock"
    ORDER = "order"
    GONE = "gone"


_SAID = {
    Failure.DEADLOCK: errors.DeadlockDetected,
    Failure.ORDER: errors.SerializationFailure,
    Failure.GONE: errors.AdminShutdown,
}


@dataclass
class Plan:
    """What is to happen once to a thread, and whether it has."""

    where: Where
    after: int
    """Statements before it, for one that happens at a statement."""
    do: Callable[[], None]
    happened: bool = False

    def reached(self) -> None:
        self.happened = True
        self.do()


_PLAN: ContextVar[Plan | None] = ContextVar("plan", default=None)
"""Of a thread, and of those that work for it while it waits, as those of the service do."""


class ShakyDatabase(Database):
    """The usual one, but that a thread may be told where to fail or to wait."""

    def __init__(self, url: str, *, clock: Clock) -> None:
        super().__init__(url, clock=clock)
        self.engine.pool._pre_ping = False  # nobody else ends its connections
        event.listen(self.engine, "connect", _hurry)
        event.listen(self.engine, "before_cursor_execute", self._statement)
        event.listen(self._new_session, "before_commit", lambda _: self._reach(Where.COMMIT))
        event.listen(self._new_session, "after_commit", lambda _: self._reach(Where.COMMITTED))

    @contextmanager
    def planned(self, plan: Plan) -> Generator[Plan]:
        """Let something happen to what this thread does meanwhile."""
        before = _PLAN.set(plan)
        try:
            yield plan
        finally:
            _PLAN.reset(before)

    def _statement(self, *_: object) -> None:
        plan = _PLAN.get()
        if plan is not None and plan.where is Where.STATEMENT:
            plan.after -= 1
            if plan.after < 0:
                self._reach(Where.STATEMENT)

    def _reach(self, where: Where) -> None:
        plan = _PLAN.get()
        if plan is not None and plan.where is where and not plan.happened:
            plan.reached()


def fail(failure: Failure) -> Callable[[], None]:
    """What a statement raises that fails so."""

    def do() -> None:
        said: Any = _SAID[failure]("on purpose")
        raise OperationalError("", {}, said, connection_invalidated=failure is Failure.GONE)

    return do


def _hurry(connection: Any, _: object) -> None:
    connection.execute(f"SET lock_timeout = {PATIENCE_MS}")
    connection.commit()
