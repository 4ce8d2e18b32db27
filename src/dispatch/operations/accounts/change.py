"""Change an account, and take away a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from dispatch.domain.actor import Actor
from dispatch.domain.role import Role
from dispatch.errors import InvalidValue, Refused, Unauthenticated
from dispatch.operations.accounts.create import plain_email
from dispatch.operations.accounts.reach import (
    DESK,
    check_reach,
    hold_owners,
    outlets_of,
    see_owner_left,
    see_within,
    set_outlets,
)
from dispatch.operations.accounts.refresh import end_sign_ins
from dispatch.operations.accounts.secrets import fits_in_turn, password_hash
from dispatch.operations.accounts.tries import count_failure, expect_open
from dispatch.store.database import Database
from dispatch.store.rows.accounts import AccountRow, IntegrationRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work, expect
from dispatch.texts import LANGUAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEdit:
    """What is to be changed; None leaves it."""

    name: str | None = None
    language: str | None = None
    active: bool | None = None
    role: Role | None = None
    technician: UUID | None = None
    """Who they are on the road, where they become a technician."""
    outlets: Sequence[UUID] | None = None
    """Whose things a manager or dispatcher sees from now on, with all below."""
    whole_network: bool | None = None
    """Whether they see everything instead."""
    email: str | None = None
    """By which an identity provider knows them; who they are there is found anew. Empty: none."""
    password: str | None = None
    """Set by somebody else, for who has forgotten theirs."""


def change_account(
    database: Database, actor: Actor, account: UUID, edit: AccountEdit, *, expected: int | None
) -> None:
    """Change an account; another password, role or reach, or an end to it, ends all its sign-ins.

    Raises
    ------
    Missing, Stale
        There is no such account, technician or outlet; it is not at the version that is expected.
    InvalidValue
        ``password.length``, ``account.language``, ``account.email``, ``account.technician``,
        ``account.reach``: a manager or dispatcher would see the whole network by default.
    Denied
        ``account.beyond``: the actor has less themselves.
    Refused
        ``account.taken``: another account has the address, or the technician;
        ``account.last-owner``.
    """
    if edit.language is not None and edit.language not in LANGUAGES:
        raise InvalidValue("account.language", value=edit.language, known=", ".join(LANGUAGES))
    hashed = None if edit.password is None else password_hash(edit.password)
    with database.work(actor) as work:
        hold_owners(work)
        row = work.get(AccountRow, account, lock=True)
        expect(row, expected)
        login = row.login
        try:  # whatever is asked for after a change writes it first
            _change(work, row, edit, hashed)
            work.commit()
        except IntegrityError as error:
            raise Refused("account.taken", login=login) from error


def _change(work: Work, row: AccountRow, edit: AccountEdit, hashed: str | None) -> None:
    owned = row.active and row.role is Role.OWNER
    row.name = row.name if edit.name is None else edit.name
    row.language = row.language if edit.language is None else edit.language
    row.active = row.active if edit.active is None else edit.active
    if edit.email is not None:
        row.email, row.issuer, row.subject = plain_email(edit.email), None, None
    moved = _set_reach(work, row, edit)
    work.note("account.changed", row)
    if hashed is not None:
        row.password, row.failures, row.locked_until = hashed, 0, None
    if hashed is not None or edit.active is False or moved:
        end_sign_ins(work, row.id, "account_changed")
    work.session.flush()
    if owned and not (row.active and row.role is Role.OWNER):
        see_owner_left(work)


def _set_reach(work: Work, row: AccountRow, edit: AccountEdit) -> bool:
    """Give an account another role, or let it see other things; whether it does."""
    asked = (edit.role, edit.technician, edit.outlets, edit.whole_network)
    if all(each is None for each in asked):
        return False
    there, role = outlets_of(work, row.id), edit.role or row.role
    outlets, whole = edit.outlets or (), bool(edit.whole_network)
    if edit.outlets is None and edit.whole_network is None and {role, row.role} <= DESK:
        outlets, whole = there, not there  # as it was said before
    check_reach(role, outlets, whole_network=whole)
    see_within(work, role, outlets, whole_network=whole)
    technician = edit.technician
    if technician is None and role is Role.TECHNICIAN:
        technician = row.technician_id
    if (role is Role.TECHNICIAN) != (technician is not None):
        raise InvalidValue("account.technician", role=role.value)
    if edit.technician is not None:
        work.get(TechnicianRow, edit.technician)
    before = (row.role, row.technician_id, set(there))
    row.role, row.technician_id = role, technician
    set_outlets(work, row.id, outlets)
    return before != (role, technician, set(outlets))


def change_password(database: Database, actor: Actor, old: str, new: str) -> None:
    """Change one's own; every device signs in anew.

    Raises
    ------
    Unauthenticated
        ``sign-in.wrong``: the old one is not right, or not any more; ``sign-in.wait``: too many
        wrong ones in a row, here or at signing in.
    InvalidValue
        ``password.length``.
    Unavailable
        ``sign-in.busy``: too many passwords are compared at once.
    """
    hashed = password_hash(new)
    with database.work(actor) as work:
        account = work.get(AccountRow, UUID(actor.id))
        expect_open(work, account)
        kept = account.password
    right = fits_in_turn(old, kept)  # while nobody waits for the account or a connection
    with database.work(actor) as work:
        row = work.get(AccountRow, UUID(actor.id), lock=True)
        expect_open(work, row)
        if not right or row.password != kept:
            count_failure(work, row)
            work.commit()
            raise Unauthenticated("sign-in.wrong")
        row.password, row.failures, row.locked_until = hashed, 0, None
        end_sign_ins(work, row.id, "password_changed")
        work.commit()


def revoke_integration(database: Database, actor: Actor, integration: UUID) -> None:
    """Let a program in no longer; raises Missing."""
    with database.work(actor) as work:
        row = work.get(IntegrationRow, integration, lock=True)
        row.revoked_at = row.revoked_at or work.now
        work.note("integration.revoked", row)
        work.commit()
