"""What a request asks the database, so that the same can be asked without us."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI
from sqlalchemy import Connection, event

from dispatch.store.database import Database
from record_wishes import Wish


@dataclass(slots=True)
class Transaction:
    """Statements with their parameters, and whether they were to hold."""

    statements: list[tuple[str, Any, bool]] = field(default_factory=list)
    """And whether the parameters are those of many rows."""
    commits: bool = False

    def run(self, connection: psycopg.Connection[Any]) -> None:
        """Do the same, and read all that is answered."""
        for statement, parameters, many in self.statements:
            with connection.cursor() as cursor:
                if many:
                    cursor.executemany(statement, parameters)
                else:
                    cursor.execute(statement, parameters)
                if cursor.description is not None:
                    cursor.fetchall()
        if self.commits:
            connection.commit()
        else:
            connection.rollback()


class Overheard(Database):
    """A database that is asked everything and keeps nothing.

    All that the service does with it happens in one transaction of its one connection, which is
    undone when the request has been answered; what would have been committed is noted.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, pool=1)
        self._transactions: list[Transaction] = []
        dialect: Any = self.engine.dialect
        dialect.do_ping = lambda _: True  # which no open transaction allows
        dialect.do_commit = lambda _: self._end(commits=True)
        dialect.do_rollback = lambda _: self._end(commits=False)
        event.listen(self.engine, "before_cursor_execute", self._hear)

    @contextmanager
    def heard(self) -> Generator[list[Transaction]]:
        """What is asked meanwhile."""
        self._transactions = [Transaction()]
        try:
            yield self._transactions
        finally:
            connection = self.engine.raw_connection()  # there is but one
            found: Any = connection.driver_connection
            found.rollback()
            connection.close()
            self._transactions[:] = [one for one in self._transactions if one.statements]

    def _hear(
        self, _: Connection, __: Any, statement: str, parameters: Any, ___: Any, many: bool
    ) -> None:
        self._transactions[-1].statements.append((statement, parameters, many))

    def _end(self, *, commits: bool) -> None:
        if self._transactions and self._transactions[-1].statements:
            self._transactions[-1].commits = commits
            self._transactions.append(Transaction())


def overhear(app: FastAPI, database: Overheard, wish: Wish) -> Sequence[Transaction]:
    """What a request asks, without any effect."""
    with database.heard() as found:
        wish.granted(*asyncio.run(_ask(app, wish)))
    return found


async def _ask(app: FastAPI, wish: Wish) -> tuple[int, bytes]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here", verify=False) as http:  # noqa: S501 - nothing is sent
        answer = await http.request(
            wish.method, wish.path, content=wish.body, headers=wish.headers()
        )
        return answer.status_code, answer.content
