"""A record of many jobs: one day that was really planned, and copies of it on other days."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import select

from dispatch.demo.calendar import ZONE
from dispatch.demo.day import demo_day
from dispatch.demo.moved import moved
from dispatch.demo.sizes import SIZES
from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.role import Role
from dispatch.operations.accounts.create import create_account
from dispatch.operations.board.release import release_day
from dispatch.operations.import_day import import_day
from dispatch.operations.publish_plan import publish_plan
from dispatch.operations.runs.finish import finish_run
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.take import take_run
from dispatch.planning.compile import compile_day
from dispatch.planning.decode import decode
from dispatch.planning.travel_times import TravelTimes
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.store.database import Database
from dispatch.store.events import append
from dispatch.store.ids import new_id
from dispatch.store.rows.technicians import TechnicianRow
from record_copies import Model, copy_in

OPERATOR = Actor(kind=ActorKind.ACCOUNT, id="operator", source=Source.CLI)
WORKER = Actor(kind=ActorKind.WORKER, id="worker", source=Source.WORKER)
DISPATCHER, MANAGER = "dispatcher", "manager"
DESK = {DISPATCHER: Role.DISPATCHER, MANAGER: Role.MANAGER}
AHEAD_SHARE, AHEAD_LEAST = 0.1, 6
"""Of the days, and at least so many; all others are over."""


@dataclass(frozen=True, slots=True)
class Record:
    """What there is to ask for."""

    jobs: int
    past: tuple[date, ...]
    ahead: tuple[date, ...]
    logins: Mapping[str, UUID | None]
    """Who signs in, and who they are on the road."""
    password: str


def fill(database: Database, travel: TravelTimes, *, jobs: int, size: str) -> Record:
    """Make tomorrow as people make it, copy it to other days, and let everybody sign in.

    Every day has its own customers, sites, jobs, visits, shifts, board and schedule. On days that
    are over all that was planned is done, with what technicians said of it; on days ahead the last
    visit of most routes is in the pool.
    """
    tomorrow = database.clock().astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    _plan(database, travel, tomorrow, size)
    logins, password = _let_in(database)
    copies = max(3, round(jobs / SIZES[size].jobs)) - 1
    ahead = max(min(AHEAD_LEAST, copies // 2), round(AHEAD_SHARE * copies))
    with psycopg.connect(address(database)) as connection:
        _add_customers(connection)
        model = Model(connection)
        for by in range(ahead - copies, ahead + 1):
            if by:
                events = model.add_day(connection, by, database.clock())
                connection.commit()
                with database.connect() as log:
                    append(log, events, OPERATOR, database.clock())
                    log.commit()
        (stored,) = connection.execute("SELECT count(*) FROM job").fetchone() or (0,)
    with psycopg.connect(address(database), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    return Record(
        jobs=stored,
        past=tuple(tomorrow + timedelta(days=by) for by in range(ahead - copies, 0)),
        ahead=tuple(tomorrow + timedelta(days=by) for by in range(1, ahead + 1)),
        logins=logins,
        password=password,
    )


def address(database: Database) -> str:
    """Where it is, as psycopg wants it."""
    url = database.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _plan(database: Database, travel: TravelTimes, day: date, size: str) -> None:
    import_day(database, OPERATOR, moved(demo_day(SIZES[size], 1), day))
    request_run(database, OPERATOR, day, engine="greedy", seconds=30)
    taken = take_run(database, WORKER)
    if taken is None:
        raise RuntimeError("nothing to plan")
    compiled = compile_day(taken.day, travel)
    result = Greedy().solve(compiled.problem, Stop(seconds=30), seed=1)
    plan = finish_run(database, WORKER, taken.id, decode(compiled, result, engine=taken.engine))
    publish_plan(database, OPERATOR, plan, travel)
    release_day(database, OPERATOR, day)


def _let_in(database: Database) -> tuple[dict[str, UUID | None], str]:
    """A dispatcher, a manager, and every technician."""
    password = secrets.token_urlsafe(12)
    with database.work(OPERATOR) as work:
        query = select(TechnicianRow.key, TechnicianRow.id).order_by(TechnicianRow.key)
        people = {row.key.lower(): row.id for row in work.session.execute(query)}
    logins: dict[str, UUID | None] = {**dict.fromkeys(DESK), **people}
    for login, technician in logins.items():
        create_account(
            database,
            OPERATOR,
            login=login,
            role=DESK.get(login, Role.TECHNICIAN),
            password=password,
            technician=technician,
            whole_network=login in DESK,
        )
    return logins, password


def _add_customers(connection: psycopg.Connection[Any]) -> None:
    """Each site of the planned day gets one, and somebody to call."""
    sites = connection.execute("SELECT id, key FROM site ORDER BY id").fetchall()
    ids = [new_id() for _ in sites]
    plain = {"version": 1, "outlet_id": None, "language": "en"}
    customers = [
        {"id": id_, "key": f"C-{key}", "name": f"Customer {key}", **plain}
        for id_, (_, key) in zip(ids, sites, strict=True)
    ]
    contacts = [
        {"id": new_id(), "customer_id": id_, "name": f"Contact {key}", "version": 1}
        | {"phone": "+46 31 123 45 67", "email": ""}
        for id_, (_, key) in zip(ids, sites, strict=True)
    ]
    copy_in(connection, "customer", customers)
    copy_in(connection, "contact", contacts)
    with connection.cursor() as cursor:
        theirs = [(id_, site) for id_, (site, _) in zip(ids, sites, strict=True)]
        cursor.executemany("UPDATE site SET customer_id = %s WHERE id = %s", theirs)
