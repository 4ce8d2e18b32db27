"""Wrong passwords in a row make a name wait, and it does not show whether anybody has it."""

from __future__ import annotations

from datetime import timedelta
from typing import overload

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from dispatch.errors import Unauthenticated
from dispatch.operations.accounts.secrets import token_hash
from dispatch.store.rows.accounts import AccountRow, UnknownLoginRow
from dispatch.store.work import Work

FREE_TRIES = 5
"""Wrong passwords before each further one makes a name wait."""
LONGEST_WAIT = timedelta(minutes=15)
MOST_UNKNOWN = 100_000
"""Names that nobody has; the one tried longest ago is forgotten. Comparing as many passwords takes
a server longer than the longest wait, so that none is forgotten while it waits."""

Tries = AccountRow | UnknownLoginRow


@overload
def tries_of(work: Work, login: str) -> UnknownLoginRow | None: ...


@overload
def tries_of(work: Work, login: str, *, new: bool) -> UnknownLoginRow: ...


def tries_of(work: Work, login: str, *, new: bool = False) -> UnknownLoginRow | None:
    """What is known of a name that no account has; with ``new`` it is held, and made if need be."""
    key = token_hash(login.lower())
    if not new:
        return work.session.get(UnknownLoginRow, key)
    row = {"login": key, "failures": 0, "tried_at": work.now}
    work.session.execute(insert(UnknownLoginRow).values(row).on_conflict_do_nothing())
    return work.session.get_one(UnknownLoginRow, key, with_for_update=True)


def expect_open(work: Work, tries: Tries | None) -> None:
    """See that a name does not have to wait.

    Raises
    ------
    Unauthenticated
        ``sign-in.wait``
    """
    if tries is not None and tries.locked_until and tries.locked_until > work.now:
        raise Unauthenticated("sign-in.wait", until=tries.locked_until.isoformat())


def count_failure(work: Work, tries: Tries) -> None:
    """Let a name wait if this was one wrong password too many."""
    _make_room(work)  # whoever's name it is, so that all take as long
    tries.failures += 1
    over = tries.failures - FREE_TRIES
    if isinstance(tries, UnknownLoginRow):
        tries.tried_at = work.now
    if over >= 0:
        wait = min(LONGEST_WAIT, timedelta(minutes=1) * 2 ** min(over, 10))
        tries.locked_until = work.now + wait
        if isinstance(tries, AccountRow):
            work.note("account.locked", tries)


def _make_room(work: Work) -> None:
    oldest = (
        select(UnknownLoginRow.login)
        .order_by(UnknownLoginRow.tried_at.desc())
        .offset(MOST_UNKNOWN)
        .with_for_update(skip_locked=True)
    )
    work.session.execute(
        delete(UnknownLoginRow).where(UnknownLoginRow.login.in_(oldest)),
        execution_options={"synchronize_session": False},
    )
