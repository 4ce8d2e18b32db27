"""How far an account or a key reaches: its role, and whose things it sees, which has to be said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import ActorKind
from dispatch.domain.role import Role
from dispatch.errors import Denied, InvalidValue, Refused
from dispatch.store.keeping import see_outlet
from dispatch.store.locks import Lock, hold
from dispatch.store.rows.accounts import AccountOutlet, AccountRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.work import Work

DESK = frozenset({Role.MANAGER, Role.DISPATCHER})
"""Whose reach is said: an owner sees everything, a technician what is theirs."""
PROGRAM: Final = "program"
"""What has a key instead of a role; its reach is said, too."""
RANK = {role: rank for rank, role in enumerate((Role.TECHNICIAN, Role.DISPATCHER, Role.MANAGER))}
RANK[Role.OWNER] = len(RANK)


def check_reach(
    role: Role | Literal["program"], outlets: Sequence[UUID], *, whole_network: bool
) -> None:
    """See that a desk or a program says whose things it sees, and that nobody else does.

    Raises
    ------
    InvalidValue
        ``account.reach``
    """
    said = bool(outlets) + whole_network
    if said != (role == PROGRAM or role in DESK):
        raise InvalidValue("account.reach", role=str(role))


def see_within(
    work: Work,
    role: Role | Literal["program"],
    outlets: Sequence[UUID],
    *,
    whole_network: bool,
) -> None:
    """See that the actor gives nobody more than they have themselves.

    Raises
    ------
    Missing
        There is no such outlet, or it is not the actor's.
    Denied
        ``account.beyond``
    """
    for outlet in outlets:
        see_outlet(work, work.get(OutletRow, outlet))
    mine = _role(work)
    sees_all = role is Role.OWNER or whole_network
    higher = role != PROGRAM and mine is not None and RANK[role] > RANK[mine]
    if higher or (sees_all and work.visible is not None):
        raise Denied("account.beyond", role=str(role))


def set_outlets(work: Work, account: UUID, outlets: Sequence[UUID]) -> None:
    """Let an account see these and all below, and no others."""
    query = select(AccountOutlet).where(AccountOutlet.account_id == account)
    there = {row.outlet_id: row for row in work.session.scalars(query)}
    for outlet in there.keys() - set(outlets):
        work.forget("account_outlet.removed", there[outlet])
    for outlet in sorted(set(outlets) - there.keys()):
        row = AccountOutlet(account_id=account, outlet_id=outlet)
        work.session.add(row)
        work.note("account_outlet.added", row)


def outlets_of(work: Work, account: UUID) -> list[UUID]:
    """Whose things an account sees, with all below."""
    query = select(AccountOutlet.outlet_id).where(AccountOutlet.account_id == account)
    return list(work.session.scalars(query))


def hold_owners(work: Work) -> None:
    """Let nobody else change who is an owner until the work ends; to be called first."""
    hold(work.session, Lock.OWNERS)


def see_owner_left(work: Work) -> None:
    """See that somebody is left who can let others in.

    Raises
    ------
    Refused
        ``account.last-owner``
    """
    owners = select(AccountRow.id).where(AccountRow.role == Role.OWNER, AccountRow.active)
    if work.session.scalars(owners.limit(1)).first() is None:
        raise Refused("account.last-owner")


def _role(work: Work) -> Role | None:
    """The actor's own; none of whoever runs the server."""
    if work.actor.kind is not ActorKind.ACCOUNT:
        return None
    try:
        account = UUID(work.actor.id)
    except ValueError:
        return None
    return work.session.scalars(select(AccountRow.role).where(AccountRow.id == account)).first()
