"""Make somebody an owner, or give an owner a new password, by whoever runs the server."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.role import Role
from dispatch.errors import Refused
from dispatch.operations.accounts.change import AccountEdit, change_account
from dispatch.operations.accounts.create import create_account
from dispatch.store.database import Database
from dispatch.store.rows.accounts import AccountRow


def appoint_owner(database: Database, actor: Actor, login: str, password: str) -> bool:
    """Let an owner in: the first one of a new record, or one who has lost the way in.

    Answers whether the account is new.

    Raises
    ------
    InvalidValue
        ``value.identifier``, ``password.length``.
    Refused
        ``account.taken``: the login is somebody's who is no owner.
    """
    known = _account(database, actor, login)
    if known is None:
        create_account(database, actor, login=login, role=Role.OWNER, password=password)
        return True
    edit = AccountEdit(active=True, password=password)
    change_account(database, actor, known, edit, expected=None)
    return False


def _account(database: Database, actor: Actor, login: str) -> UUID | None:
    with database.work(actor) as work:
        query = select(AccountRow).where(AccountRow.login == login.lower())
        row = work.session.scalars(query).one_or_none()
    if row is not None and row.role is not Role.OWNER:
        raise Refused("account.taken", login=login)
    return row.id if row is not None else None
