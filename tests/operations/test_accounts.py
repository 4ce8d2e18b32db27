"""Signing in, and showing who one is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.pool import QueuePool
from tests.databases import OWNER, SetClock
from tests.operations.boards import Desk, two_technicians

from dispatch.domain.actor import Source
from dispatch.domain.role import Role
from dispatch.errors import InvalidValue, Missing, Refused, Stale, Unauthenticated, Unavailable
from dispatch.operations.accounts import secrets, tries
from dispatch.operations.accounts.appoint import appoint_owner
from dispatch.operations.accounts.change import (
    AccountEdit,
    change_account,
    change_password,
    revoke_integration,
)
from dispatch.operations.accounts.create import create_account, create_integration
from dispatch.operations.accounts.reach import DESK
from dispatch.operations.accounts.refresh import GRACE, refresh, sign_out
from dispatch.operations.accounts.secrets import token_hash
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.operations.accounts.tokens import ACCESS, REFRESH
from dispatch.operations.accounts.tries import FREE_TRIES, LONGEST_WAIT
from dispatch.operations.accounts.who import identify
from dispatch.store.database import Database
from dispatch.store.rows.accounts import AccountRow, UnknownLoginRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.technicians import TechnicianRow

PASSWORD = "four words that fit"


def lena(database: Database, role: Role = Role.DISPATCHER, technician: UUID | None = None) -> UUID:
    return create_account(
        database,
        OWNER,
        login="Lena",
        role=role,
        password=PASSWORD,
        technician=technician,
        whole_network=technician is None and role in DESK,
    )


def refusal(database: Database, password: str = PASSWORD, login: str = "lena") -> str:
    with pytest.raises(Unauthenticated) as refused:
        sign_in(database, login, password)
    return refused.value.code


def test_a_token_shows_who_somebody_is(database: Database) -> None:
    account = lena(database)
    tokens = sign_in(database, "LENA", PASSWORD, "desk 1")
    found = identify(database, tokens.access)
    assert found.actor.id == str(account)
    assert found.role is Role.DISPATCHER
    assert found.actor.outlets is None
    for other in ("", "x", tokens.refresh):
        with pytest.raises(Unauthenticated):
            identify(database, other)


def test_a_wrong_password_and_an_unknown_name_look_the_same(database: Database) -> None:
    lena(database)
    assert refusal(database, "wrong") == "sign-in.wrong"
    with pytest.raises(Unauthenticated) as unknown:
        sign_in(database, "nobody", PASSWORD)
    assert unknown.value.code == "sign-in.wrong"


def test_while_a_password_is_compared_nobody_waits_for_a_connection(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lena(database)
    used: list[int] = []

    def fits(*_: object) -> bool:
        pool = database.engine.pool
        assert isinstance(pool, QueuePool)
        used.append(pool.checkedout())
        return True

    monkeypatch.setattr(secrets, "fits", fits)
    sign_in(database, "lena", PASSWORD)
    assert refusal(database, "x", login="nobody") == "sign-in.wrong"
    assert used == [0, 0]


def test_so_many_passwords_are_compared_at_once_and_no_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lena(database)
    go_on, now, most = Event(), [0], [0]

    def fits(*_: object) -> bool:
        now[0] += 1
        most[0] = max(most[0], now[0])
        go_on.wait(5)
        now[0] -= 1
        return True

    def one(_: int) -> str:
        try:
            secrets.fits_in_turn("x", None)
        except Unavailable as error:
            go_on.set()
            return error.code
        return "fits"

    monkeypatch.setattr(secrets, "fits", fits)
    many = secrets.AT_ONCE + secrets.WAITING
    with ThreadPoolExecutor(many + 1) as threads:
        told = list(threads.map(one, range(many + 1)))
    assert sorted(told) == ["fits"] * many + ["sign-in.busy"]
    assert most[0] == secrets.AT_ONCE


def test_after_some_wrong_passwords_even_the_right_one_waits(
    database: Database, clock: SetClock
) -> None:
    lena(database)
    for _ in range(FREE_TRIES):
        assert refusal(database, "wrong") == "sign-in.wrong"
    assert refusal(database) == "sign-in.wait"
    clock.now += LONGEST_WAIT
    sign_in(database, "lena", PASSWORD)


def test_a_name_that_nobody_has_waits_as_others_do(database: Database, clock: SetClock) -> None:
    lena(database)
    told = {
        login: [refusal(database, "wrong", login) for _ in range(FREE_TRIES + 2)]
        for login in ("lena", "nobody", "NOBODY ")
    }
    assert told["lena"] == told["nobody"] == told["NOBODY "]
    assert told["lena"] == ["sign-in.wrong"] * FREE_TRIES + ["sign-in.wait"] * 2
    assert refusal(database, "wrong", "Nobody") == "sign-in.wait"
    clock.now += timedelta(minutes=1)
    for login in ("lena", "nobody"):
        again = [refusal(database, "wrong", login) for _ in range(2)]
        assert again == ["sign-in.wrong", "sign-in.wait"]
    with database.work(OWNER) as work:
        known = work.session.scalars(select(AccountRow)).one()
        row = work.session.get_one(UnknownLoginRow, token_hash("nobody"))
        assert (row.failures, row.locked_until) == (known.failures, known.locked_until)


def test_two_who_try_one_unknown_name_at_once_are_both_counted(database: Database) -> None:
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda _: refusal(database, "wrong", "nobody"), range(4)))
    assert told == ["sign-in.wrong"] * 4
    with database.work(OWNER) as work:
        assert work.session.scalars(select(UnknownLoginRow.failures)).all() == [4]


def test_only_so_many_unknown_names_are_kept(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "MOST_UNKNOWN", 3)
    for number in range(6):
        clock.now += timedelta(seconds=1)
        refusal(database, "wrong", f"nobody {number}")
    with database.work(OWNER) as work:
        kept = set(work.session.scalars(select(UnknownLoginRow.login)))
    assert kept == {token_hash(f"nobody {number}") for number in (3, 4, 5)}


def test_who_changes_a_password_waits_too_and_so_does_signing_in(
    database: Database, clock: SetClock
) -> None:
    lena(database)
    actor = identify(database, sign_in(database, "lena", PASSWORD).access).actor

    def changed(old: str) -> str:
        try:
            change_password(database, actor, old, "another good one")
        except Unauthenticated as error:
            return error.code
        return "changed"

    told = [changed("wrong") for _ in range(FREE_TRIES)] + [changed(PASSWORD), refusal(database)]
    assert told == ["sign-in.wrong"] * FREE_TRIES + ["sign-in.wait"] * 2
    clock.now += timedelta(minutes=1)
    assert changed(PASSWORD) == "changed"
    sign_in(database, "lena", "another good one")


def test_an_access_token_ends_soon_and_a_refresh_token_later(
    database: Database, clock: SetClock
) -> None:
    lena(database)
    tokens = sign_in(database, "lena", PASSWORD)
    clock.now += ACCESS
    with pytest.raises(Unauthenticated):
        identify(database, tokens.access)
    newer = refresh(database, tokens.refresh)
    identify(database, newer.access)
    clock.now += REFRESH
    with pytest.raises(Unauthenticated) as over:
        refresh(database, newer.refresh)
    assert over.value.code == "sign-in.over"


def test_who_heard_no_answer_may_refresh_again_and_a_thief_ends_it(
    database: Database, clock: SetClock
) -> None:
    lena(database)
    tokens = sign_in(database, "lena", PASSWORD)
    refresh(database, tokens.refresh)
    clock.now += GRACE
    newest = refresh(database, tokens.refresh)
    clock.now += GRACE + timedelta(seconds=1)
    with pytest.raises(Unauthenticated) as reused:
        refresh(database, tokens.refresh)
    assert reused.value.code == "sign-in.reused"
    with pytest.raises(Unauthenticated):
        identify(database, newest.access)
    with pytest.raises(Unauthenticated):
        refresh(database, newest.refresh)


@pytest.mark.parametrize("with_it", ["the one that was replaced", "the same a third time"])
def test_two_who_have_the_same_token_both_lose_it(database: Database, with_it: str) -> None:
    """Also within the grace, whoever of them comes first."""
    lena(database)
    stolen = sign_in(database, "lena", PASSWORD).refresh
    one = refresh(database, stolen)
    other = refresh(database, stolen)
    with pytest.raises(Unauthenticated) as reused:
        refresh(database, one.refresh if with_it == "the one that was replaced" else stolen)
    assert reused.value.code == "sign-in.reused"
    with pytest.raises(Unauthenticated):
        identify(database, other.access)
    with pytest.raises(Unauthenticated):
        refresh(database, other.refresh)


def test_a_thief_who_went_on_is_found_by_the_owners_old_token(
    database: Database, clock: SetClock
) -> None:
    lena(database)
    mine = sign_in(database, "lena", PASSWORD).refresh
    stolen = refresh(database, refresh(database, mine).refresh)
    clock.now += timedelta(days=3)
    with pytest.raises(Unauthenticated) as reused:
        refresh(database, mine)
    assert reused.value.code == "sign-in.reused"
    with pytest.raises(Unauthenticated):
        refresh(database, stolen.refresh)


def test_signing_out_ends_this_device_and_a_new_password_all(database: Database) -> None:
    lena(database)
    desk, phone = (sign_in(database, "lena", PASSWORD, name) for name in ("desk", "phone"))
    who = identify(database, desk.access)
    assert who.sign_in is not None
    sign_out(database, who.actor, who.sign_in)
    with pytest.raises(Unauthenticated):
        identify(database, desk.access)
    actor = identify(database, phone.access).actor
    with pytest.raises(Unauthenticated):
        change_password(database, actor, "wrong", "another good one")
    change_password(database, actor, PASSWORD, "another good one")
    with pytest.raises(Unauthenticated):
        identify(database, phone.access)
    assert refusal(database) == "sign-in.wrong"
    sign_in(database, "lena", "another good one")


def test_while_a_password_is_changed_nobody_waits_and_the_newer_one_stays(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = lena(database)
    actor = identify(database, sign_in(database, "lena", PASSWORD).access).actor
    used: list[int] = []

    def fits(*_: object) -> bool:
        pool = database.engine.pool
        assert isinstance(pool, QueuePool)
        used.append(pool.checkedout())
        newer = AccountEdit(password="an owner has set it")
        change_account(database, OWNER, account, newer, expected=None)
        return True

    monkeypatch.setattr(secrets, "fits", fits)
    with pytest.raises(Unauthenticated):
        change_password(database, actor, PASSWORD, "another good one")
    assert used == [0]
    monkeypatch.undo()
    sign_in(database, "lena", "an owner has set it")


def test_an_account_that_is_closed_opens_nothing(database: Database) -> None:
    account = lena(database)
    tokens = sign_in(database, "lena", PASSWORD)
    change_account(database, OWNER, account, AccountEdit(active=False), expected=None)
    with pytest.raises(Unauthenticated):
        identify(database, tokens.access)
    with pytest.raises(Unauthenticated):
        refresh(database, tokens.refresh)
    assert refusal(database) == "sign-in.wrong"


def test_who_read_an_older_account_overwrites_nothing(database: Database) -> None:
    account = lena(database)
    change_account(database, OWNER, account, AccountEdit(name="Lena L"), expected=1)
    with pytest.raises(Stale):
        change_account(database, OWNER, account, AccountEdit(name="Lena M"), expected=1)


def test_a_technician_has_one_account(database: Database) -> None:
    Desk(database).imported(two_technicians())
    with database.work(OWNER) as work:
        technician = work.by_key(TechnicianRow, "T1")
    lena(database, Role.TECHNICIAN, technician.id)
    found = identify(database, sign_in(database, "lena", PASSWORD).access)
    assert found.technician == technician.id
    assert found.actor.source is Source.PHONE
    with pytest.raises(Refused) as taken:
        create_account(
            database,
            OWNER,
            login="other",
            role=Role.TECHNICIAN,
            password=PASSWORD,
            technician=technician.id,
        )
    assert taken.value.code == "account.taken"


def test_what_makes_no_account(database: Database) -> None:
    with pytest.raises(InvalidValue):
        lena(database, Role.TECHNICIAN)
    with pytest.raises(InvalidValue):
        create_account(database, OWNER, login="a", role=Role.OWNER, password="short")
    with pytest.raises(Missing):
        lena(database, Role.TECHNICIAN, UUID(int=1))
    lena(database)
    with pytest.raises(Refused):
        lena(database, Role.MANAGER)


def test_a_program_has_a_key_until_it_is_revoked(database: Database, clock: SetClock) -> None:
    until = clock.now + timedelta(days=1)
    first, key = create_integration(
        database, OWNER, name="erp", scopes=["jobs.write"], whole_network=True, expires_at=until
    )
    _, other = create_integration(
        database, OWNER, name="bi", scopes=["jobs.read"], whole_network=True
    )
    found = identify(database, key)
    assert found.role is None
    assert found.scopes == {"jobs.write"}
    with pytest.raises(Refused):
        create_integration(database, OWNER, name="erp", scopes=["jobs.write"], whole_network=True)
    clock.now = until
    with pytest.raises(Unauthenticated):
        identify(database, key)
    with pytest.raises(InvalidValue):  # it would open nothing
        create_integration(
            database, OWNER, name="new", scopes=["jobs.read"], whole_network=True, expires_at=until
        )
    revoke_integration(database, OWNER, first)
    assert identify(database, other).name == "bi"


def test_no_secret_is_in_the_event_log(database: Database) -> None:
    account = lena(database)
    tokens = sign_in(database, "lena", PASSWORD)
    change_account(database, OWNER, account, AccountEdit(password="another good one"), expected=1)
    create_integration(database, OWNER, name="erp", scopes=["jobs.write"], whole_network=True)
    with database.work(OWNER) as work:
        events = [(row.kind, row.after) for row in work.session.scalars(select(EventRow))]
    assert {kind for kind, _ in events} >= {"account.created", "integration.created"}
    said = str(events)
    assert "argon2" not in said
    assert tokens.access not in said
    for column in ("password", "token", "refresh"):
        assert f"'{column}'" not in said


def test_an_owner_is_let_in_and_given_a_new_password(database: Database) -> None:
    assert appoint_owner(database, OWNER, "Olivia", PASSWORD)
    first = sign_in(database, "olivia", PASSWORD)
    assert identify(database, first.access).role is Role.OWNER
    assert not appoint_owner(database, OWNER, "olivia", "four other words that fit")
    with pytest.raises(Unauthenticated):
        identify(database, first.access)
    sign_in(database, "olivia", "four other words that fit")


def test_nobody_else_is_made_an_owner(database: Database) -> None:
    lena(database)
    with pytest.raises(Refused) as refused:
        appoint_owner(database, OWNER, "LENA", "four other words that fit")
    assert refused.value.code == "account.taken"
    sign_in(database, "lena", PASSWORD)
