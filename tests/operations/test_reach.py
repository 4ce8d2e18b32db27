"""How far an account reaches is said, can be changed, and goes no further than who changes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import Desk, two_technicians

from dispatch.domain.actor import Actor
from dispatch.domain.role import Role
from dispatch.errors import Denied, InvalidValue, Missing, Refused, Unauthenticated
from dispatch.operations.accounts.change import AccountEdit, change_account
from dispatch.operations.accounts.create import create_account, create_integration
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.operations.accounts.who import identify
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.replay import differences
from dispatch.store.rows.accounts import AccountRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow

PASSWORD = "four words that fit"


@pytest.fixture
def outlets(database: Database) -> list[UUID]:
    Desk(database).imported(two_technicians())
    with database.work(OWNER) as work:
        top = root_of(work.session).id
        rows = [OutletRow(key=key, parent_id=top) for key in ("south", "north")]
        work.session.add_all(rows)
        renew_reach(work.session)
        work.commit()
        return [row.id for row in rows]


def made(database: Database, role: Role, login: str = "lena", **more: Any) -> UUID:
    return create_account(database, OWNER, login=login, role=role, password=PASSWORD, **more)


def edited(database: Database, account: UUID, actor: Actor = OWNER, **edit: Any) -> None:
    change_account(database, actor, account, AccountEdit(**edit), expected=None)


def key_of(database: Database, actor: Actor, **reach: Any) -> str:
    scopes = ["jobs.read"]
    return create_integration(database, actor, name=f"k-{new_id()}", scopes=scopes, **reach)[1]


def sees(database: Database, login: str = "lena") -> frozenset[UUID] | None:
    return identify(database, sign_in(database, login, PASSWORD).access).actor.outlets


@pytest.mark.parametrize("role", [Role.MANAGER, Role.DISPATCHER])
def test_nobody_sees_everything_because_nothing_was_said(
    database: Database, outlets: list[UUID], role: Role
) -> None:
    both: dict[str, Any] = {"outlets": outlets, "whole_network": True}
    for said in ({}, {"whole_network": False}, both):
        with pytest.raises(InvalidValue) as refused:
            made(database, role, **said)
        assert refused.value.code == "account.reach"
    made(database, role, outlets=outlets[:1])
    assert sees(database) == {outlets[0]}
    made(database, role, "omar", whole_network=True)
    assert sees(database, "omar") is None


def test_an_owner_has_no_outlets(database: Database, outlets: list[UUID]) -> None:
    for said in ({"outlets": outlets}, {"whole_network": True}):
        with pytest.raises(InvalidValue) as refused:
            made(database, Role.OWNER, **said)
        assert refused.value.code == "account.reach"


def test_a_program_sees_everything_only_if_that_is_said(
    database: Database, outlets: list[UUID]
) -> None:
    both: dict[str, Any] = {"outlet": outlets[0], "whole_network": True}
    for said in ({}, {"whole_network": False}, both):
        with pytest.raises(InvalidValue) as refused:
            key_of(database, OWNER, **said)
        assert refused.value.code == "account.reach"
    assert identify(database, key_of(database, OWNER, outlet=outlets[0])).actor.outlets == {
        outlets[0]
    }
    assert identify(database, key_of(database, OWNER, whole_network=True)).actor.outlets is None


def test_a_program_is_given_no_more_than_who_gives_has(
    database: Database, outlets: list[UUID]
) -> None:
    south = replace(OWNER, outlets=frozenset(outlets[:1]))
    key_of(database, south, outlet=outlets[0])
    with pytest.raises(Denied) as denied:
        key_of(database, south, whole_network=True)
    assert denied.value.code == "account.beyond"
    with pytest.raises(Missing):
        key_of(database, south, outlet=outlets[1])


def test_it_is_changed_and_sign_ins_end(database: Database, outlets: list[UUID]) -> None:
    lena = made(database, Role.DISPATCHER, outlets=outlets[:1])
    for edit, reach in (
        ({"outlets": outlets}, frozenset(outlets)),
        ({"outlets": outlets[1:]}, frozenset(outlets[1:])),
        ({"role": Role.MANAGER}, frozenset(outlets[1:])),
        ({"whole_network": True}, None),
        ({"role": Role.DISPATCHER}, None),
    ):
        token = sign_in(database, "lena", PASSWORD).access
        edited(database, lena, **edit)
        with pytest.raises(Unauthenticated):
            identify(database, token)
        assert sees(database) == reach, edit
    assert list(differences(database)) == []
    with database.work(OWNER) as work:
        kinds = list(work.session.scalars(select(EventRow.kind)))
    assert kinds.count("account_outlet.removed") == kinds.count("account_outlet.added") == 2


def test_what_changes_nothing_ends_no_sign_in(database: Database, outlets: list[UUID]) -> None:
    lena = made(database, Role.DISPATCHER, outlets=outlets[:1])
    token = sign_in(database, "lena", PASSWORD).access
    edited(database, lena, name="Lena", outlets=outlets[:1], role=Role.DISPATCHER)
    identify(database, token)


def test_a_reach_is_not_lost_by_leaving_it_out(database: Database, outlets: list[UUID]) -> None:
    lena, oscar = made(database, Role.DISPATCHER, outlets=outlets), made(database, Role.OWNER, "o")
    made(database, Role.OWNER, "olivia")
    for account, edit in (
        (lena, {"outlets": []}),
        (lena, {"whole_network": False}),
        (oscar, {"role": Role.MANAGER}),
    ):
        with pytest.raises(InvalidValue) as refused:
            edited(database, account, **edit)
        assert refused.value.code == "account.reach"
    edited(database, oscar, role=Role.MANAGER, outlets=outlets[:1])
    assert sees(database, "o") == {outlets[0]}


def test_somebody_becomes_a_technician_and_ceases_to_be_one(
    database: Database, outlets: list[UUID]
) -> None:
    lena = made(database, Role.DISPATCHER, outlets=outlets)
    with pytest.raises(InvalidValue) as refused:
        edited(database, lena, role=Role.TECHNICIAN)
    assert refused.value.code == "account.technician"
    with database.work(OWNER) as work:
        technician = work.by_key(TechnicianRow, "T1").id
    edited(database, lena, role=Role.TECHNICIAN, technician=technician)
    assert identify(database, sign_in(database, "lena", PASSWORD).access).technician == technician
    edited(database, lena, role=Role.DISPATCHER, outlets=outlets[:1])
    with database.work(OWNER) as work:
        row = work.get(AccountRow, lena)
        assert (row.technician_id, [one.id for one in row.outlets]) == (None, outlets[:1])


def test_nobody_gives_more_than_they_have(database: Database, outlets: list[UUID]) -> None:
    """Should the table of who may do what ever let others change accounts."""
    mei = made(database, Role.MANAGER, "mei", outlets=outlets[:1])
    lena = made(database, Role.DISPATCHER, outlets=outlets[:1])
    manager = replace(OWNER, id=str(mei), outlets=frozenset(outlets[:1]))
    for account, edit in (
        (lena, {"role": Role.OWNER}),
        (mei, {"role": Role.OWNER}),
        (mei, {"whole_network": True}),
    ):
        with pytest.raises(Denied) as refused:
            edited(database, account, manager, **edit)
        assert refused.value.code == "account.beyond"
    for outlet in (outlets[1], UUID(int=1)):
        with pytest.raises(Missing):
            edited(database, lena, manager, outlets=[outlet])
    edited(database, lena, manager, role=Role.MANAGER)


def test_the_last_owner_stays(database: Database, outlets: list[UUID]) -> None:
    one, two = (made(database, Role.OWNER, login) for login in ("olivia", "oscar"))
    edited(database, two, active=False)
    for edit in ({"active": False}, {"role": Role.MANAGER, "whole_network": True}):
        with pytest.raises(Refused) as refused:
            edited(database, one, **edit)
        assert refused.value.code == "account.last-owner"
    edited(database, one, name="Olivia")
    edited(database, two, active=True)
    edited(database, one, role=Role.MANAGER, whole_network=True)


def test_of_two_owners_who_end_each_other_one_stays(
    database: Database, outlets: list[UUID]
) -> None:
    pair = [made(database, Role.OWNER, login) for login in ("olivia", "oscar")]

    def end(account: UUID) -> str:
        try:
            edited(database, account, active=False)
        except Refused as error:
            return error.code
        return "ended"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(end, pair)) == ["account.last-owner", "ended"]


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.DISPATCHER])
def test_a_technician_gets_no_second_account_by_an_edit(
    database: Database, outlets: list[UUID], role: Role
) -> None:
    with database.work(OWNER) as work:
        one, two = (work.by_key(TechnicianRow, key).id for key in ("T1", "T2"))
    made(database, Role.TECHNICIAN, "first", technician=one)
    more = {"technician": two} if role is Role.TECHNICIAN else {"whole_network": True}
    other = made(database, role, "other", **more)
    with pytest.raises(Refused) as taken:
        edited(database, other, role=Role.TECHNICIAN, technician=one)
    assert taken.value.code == "account.taken"
