"""Who may come in: accounts, keys of programs, and people who try what is not theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from tests.databases import OWNER
from tests.proofs.simulation.wanted import NOTHING, Deed
from tests.proofs.simulation.world import OUTLETS, Ask, NotTheirs, Wish, World

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.role import Role
from dispatch.domain.states.visit import COMMITTED
from dispatch.operations.accounts.change import (
    AccountEdit,
    change_account,
    change_password,
    revoke_integration,
)
from dispatch.operations.accounts.create import create_account, create_integration
from dispatch.operations.accounts.refresh import refresh, sign_out
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.operations.feeds.make import make_feed
from dispatch.operations.feeds.open import open_feed
from dispatch.operations.feeds.revoke import revoke_feed
from dispatch.store.rows.accounts import AccountRow, CalendarFeedRow, IntegrationRow, SignInRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow

PASSWORD = "four words that fit"
MOST = 4
"""Accounts and keys besides those of the first day."""


def account(world: World) -> Wish | None:
    """Somebody gets one; what is known of it changes; who has left and is back, may come in."""
    database, draw = world.database, world.draw
    with database.work(OWNER) as work:
        query = select(AccountRow).order_by(AccountRow.id)
        rows = list(work.session.scalars(query.where(AccountRow.login.startswith("u-"))))
        closed = query.where(AccountRow.active.is_(False))
        shut = list(work.session.scalars(closed))
    if shut and draw.random() < 0.6:
        row = shut[0]
        return Wish(OWNER, lambda by: _edit(world, by, row, AccountEdit(active=True)))
    if not rows or (len(rows) < MOST and draw.random() < 0.4):
        login = f"u-{world.number}"
        return Wish(
            OWNER,
            lambda by: create_account(
                database,
                by,
                login=login,
                role=Role.DISPATCHER,
                password=PASSWORD,
                whole_network=True,
            ),
            UUID,
            ask=Ask(
                path="/accounts",
                body={
                    "login": login,
                    "role": "dispatcher",
                    "password": PASSWORD,
                    "whole_network": True,
                },
            ),
        )
    row = rows[int(draw.integers(len(rows)))]
    edit = AccountEdit(name=f"Name {world.number}", active=bool(draw.random() < 0.6))
    return Wish(OWNER, lambda by: _edit(world, by, row, edit))


def password(world: World) -> Wish | None:
    """Somebody changes theirs, and says the old one right or wrong."""
    with world.database.work(OWNER) as work:
        query = select(AccountRow).where(AccountRow.login.startswith("u-"))
        row = work.session.scalars(query.order_by(AccountRow.id)).first()
    old = PASSWORD if world.draw.random() < 0.8 else "three words only"
    if row is None:
        return None
    return Wish(
        Actor(kind=ActorKind.ACCOUNT, id=str(row.id), source=Source.API),
        lambda by: change_password(world.database, by, old, PASSWORD),
        NOTHING,
    )


def come_in(world: World) -> Wish | None:
    """Sign in, get new tokens, sign out; or have the password wrong, which is counted."""
    database, chance = world.database, world.draw.random()
    if chance < 0.5:
        right = PASSWORD if chance < 0.4 else "not this one"
        return Wish(
            OWNER,
            lambda _: sign_in(database, "owner", right, "second"),
            whole=False,
            then=world.keep,
        )
    if world.kept and chance < 0.85:
        token = world.kept[int(world.draw.random() < 0.2 and len(world.kept) > 1)]
        return Wish(
            OWNER,
            lambda _: refresh(database, token),
            whole=False,  # who brings an old one has their sign-in ended
            then=world.keep,
        )
    query = select(SignInRow).where(SignInRow.ended_at.is_(None), SignInRow.device == "second")
    row = world.any(query.order_by(SignInRow.id.desc()), OWNER)
    return row and Wish(OWNER, lambda by: sign_out(database, by, row.id), NOTHING)


def key(world: World) -> Wish | None:
    """A program gets one, or has it taken away; not that of the first day."""
    database = world.database
    query = select(IntegrationRow).where(
        IntegrationRow.name != "erp", IntegrationRow.revoked_at.is_(None)
    )
    row = world.any(query.order_by(IntegrationRow.id), OWNER)
    if row is not None and world.draw.random() < 0.5:
        return Wish(OWNER, lambda by: revoke_integration(database, by, row.id), NOTHING)
    name, outlet = f"program-{world.number}", world.outlets[world.one_of(OUTLETS)]
    ends = world.clock() + timedelta(days=1)
    return Wish(
        OWNER,
        lambda by: create_integration(
            database, by, name=name, scopes=["jobs.read"], outlet=outlet, expires_at=ends
        ),
    )


def feed(world: World) -> Wish | None:
    """A technician's calendar program gets a name and a secret, reads by them, and loses them."""
    database, chance = world.database, world.draw.random()
    phones = select(AccountRow).where(AccountRow.technician_id.is_not(None), AccountRow.active)
    mine = world.any(phones.order_by(AccountRow.id), OWNER)
    if mine is None:
        return None
    me = Actor(kind=ActorKind.ACCOUNT, id=str(mine.id), source=Source.API)
    if world.feeds and chance < 0.5:
        login, secret = world.feeds[-1]
        shown = secret if chance < 0.4 else "another"
        return Wish(me, lambda _: open_feed(database, login, shown), whole=False)
    good = select(CalendarFeedRow).where(
        CalendarFeedRow.account_id == mine.id, CalendarFeedRow.revoked_at.is_(None)
    )
    row = world.any(good.order_by(CalendarFeedRow.id), OWNER)
    if row is not None and chance < 0.8:
        return Wish(me, lambda by: revoke_feed(database, by, row.id), NOTHING)

    def keep(made: Any) -> None:
        world.feeds.append((made.login, made.secret))

    return Wish(me, lambda by: make_feed(database, by, name="watch"), then=keep)


