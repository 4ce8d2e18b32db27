"""Sign in by way of an identity provider."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from dispatch.domain import checks
from dispatch.errors import Unauthenticated, Unavailable
from dispatch.gateways.identity import IdentityProvider, Person
from dispatch.operations.accounts.secrets import new_token, token_hash
from dispatch.operations.accounts.sign_in import MOST_DEVICE, STRANGER, open_sign_in
from dispatch.operations.accounts.tokens import Tokens
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.accounts import AccountRow, PendingSignInRow
from dispatch.store.work import Work

PATIENCE = timedelta(minutes=10)
"""How long somebody may take at the provider."""
MOST_PENDING = 10_000


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send a browser, and what it keeps to itself until it comes back."""

    url: str
    keep: str


def begin_sign_in(database: Database, provider: IdentityProvider) -> Begun:
    """Send somebody to the provider.

    Raises
    ------
    Unavailable
        The provider does not answer; ``oidc.busy``: too many are on their way.
    """
    state, keep, nonce, verifier = (new_token() for _ in range(4))
    url = provider.address(state=state, nonce=nonce, challenge=_challenge(verifier))
    with database.work(STRANGER) as work:
        work.session.execute(delete(PendingSignInRow).where(PendingSignInRow.until <= work.now))
        count = select(func.count()).select_from(PendingSignInRow)
        if work.session.execute(count).scalar_one() >= MOST_PENDING:
            raise Unavailable("oidc.busy")
        work.session.add(
            PendingSignInRow(
                id=new_id(),
                state=token_hash(state),
                kept=token_hash(keep),
                nonce=token_hash(nonce),
                verifier=verifier,
                until=work.now + PATIENCE,
            )
        )
        work.commit()
    return Begun(url, keep)


def finish_sign_in(
    database: Database,
    provider: IdentityProvider,
    *,
    code: str,
    state: str,
    keep: str,
    device: str = "",
) -> Tokens:
    """Tokens for who has come back; accounts are found, never made.

    Parameters
    ----------
    keep
        Of the browser that began: with a code that somebody else was given, nobody gets in.

    Raises
    ------
    Unauthenticated
        ``oidc.state``: it is unknown, was used or is too old; ``oidc.code``, ``oidc.token``: the
        provider does not vouch for it; ``oidc.nobody``: no account is bound to this person, nor has
        their verified address.
    Unavailable
        The provider does not answer.
    """
    checks.within("device", len(device), 0, MOST_DEVICE)
    pending = _take(database, state, keep)
    person = provider.redeem(code, verifier=pending.verifier, now=database.clock())
    if not hmac.compare_digest(pending.nonce, token_hash(person.nonce)):
        raise Unauthenticated("oidc.token", reason="nonce")
    with database.work(STRANGER) as work:
        account = _account(work, person)
        if account is None:
            raise Unauthenticated("oidc.nobody")
        if account.subject is None:
            account.issuer, account.subject = person.issuer, person.subject
            work.note("account.bound", account)
        return work.commit(open_sign_in(work, account, device))


def _take(database: Database, state: str, keep: str) -> PendingSignInRow:
    """What somebody left with; gone from then on, whatever comes of it."""
    with database.work(STRANGER) as work:
        query = select(PendingSignInRow).where(PendingSignInRow.state == token_hash(state))
        row = work.session.scalars(query.with_for_update()).one_or_none()
        if row is None:
            raise Unauthenticated("oidc.state")
        work.session.delete(row)
        good = row.until > work.now and hmac.compare_digest(row.kept, token_hash(keep))
        work.commit()
    if not good:
        raise Unauthenticated("oidc.state")
    return row


def _account(work: Work, person: Person) -> AccountRow | None:
    """Who is bound to this person; else who has their address and is bound to nobody."""
    query = select(AccountRow).where(AccountRow.active).with_for_update(of=AccountRow)
    bound = query.where(AccountRow.issuer == person.issuer, AccountRow.subject == person.subject)
    found = work.session.scalars(bound).one_or_none()
    if found is not None or person.email is None:
        return found
    free = query.where(AccountRow.email == person.email, AccountRow.subject.is_(None))
    return work.session.scalars(free).one_or_none()


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
