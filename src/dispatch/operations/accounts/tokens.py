"""What a device is given when somebody signs in on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.operations.accounts.secrets import new_token, token_hash
from dispatch.store.rows.accounts import SignInRow

ACCESS = timedelta(minutes=15)
APART = "."
"""Between the family of a refresh token and what is its own."""
REFRESH = timedelta(days=30)
"""A phone that has been off for longer signs in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The one opens everything for a short while, the other gets new ones, once."""

    access: str
    access_until: datetime
    refresh: str
    refresh_until: datetime


def give_tokens(row: SignInRow, now: datetime, before: str = "") -> Tokens:
    """New ones, that replace those before; the refresh token is of the family of the one before."""
    family = family_of(before) or new_token()
    tokens = Tokens(
        access=new_token(),
        access_until=now + ACCESS,
        refresh=f"{family}{APART}{new_token()}",
        refresh_until=now + REFRESH,
    )
    row.access, row.access_until = token_hash(tokens.access), tokens.access_until
    row.refresh, row.refresh_until = token_hash(tokens.refresh), tokens.refresh_until
    row.family = token_hash(family)
    return tokens


def family_of(refresh: str) -> str:
    """What a refresh token has in common with all others of its sign-in; empty if nothing."""
    family, apart, _ = refresh.partition(APART)
    return family if apart else ""
