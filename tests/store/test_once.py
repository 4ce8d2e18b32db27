"""What is asked for twice is done once, and answered twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.databases import OWNER, SetClock
from tests.operations.boards import WORKER

from dispatch.domain.actor import Actor, Receipt
from dispatch.errors import DispatchError, Refused
from dispatch.operations.forget import forget
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.once import once
from dispatch.store.receipts import KEPT
from dispatch.store.rows.technicians import SkillRow

WISHING = replace(OWNER, receipt=Receipt("key-1", b"a skill"))


def add_skill(database: Database, actor: Actor) -> UUID:
    with database.work(actor) as work:
        row = SkillRow(key=str(new_id()))
        work.session.add(row)
        work.session.flush()
        return work.commit(row.id)


def skills(database: Database) -> int:
    with database.work(OWNER) as work:
        return work.session.scalar(select(func.count()).select_from(SkillRow)) or 0


def test_the_second_time_has_the_first_answer(database: Database) -> None:
    first = once(database, WISHING, UUID, lambda: add_skill(database, WISHING))
    again = once(database, WISHING, UUID, lambda: add_skill(database, WISHING))
    assert first == again
    assert skills(database) == 1


def test_without_a_key_it_is_done_again(database: Database) -> None:
    first = once(database, OWNER, UUID, lambda: add_skill(database, OWNER))
    assert first != once(database, OWNER, UUID, lambda: add_skill(database, OWNER))


def test_a_key_is_good_for_one_wish_of_one_actor(database: Database) -> None:
    once(database, WISHING, UUID, lambda: add_skill(database, WISHING))
    other = replace(OWNER, receipt=Receipt("key-1", b"something else"))
    with pytest.raises(Refused) as refused:
        once(database, other, UUID, lambda: add_skill(database, other))
    assert refused.value.code == "receipt.other-wish"
    somebody = replace(WISHING, id="somebody")
    once(database, somebody, UUID, lambda: add_skill(database, somebody))
    assert skills(database) == 2


def test_of_many_at_one_moment_one_does_it(database: Database) -> None:
    def ask(_: int) -> UUID:
        return once(database, WISHING, UUID, lambda: add_skill(database, WISHING))

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(8)))
    assert len(answers) == 1
    assert skills(database) == 1


def test_what_was_refused_may_be_asked_again(database: Database) -> None:
    def refuse() -> UUID:
        raise Refused("organisation.missing")

    with pytest.raises(DispatchError):
        once(database, WISHING, UUID, refuse)
    once(database, WISHING, UUID, lambda: add_skill(database, WISHING))
    assert skills(database) == 1


def test_answers_are_kept_for_some_days(database: Database, clock: SetClock) -> None:
    first = once(database, WISHING, UUID, lambda: add_skill(database, WISHING))
    for days, kept in ((KEPT - timedelta(hours=1), True), (timedelta(hours=2), False)):
        clock.now += days
        forget(database, WORKER)
        again = once(database, WISHING, UUID, lambda: add_skill(database, WISHING))
        assert (again == first) is kept
