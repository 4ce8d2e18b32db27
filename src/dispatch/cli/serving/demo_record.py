"""A record to look at: tomorrow in the demo city, and people who sign in."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dispatch.demo.calendar import ZONE
from dispatch.demo.day import demo_day
from dispatch.demo.moved import moved
from dispatch.demo.sizes import SIZES
from dispatch.domain.actor import OPERATOR
from dispatch.domain.role import Role
from dispatch.errors import Unavailable
from dispatch.operations.accounts.create import create_account
from dispatch.operations.accounts.reach import DESK
from dispatch.operations.import_day import import_day
from dispatch.store.database import Database
from dispatch.store.rows.accounts import AccountRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.technicians import TechnicianRow

NAMES = {
    Role.OWNER: "olivia",
    Role.MANAGER: "mei",
    Role.DISPATCHER: "lena",
    Role.TECHNICIAN: "tomas",
}


@dataclass(frozen=True, slots=True)
class Demo:
    """What there is to look at."""

    day: date
    logins: dict[str, str]
    """Passwords by login; empty if somebody else made the accounts."""


def demo_record(database: Database, logins: Path, *, size: str, seed: int) -> Demo:
    """Fill a record that is empty; one that is not stays as it is.

    Parameters
    ----------
    logins
        The file in which the passwords of the demo are kept, for its owner alone.
    """
    with database.work(OPERATOR) as work:
        first = work.session.scalars(select(JobRow.earliest).order_by(JobRow.id)).first()
        known = set(work.session.scalars(select(AccountRow.login)))
    if first is None:
        tomorrow = database.clock().astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
        import_day(database, OPERATOR, moved(demo_day(SIZES[size], seed), tomorrow))
        first = database.clock() + timedelta(days=1)
    missing = {role: name for role, name in NAMES.items() if name not in known}
    if missing and known <= set(NAMES.values()):  # none yet, or not all before it was ended
        _let_in(database, logins, missing)
    given = _told(logins)
    return Demo(first.astimezone(ZoneInfo(ZONE)).date(), given)


def _told(file: Path) -> dict[str, str]:
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def _let_in(database: Database, file: Path, missing: Mapping[Role, str]) -> None:
    given = _told(file) | {name: secrets.token_urlsafe(9) for name in missing.values()}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(given, stream, indent=1)
    except OSError as error:
        raise Unavailable("file.unwritable", file=str(file), reason=str(error)) from error
    for role, name in missing.items():
        create_account(
            database,
            OPERATOR,
            login=name,
            role=role,
            password=given[name],
            name=name.capitalize(),
            whole_network=role in DESK,
            technician=_first_technician(database) if role is Role.TECHNICIAN else None,
        )


def _first_technician(database: Database) -> UUID:
    with database.work(OPERATOR) as work:
        query = select(TechnicianRow.id).order_by(TechnicianRow.key)
        return work.session.scalars(query).first() or UUID(int=0)
