"""What has been over for long is forgotten, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from tests.databases import OWNER, SetClock
from tests.operations.boards import WORKER, Desk, two_technicians

from dispatch.domain.actor import Actor, ActorKind, Receipt, Source
from dispatch.domain.role import Role
from dispatch.errors import Unauthenticated
from dispatch.operations import forget as forgetting
from dispatch.operations.accounts.create import create_account
from dispatch.operations.accounts.refresh import refresh
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.operations.accounts.tokens import REFRESH
from dispatch.operations.forget import RULES, forget
from dispatch.operations.links.exchange import exchange_link
from dispatch.operations.links.make import make_link
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.replay import differences
from dispatch.store.rows.accounts import PendingSignInRow, SignInRow, UnknownLoginRow
from dispatch.store.rows.base import Row
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.links import LinkTokenRow
from dispatch.store.rows.receipts import ReceiptRow
from dispatch.store.told import UNLOGGED

PASSWORD = "four words that fit"
MOMENT = timedelta(seconds=1)


def count(database: Database, table: type[Row]) -> int:
    with database.work(OWNER) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def pending(until: datetime) -> PendingSignInRow:
    id_ = new_id()
    known = {"state": id_.bytes, "kept": b"", "nonce": b""}
    return PendingSignInRow(id=id_, verifier="", until=until, **known)


def test_no_table_of_the_log_is_forgotten() -> None:
    assert {table.__tablename__ for table in RULES} <= UNLOGGED.keys()


def test_each_is_forgotten_when_it_is_over_for_so_long(database: Database, clock: SetClock) -> None:
    Desk(database).imported(two_technicians())
    create_account(database, OWNER, login="lena", role=Role.OWNER, password=PASSWORD)
    tokens = sign_in(database, "lena", PASSWORD)
    with database.work(OWNER) as work:
        job = work.by_key(JobRow, "J1").id
        work.session.add(pending(clock.now))
        work.session.add(UnknownLoginRow(login=b"x", tried_at=clock.now + 5 * MOMENT))
        work.commit()
    made = make_link(database, OWNER, job, days=30)
    opened = exchange_link(database, made.text)
    receipt = Receipt("key", b"wish")
    program = Actor(kind=ActorKind.INTEGRATION, id="shop", source=Source.API, receipt=receipt)
    with database.work(program) as work:
        work.commit("done")
    begun, events = clock.now, count(database, EventRow)
    over: dict[type[Row], datetime] = {
        PendingSignInRow: begun,
        LinkTokenRow: opened.until,
        UnknownLoginRow: begun + 5 * MOMENT,
        ReceiptRow: begun,
        SignInRow: tokens.refresh_until,
    }
    assert over.keys() == RULES.keys()
    for table, since in sorted(over.items(), key=lambda one: one[1] + RULES[one[0]].kept):
        clock.now = since + RULES[table].kept
        forget(database, WORKER)
        assert count(database, table) == 1, table
        clock.now += MOMENT
        assert forget(database, WORKER) == 1, table
        assert count(database, table) == 0, table
    assert count(database, EventRow) == events
    assert list(differences(database)) == []


def test_a_sign_in_that_goes_on_stays(database: Database, clock: SetClock) -> None:
    create_account(database, OWNER, login="lena", role=Role.OWNER, password=PASSWORD)
    token = sign_in(database, "lena", PASSWORD).refresh
    for _ in range(4):
        clock.now += REFRESH - MOMENT
        forget(database, WORKER)
        token = refresh(database, token).refresh
    clock.now += REFRESH + RULES[SignInRow].kept + MOMENT
    assert forget(database, WORKER) == 1
    with pytest.raises(Unauthenticated) as over:
        refresh(database, token)
    assert over.value.code == "sign-in.over"


def test_so_many_at_once_and_the_rest_later(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    with database.work(OWNER) as work:
        work.session.add_all(pending(clock.now) for _ in range(5))
        work.commit()
    clock.forward(days=2)
    assert [forget(database, WORKER) for _ in range(4)] == [2, 2, 1, 0]
