"""Telling many streams of what happens, by looking once for all of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.errors import DispatchError, Unavailable
from dispatch.operations.board.news import Heads, News, heads, news_after
from dispatch.store.database import Database

LOOK_S = 0.5
"""How often somebody looks whether there is something new."""
HEARTBEAT_S = 15.0
"""How often a stream says that it is still there, and sees whether its reader may go on."""
MOST, MOST_EACH = 500, 20
"""Streams of a server, and of one of its people."""
MOST_WAITING = 100
"""News that a slow reader is behind before its stream ends; it comes back and goes on there."""

Scope = frozenset[UUID] | None

log = logging.getLogger("dispatch.api")


@dataclass(frozen=True, slots=True)
class Fresh:
    """Something new: of visits, of boards, or of both."""

    news: News
    heads: Heads


@dataclass(eq=False, slots=True)
class Ear:
    """One stream that listens."""

    who: str
    scope: Scope
    day: date
    told: int
    """The number up to which it knows."""
    version: int
    """Of its board, as it knows it."""
    queue: asyncio.Queue[Fresh | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    """None ends it."""

    def tell(self, fresh: Fresh) -> None:
        """Let it hear of something, or end it if it is too far behind."""
        self.told = max(self.told, fresh.news.until)
        self.version = fresh.heads.versions.get(self.day, self.version)
        if self.queue.qsize() >= MOST_WAITING - 1:
            self.end()
        else:
            self.queue.put_nowait(fresh)

    def end(self) -> None:
        """Nothing more comes."""
        if not self.queue.full():
            self.queue.put_nowait(None)


class Live:
    """All streams of a server: of boards, that it tells what is new, and of runs, that look."""

    def __init__(
        self, database: Database, *, look_s: float = LOOK_S, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        self.heartbeat_s = heartbeat_s
        self.looks = 0
        """How often the database was asked whether there is something new."""
        self._database, self._look_s = database, look_s
        self._ears: set[Ear] = set()
        self._lookers: list[str] = []
        self._task: asyncio.Task[None] | None = None
        self.closed = False

    def close(self) -> None:
        """End all streams within moments, and let no other begin for long: the server ends."""
        self.closed = True

    def expect_room(self, who: str) -> None:
        """See that one more stream may begin.

        Raises
        ------
        Unavailable
            ``live.full``: there are too many, or too many of one reader.
        """
        readers = [*(ear.who for ear in self._ears), *self._lookers]
        if len(readers) >= MOST or readers.count(who) >= MOST_EACH:
            raise Unavailable("live.full", most=MOST, each=MOST_EACH)

    @contextmanager
    def looking(self, who: str) -> Generator[None]:
        """Count a stream that looks for itself."""
        self._lookers.append(who)
        try:
            yield
        finally:
            self._lookers.remove(who)

    @contextmanager
    def listening(self, ear: Ear) -> Generator[None]:
        """Let a stream hear of all that comes after what it knows."""
        self._ears.add(ear)
        if self.closed:
            ear.end()
        elif self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self._ears.discard(ear)

    async def _watch(self) -> None:
        while self._ears and not self.closed:
            await asyncio.sleep(self._look_s)
            known = [(ear.scope, ear.told) for ear in self._ears]
            days = {ear.day for ear in self._ears}
            try:
                found, by_scope = await run_in_threadpool(self._look, known, days)
            except DispatchError as error:
                log.warning("boards are not heard of: %s", error)
                continue
            for ear in tuple(self._ears):
                news = by_scope.get(ear.scope, News((), ear.told))
                newer = found.versions.get(ear.day, ear.version) != ear.version
                if newer or news.until > ear.told:
                    ear.tell(Fresh(news, found))
        for ear in self._ears:
            ear.end()

    def _look(
        self, known: Iterable[tuple[Scope, int]], days: Iterable[date]
    ) -> tuple[Heads, Mapping[Scope, News]]:
        """What is new, read once for all that see the same outlets."""
        self.looks += 1
        found = heads(self._database, _reader(None), set(days))
        least: dict[Scope, int] = {}
        for scope, told in known:
            least[scope] = min(told, least.get(scope, told))
        return found, {
            scope: news_after(self._database, _reader(scope), told, found.number)
            for scope, told in least.items()
            if told < found.number
        }


def _reader(scope: Scope) -> Actor:
    return Actor(kind=ActorKind.WORKER, id="live", source=Source.API, outlets=scope)
