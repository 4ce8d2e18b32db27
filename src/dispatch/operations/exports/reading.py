"""Reading what is exported: bounded, row by row, and only what the one who asks may see."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select

from dispatch.domain.actor import Actor
from dispatch.errors import Refused
from dispatch.formats.exports.table import Value
from dispatch.store.board import zone_of
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow

MOST = 100_000
AT_ONCE = 1_000
"""Rows held in memory."""
Query: TypeAlias = Select[*tuple[Any, ...]]
Found: TypeAlias = Row[*tuple[Any, ...]]
Told: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Exported:
    """Columns by their keys, and rows that are read while they are written."""

    columns: Sequence[str]
    rows: Iterator[Sequence[Value]]


@contextmanager
def exported(
    database: Database,
    actor: Actor,
    columns: Sequence[str],
    query: Callable[[ZoneInfo], Query],
    tell: Callable[[Found, ZoneInfo], Told],
) -> Generator[Exported]:
    """The rows of a query, each told by the clocks of the service network.

    Raises
    ------
    Refused
        ``export.too-many``, ``organisation.missing``
    """
    with database.work(actor) as work:
        zone = zone_of(work.session)
        asked = query(zone)
        some = asked.order_by(None).limit(MOST + 1).subquery()
        if (work.session.scalar(select(func.count()).select_from(some)) or 0) > MOST:
            raise Refused("export.too-many", most=MOST)
        found = work.session.execute(asked, execution_options={"yield_per": AT_ONCE})
        rows = (tell(row, zone) for row in found)
        yield Exported(columns, ([row[name] for name in columns] for row in rows))


def about(job: JobRow, outlet: str) -> dict[str, Value]:
    """What a job and each of its visits are told with."""
    return {
        "job": job.key,
        "name": job.name,
        "type": job.type.key,
        "priority": job.priority,
        "outlet": outlet,
        "site": job.site.key,
        "site-name": job.site.name,
        "address": job.site.address,
    }


def by_clock(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """What clocks in a zone show, since no spreadsheet knows of zones."""
    return None if moment is None else moment.astimezone(zone).replace(tzinfo=None)


def offset(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """How far they are from UTC then, as ``+01:00``: once a year they show an hour twice."""
    return None if moment is None else moment.astimezone(zone).isoformat()[-6:]
