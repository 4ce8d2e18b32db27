"""Copies of a planned day on other days, as rows of all tables that a day has."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from dispatch.store.events import Event
from dispatch.store.ids import new_id

Row: TypeAlias = dict[str, Any]

TABLES = ("customer", "contact", "site", "job", "shift", "visit", "board", "schedule")
"""What every day has of its own, in an order in which what is named is there already."""
STEPS = ("depart", "check_in", "start", "complete")
STEP = timedelta(minutes=10)
"""Between two things that are said of a visit."""
FEE_MINOR = 9_000
JOB_NAMED = re.compile(r'"job": "([^"]+)"')
DAY_NAMED = re.compile(r"\b\d{4}-\d\d-\d\d(?=T\d\d:)")


class Model:
    """A planned day that others are made from."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._rows = {name: _read(connection, name) for name in TABLES}
        self._pooled = _pooled(self._rows["visit"], self._rows["job"])

    def add_day(self, connection: Connection[Any], by: int, now: datetime) -> list[Event]:
        """Write the day that is ``by`` days later; what there is to tell of it."""
        ids = {row["id"]: new_id() for name in TABLES for row in self._rows[name]}
        copy = _Copy(timedelta(days=by), ids)
        rows = {name: [copy.of(row) for row in self._rows[name]] for name in TABLES}
        rows |= {"action": [], "offer": []}
        jobs = {row["id"]: row for row in rows["job"]}
        pooled, said = {ids[visit] for visit in self._pooled}, Counter[UUID]()
        for visit in rows["visit"]:
            if by < 0:
                rows["action"] += _end(visit, jobs[visit["job_id"]], said)
            elif visit["id"] in pooled:
                rows["offer"].append(_open(visit, jobs[visit["job_id"]], now))
        for name, some in rows.items():
            copy_in(connection, name, some)
        return [event for visit in rows["visit"] for event in _told(visit, jobs[visit["job_id"]])]


@dataclass(frozen=True, slots=True)
class _Copy:
    """Rows with ids of their own, on another day."""

    by: timedelta
    ids: Mapping[UUID, UUID]

    def of(self, row: Row) -> Row:
        """The same row, on the other day."""
        found = {name: self._value(value) for name, value in row.items()}
        if "key" in row and "technician_id" not in row:  # a shift's is its technician's
            found["key"] = self._key(row["key"])
        if "plan_id" in row:
            found["plan_id"] = None
        return found

    def _value(self, value: Any) -> Any:
        if isinstance(value, UUID):
            return self.ids.get(value, value)
        if isinstance(value, date):
            return value + self.by
        if isinstance(value, dict | list):
            text = JOB_NAMED.sub(lambda found: f'"job": "{self._key(found[1])}"', json.dumps(value))
            return json.loads(DAY_NAMED.sub(self._day, text))
        return value

    def _key(self, key: str) -> str:
        return f"{key}{self.by.days:+}"

    def _day(self, found: re.Match[str]) -> str:
        return (date.fromisoformat(found[0]) + self.by).isoformat()


def copy_in(connection: Connection[Any], name: str, rows: Sequence[Row]) -> None:
    """Add rows to a table as quickly as PostgreSQL takes them."""
    if not rows:
        return
    columns = SQL(", ").join(map(Identifier, rows[0]))
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(name), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_kept(value) for value in row.values()])


def _kept(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _read(connection: Connection[Any], name: str) -> list[Row]:
    query = SQL("SELECT * FROM {} ORDER BY id").format(Identifier(name))
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query).fetchall()


def _pooled(visits: Sequence[Row], jobs: Sequence[Row]) -> set[UUID]:
    """The last of each route, if nothing hangs on it: its technician has room for it again."""
    routed = [visit for visit in visits if visit["technician_id"] is not None]
    routed.sort(key=lambda visit: visit["start_at"])
    last = {visit["technician_id"]: visit for visit in routed}
    crew = Counter(visit["job_id"] for visit in visits)
    said = {job["id"]: job["said"] for job in jobs}
    keys = {job["id"]: job["key"] for job in jobs}
    awaited = {entry["job"] for words in said.values() for entry in words.get("dependencies", ())}
    return {
        visit["id"]
        for visit in last.values()
        if crew[visit["job_id"]] == 1
        and "dependencies" not in said[visit["job_id"]]
        and keys[visit["job_id"]] not in awaited
    }


def _end(visit: Row, job: Row, said: Counter[UUID]) -> list[Row]:
    """It has been done, as the technician has said step by step; or nobody ever did."""
    if visit["technician_id"] is None:
        visit["state"] = job["state"] = "cancelled"
        return []
    visit["state"] = job["state"] = "completed"
    return [_action(visit, at, kind, said) for at, kind in enumerate(STEPS)]


def _action(visit: Row, at: int, kind: str, said: Counter[UUID]) -> Row:
    technician, happened = visit["technician_id"], visit["arrive_at"] + at * STEP
    said[technician] += 1
    words = {
        "sequence": said[technician],
        "kind": kind,
        "visit": str(visit["id"]),
        "happened_at": happened.isoformat(),
    }
    return {
        "id": new_id(),
        "version": 1,
        "outlet_id": visit["outlet_id"],
        "device": f"phone-{happened.date()}",
        "sequence": said[technician],
        "technician_id": technician,
        "visit_id": visit["id"],
        "kind": kind,
        "said": words,
        "happened_at": happened,
        "received_at": happened,
        "skew_s": 0,
        "outcome": "applied",
        "reason": "",
        "flags": [],
        "settled_at": None,
        "settled_by": None,
    }


def _open(visit: Row, job: Row, now: datetime) -> Row:
    """Nobody has it, and everybody may."""
    expires_at = visit["start_at"]
    where = ("technician_id", "shift_id", "place", "arrive_at", "start_at", "end_at")
    visit |= dict.fromkeys(where)
    visit["state"], job["state"] = "unscheduled", "offered"
    return {
        "id": new_id(),
        "version": 1,
        "outlet_id": visit["outlet_id"],
        "visit_id": visit["id"],
        "mode": "first_come",
        "state": "open",
        "fee_minor": FEE_MINOR,
        "currency": "SEK",
        "published_at": now,
        "expires_at": expires_at,
        "closes_at": None,
        "push_at": None,
        "min_score": None,
        "technician_id": None,
        "claimed_at": None,
    }


def _told(visit: Row, job: Row) -> list[Event]:
    """That the job came, and what its visit is by now."""
    added = {"key": job["key"], "name": job["name"], "priority": job["priority"]}
    stands = {"state": visit["state"], "technician_id": str(visit["technician_id"])}
    outlet = job["outlet_id"]
    return [
        Event(kind="job.added", subject=job["id"], outlet=outlet, after=added),
        Event(kind="visit.scheduled", subject=visit["id"], outlet=outlet, after=stands),
    ]
