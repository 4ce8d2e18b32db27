"""Give somebody an account, and a program a key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.role import Role
from dispatch.errors import InvalidValue, Refused
from dispatch.operations.accounts.reach import PROGRAM, check_reach, see_within, set_outlets
from dispatch.operations.accounts.secrets import new_token, password_hash, token_hash
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.accounts import AccountRow, IntegrationRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.texts import LANGUAGES

MOST_NAME = 200
MOST_SCOPES = 50


def create_account(
    database: Database,
    actor: Actor,
    *,
    login: str,
    role: Role,
    password: str,
    name: str = "",
    language: str = "en",
    technician: UUID | None = None,
    outlets: Sequence[UUID] = (),
    whole_network: bool = False,
    email: str | None = None,
) -> UUID:
    """Let somebody sign in.

    Parameters
    ----------
    technician
        Who they are on the road; for this role, and for no other.
    outlets
        Whose things a manager or dispatcher sees, with all below.
    whole_network
        Whether they see everything instead: one of the two has to be said.
    email
        By which an identity provider knows them, where they sign in by one.

    Raises
    ------
    InvalidValue
        ``value.identifier``, ``password.length``, ``account.technician``, ``account.reach``,
        ``account.email``.
    Missing
        There is no such technician or outlet.
    Denied
        ``account.beyond``: the actor has less themselves.
    Refused
        ``account.taken``: the login, the technician or the address has an account already.
    """
    checks.identifier("account.login", login)
    checks.within("account.name", len(name), 0, MOST_NAME)
    if language not in LANGUAGES:
        raise InvalidValue("account.language", value=language, known=", ".join(LANGUAGES))
    if (role is Role.TECHNICIAN) != (technician is not None):
        raise InvalidValue("account.technician", role=role.value)
    check_reach(role, outlets, whole_network=whole_network)
    hashed = password_hash(password)
    with database.work(actor) as work:
        if technician is not None:
            work.get(TechnicianRow, technician)
        see_within(work, role, outlets, whole_network=whole_network)
        row = AccountRow(
            id=new_id(),
            login=login.lower(),
            name=name,
            role=role,
            language=language,
            password=hashed,
            technician_id=technician,
            email=plain_email(email),
        )
        work.session.add(row)
        work.note("account.created", row)
        try:
            work.session.flush()
        except IntegrityError as error:
            raise Refused("account.taken", login=login) from error
        set_outlets(work, row.id, outlets)
        return work.commit(row.id)


def plain_email(email: str | None) -> str | None:
    """An address as it is compared; an empty one is none.

    Raises
    ------
    InvalidValue
        ``account.email``.
    """
    if not email:
        return None
    name, _, host = email.partition("@")
    if not (name and host and email.isprintable() and len(email) <= MOST_NAME):
        raise InvalidValue("account.email", value=email[:MOST_NAME])
    return email.lower()


def create_integration(
    database: Database,
    actor: Actor,
    *,
    name: str,
    scopes: Collection[str],
    outlet: UUID | None = None,
    whole_network: bool = False,
    expires_at: datetime | None = None,
) -> tuple[UUID, str]:
    """Let a program in; its key is told now and never again.

    Parameters
    ----------
    outlet
        Whose things it sees, with all below.
    whole_network
        Whether it sees everything instead: one of the two has to be said.

    Raises
    ------
    InvalidValue
        The name is none; ``account.reach``; ``integration.over``: the key ends before it begins.
    Missing
        There is no such outlet.
    Denied
        ``account.beyond``: the actor has less themselves.
    Refused
        ``integration.taken``: another has this name.
    """
    checks.identifier("integration.name", name)
    checks.within("integration.scopes", len(scopes), 1, MOST_SCOPES)
    checks.aware("integration.expires_at", expires_at)
    outlets = () if outlet is None else (outlet,)
    check_reach(PROGRAM, outlets, whole_network=whole_network)
    token = new_token()
    with database.work(actor) as work:
        if expires_at is not None and expires_at <= work.now:
            raise InvalidValue("integration.over", at=expires_at.isoformat())
        see_within(work, PROGRAM, outlets, whole_network=whole_network)
        row = IntegrationRow(
            id=new_id(),
            name=name,
            token=token_hash(token),
            scopes=sorted(scopes),
            outlet_id=outlet,
            made_by=actor.id,
            expires_at=expires_at,
        )
        work.session.add(row)
        work.note("integration.created", row)
        try:
            work.session.flush()
        except IntegrityError as error:
            raise Refused("integration.taken", name=name) from error
        work.commit()
        return row.id, token
