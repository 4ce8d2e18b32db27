"""Sign in with a password."""

from __future__ import annotations

from sqlalchemy import select

from dispatch.domain import checks
from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.errors import Unauthenticated
from dispatch.operations.accounts.secrets import fits_in_turn
from dispatch.operations.accounts.tokens import Tokens, give_tokens
from dispatch.operations.accounts.tries import count_failure, expect_open, tries_of
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.ids import new_id
from dispatch.store.rows.accounts import AccountRow, SignInRow
from dispatch.store.work import Work

STRANGER = Actor(kind=ActorKind.ACCOUNT, id="", source=Source.API)
"""Who has not said yet who they are."""
MOST_DEVICE = 120


def sign_in(database: Database, login: str, password: str, device: str = "") -> Tokens:
    """Tokens for a device; it keeps them, and we their hashes.

    Raises
    ------
    Unauthenticated
        ``sign-in.wrong``: no account has this name and password, which of both is not said;
        ``sign-in.wait``: too many wrong passwords in a row, also under a name that nobody has.
    Unavailable
        ``sign-in.busy``: too many want to at once.
    """
    checks.within("device", len(device), 0, MOST_DEVICE)
    kept = _kept(database, login)
    right = fits_in_turn(password, kept)  # while nobody waits for the account or a connection
    with database.work(STRANGER) as work:
        account = _account(work, login)
        tries = account or tries_of(work, login, new=True)
        expect_open(work, tries)
        if not right or account is None or account.password != kept:
            count_failure(work, tries)
            work.commit()
            raise Unauthenticated("sign-in.wrong")
        account.failures, account.locked_until = 0, None
        return work.commit(open_sign_in(work, account, device))


def open_sign_in(work: Work, account: AccountRow, device: str) -> Tokens:
    """Let somebody in who has shown that it is them."""
    row = SignInRow(
        id=new_id(),
        account_id=account.id,
        device=device,
        begun_at=work.now,
        turned_at=work.now,
    )
    tokens = give_tokens(row, work.now)
    work.session.add(row)
    work.record(Event(kind="account.signed_in", subject=account.id, after={"sign_in": str(row.id)}))
    return tokens


def _kept(database: Database, login: str) -> str | None:
    """What there is of the password; none if nobody has one under this name."""
    with database.work(STRANGER) as work:
        query = select(AccountRow).where(AccountRow.login == login.lower(), AccountRow.active)
        account = work.session.scalars(query).one_or_none()
        expect_open(work, account or tries_of(work, login))
        return account.password if account else None


def _account(work: Work, login: str) -> AccountRow | None:
    query = select(AccountRow).where(AccountRow.login == login.lower(), AccountRow.active)
    return work.session.scalars(query.with_for_update(of=AccountRow)).one_or_none()