def intrude(world: World) -> Wish | None:
    """Over the API alone: somebody asks for what is another's, or not of their role."""
    jobs = select(JobRow).order_by(JobRow.id.desc())
    south = world.any(jobs.where(JobRow.outlet_id == world.outlets["south"]), OWNER)
    north = world.any(jobs.where(JobRow.outlet_id == world.outlets["north"]), OWNER)
    given = select(VisitRow).where(VisitRow.state.in_(COMMITTED)).order_by(VisitRow.id.desc())
    visit = world.any(given, OWNER)
    person = world.person()
    if south is None or north is None or visit is None or visit.technician_id == person:
        return None
    if _is_below(world, "south", "north"):  # somebody has moved it: the north sees it, rightly
        return None
    phone = world.phone(person)
    desk = Actor(kind=ActorKind.ACCOUNT, id="desk-north", source=Source.API)
    program = world.program()
    ways: list[tuple[Actor, Ask]] = [
        (desk, Ask(method="GET", path=f"/jobs/{south.id}")),
        (desk, Ask(path=f"/jobs/{south.id}/hold", body={"why": "no"})),
        (desk, Ask(path=f"/jobs/{south.id}/waive", body={"why": "no"})),
        (program, Ask(method="GET", path=f"/jobs/{south.id}")),
        (program, Ask(path=f"/visits/{visit.id}/unassign", body={}, expected=visit.version)),
        (phone, Ask(path=f"/visits/{visit.id}/unassign", body={}, expected=visit.version)),
        (phone, Ask(path=f"/me/visits/{visit.id}/transfer", body={"reason": "no"})),
        (phone, Ask(method="GET", path=f"/me/visits/{visit.id}/bill")),
        (phone, Ask(path=f"/me/visits/{visit.id}/charges", body={"text": "x", "unit_minor": 5})),
        (phone, Ask(method="GET", path=f"/jobs/{north.id}")),
    ]
    if world.links:
        customer = Actor(
            kind=ActorKind.CUSTOMER, id=str(next(iter(world.links))), source=Source.API
        )
        ways.append((customer, Ask(method="GET", path=f"/jobs/{north.id}")))
        ways.append((customer, Ask(path=f"/jobs/{north.id}/cancel", body={"why": "no"})))
    who, ask = ways[int(world.draw.integers(len(ways)))]

    def see(told: Any) -> None:
        raise NotTheirs(f"{who.id} was let in at {ask.method} {ask.path}")

    return Wish(who, _by_no_other_way, ask=ask, then=see, asked=True)


def _is_below(world: World, lower: str, upper: str) -> bool:
    with world.database.work(OWNER) as work:
        rows = work.session.execute(select(OutletRow.id, OutletRow.parent_id)).all()
    parents: dict[UUID, UUID | None] = {row.id: row.parent_id for row in rows}
    found: UUID | None = world.outlets[lower]
    while found is not None and found != world.outlets[upper]:
        found = parents[found]
    return found is not None


def _by_no_other_way(_: Actor) -> None:
    raise AssertionError("it is asked over the API alone")


def _edit(world: World, by: Actor, row: AccountRow, edit: AccountEdit) -> None:
    change_account(world.database, by, row.id, edit, expected=row.version)


ACCOUNTS: dict[Deed, float] = {
    account: 0.4,
    password: 0.1,
    come_in: 0.3,
    key: 0.2,
    feed: 0.3,
    intrude: 1.5,
}
"""How often each is wanted."""
