"""What a device is given when somebody signs in on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.operations.accounts.secrets import new_token, token_hash
from dispatch.store.rows.accounts import SignInRow

ACCESS = timedelta(minutes=15)
REFRESH = timedelta(days=30)
"""A phone that has been off for longer signs in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The one opens everything for a short while, the other gets new ones, once."""

    access: str
    access_until: datetime
    refresh: str
    refresh_until: datetime


def give_tokens(row: SignInRow, now: datetime) -> Tokens:
    """New ones, that replace those before."""
    tokens = Tokens(
        access=new_token(),
        access_until=now + ACCESS,
        refresh=new_token(),
        refresh_until=now + REFRESH,
    )
    row.access, row.access_until = token_hash(tokens.access), tokens.access_until
    row.refresh, row.refresh_until = token_hash(tokens.refresh), tokens.refresh_until
    row.turned_at = now
    return tokens
