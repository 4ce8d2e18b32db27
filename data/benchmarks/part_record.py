"""The service over a record of many jobs, each request beside its own SQL by bare psycopg."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import psycopg
from fastapi import FastAPI

from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.bootstrap import DEMO_CITY
from dispatch.demo.day import demo_day
from dispatch.demo.sizes import SIZES
from dispatch.formats.day_json import DAY_JSON
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.open import opened
from dispatch.travel.open import open_travel
from measured import RecordRun
from record_check import check_s
from record_requests import Requests, requests
from record_rows import address, fill
from record_server import Server, served
from record_statements import Overheard, Transaction, overhear
from record_tables import record_page
from record_wishes import Wish
from run_store import RunStore
from side_by_side import make

ROUTE, BOARD, CLAIM, BATCH = "day route", "board", "claim", "offline batch"
BESIDE = ("bare answer", "who asks", "candidates", "import of a day")
"""Answered too, for what they say of the four, and of the memory they take."""
LONGER = "UPDATE sign_in SET access_until = access_until + interval '1 day'"
"""It may take longer than a token is good for."""
AGAIN = 3
"""How often a read is asked each time, one way and the other."""


def measure_record(*, jobs: int, times: int, size: str, imported: str, out: Path) -> list[Path]:
    """Fill a database, serve it, and ask everything both ways in turn.

    Parameters
    ----------
    times
        How often each is asked; less often where there is less to change.
    size
        Of the day that all others are copies of.
    imported
        Size of the day that is imported at the end, for the memory it takes.

    Returns
    -------
    list of Path
        What was written.
    """
    store = RunStore(out / "record.jsonl", RecordRun)
    whats = (*BESIDE[:2], ROUTE, BOARD, BESIDE[2], CLAIM, BATCH, BESIDE[3])  # candidates first
    blank = [_Trial(what, jobs) for what in whats]
    if store.missing(blank):
        with _bench(jobs, size) as bench:
            ways: dict[str, Callable[[], _Times]] = {
                "bare answer": lambda: bench.alone([Wish("GET", "/healthz", "")] * times),
                "who asks": lambda: bench.alone([bench.wishes.who] * times),
                ROUTE: lambda: bench.reads(bench.wishes.routes, times),
                BOARD: lambda: bench.reads(bench.wishes.boards, times),
                CLAIM: lambda: bench.changes(bench.wishes.claims, times),
                BATCH: lambda: bench.changes(bench.wishes.batches, times),
                "candidates": lambda: bench.alone(bench.wishes.candidates),
                "import of a day": lambda: bench.alone([_import(bench, imported)]),
            }
            make([_Trial(what, jobs, bench, ways[what]) for what in whats], store, workers=1)
    page = out / "record.md"
    page.write_text(record_page([run for run in store.runs if run.jobs == jobs]), "utf-8")
    return [page]


def _import(bench: _Bench, size: str) -> Wish:
    day = DAY_JSON.document(demo_day(SIZES[size], 2))
    return Wish("POST", "/v1/imports", bench.wishes.manager, day)


@dataclass(frozen=True, slots=True)
class _Times:
    """Seconds, of each time; and what was asked of the database the last time."""

    served: Sequence[float]
    bare: Sequence[float] = ()
    check: Sequence[float] = ()
    transactions: Sequence[Transaction] = ()


@dataclass(frozen=True, slots=True)
class _Bench:
    """A service that is served, and its database."""

    server: Server
    connection: psycopg.Connection[Any]
    app: FastAPI
    database: Overheard
    travel: TravelTimes
    wishes: Requests

    def alone(self, wishes: Sequence[Wish]) -> _Times:
        """Ask, with nothing beside it."""
        return _Times([self.server.ask(wish)[0] for wish in wishes])

    def reads(self, wishes: Sequence[Wish], times: int) -> _Times:
        """Ask for each several times, and its statements as often in between."""
        served_s, bare_s = [], []
        found: Sequence[Transaction] = ()
        for number in range(-(-times // AGAIN)):
            wish = wishes[number % len(wishes)]
            found = overhear(self.app, self.database, wish)
            for _ in range(AGAIN):
                bare_s.append(self._bare(found))
                served_s.append(self.server.ask(wish)[0])
        return _Times(served_s, bare_s, transactions=found)

    def changes(self, wishes: Sequence[Wish], times: int) -> _Times:
        """Of each two alike, one is granted by the service and one by its statements alone.

        Which of them is first takes turns, and both were overheard just before, so that both find
        their rows at hand.
        """
        served_s, bare_s, checks_s = [], [], []
        found: Sequence[Transaction] = ()
        for number in range(min(times, len(wishes) // 2)):
            for turn in (number, number + 1):
                wish = wishes[2 * number + turn % 2]
                if wish.claims is not None:
                    checks_s.append(check_s(self.database, self.travel, *wish.claims))
                found = overhear(self.app, self.database, wish)
                if turn % 2:
                    bare_s.append(self._bare(found))
                else:
                    served_s.append(self.server.ask(wish)[0])
        return _Times(served_s, bare_s, checks_s, found)

    def _bare(self, transactions: Sequence[Transaction]) -> float:
        begin = perf_counter()
        for one in transactions:
            one.run(self.connection)
        return perf_counter() - begin


@dataclass(frozen=True, slots=True)
class _Trial:
    """One thing that is asked."""

    what: str
    jobs: int
    bench: _Bench | None = None
    measure: Callable[[], _Times] | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """That of its record."""
        return (self.what, self.jobs)

    def run(self) -> RecordRun:
        """Ask for it as often as is wanted."""
        if self.bench is None or self.measure is None:
            raise RuntimeError("there is nobody to ask")
        times = self.measure()
        return RecordRun(
            what=self.what,
            jobs=self.jobs,
            times=len(times.served),
            statements=sum(len(one.statements) for one in times.transactions),
            transactions=len(times.transactions),
            served_ms=_quantile_ms(times.served, 0.5),
            served_p95_ms=_quantile_ms(times.served, 0.95),
            bare_ms=_quantile_ms(times.bare, 0.5),
            bare_p95_ms=_quantile_ms(times.bare, 0.95),
            check_ms=_quantile_ms(times.check, 0.5),
            memory_mb=self.bench.server.memory_mb,
            peak_mb=self.bench.server.peak_mb,
        )


def _quantile_ms(seconds: Sequence[float], part: float) -> float | None:
    return 1_000 * float(np.quantile(seconds, part)) if seconds else None


@contextmanager
def _bench(jobs: int, size: str) -> Generator[_Bench]:
    travel = open_travel(DEMO_CITY)
    with TemporaryDirectory() as folder, opened(None, Path(folder) / "db") as database:
        print(f"writing a record of {jobs:,} jobs", flush=True)
        record = fill(database, travel, jobs=jobs, size=size)
        url = database.url.render_as_string(hide_password=False)
        overheard = Overheard(url)
        with (
            served(url, DEMO_CITY, Path(folder)) as server,
            psycopg.connect(address(database)) as connection,
        ):
            tokens = {login: _sign_in(server, login, record.password) for login in record.logins}
            connection.execute(LONGER)
            connection.commit()
            asked = requests(record, tokens, connection)
            app = create_app(House(overheard, travel))
            yield _Bench(server, connection, app, overheard, travel, asked)
        overheard.close()


def _sign_in(server: Server, login: str, password: str) -> str:
    known = {"login": login, "password": password}
    _, tokens = server.ask(Wish("POST", "/v1/sign-in", "", known))
    return str(tokens["access"])
