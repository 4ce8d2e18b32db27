"""Many at once: each by itself, each ends, and nothing is done twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import Desk, two_technicians

from dispatch.domain.actor import Actor, Receipt
from dispatch.errors import InvalidValue, Refused, Unavailable
from dispatch.operations.bulk import Outcome, do_each
from dispatch.operations.jobs.decide import cancel_job, hold_job
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.once import once
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow

NOBODY = UUID(int=7)


@pytest.fixture
def ids(database: Database) -> list[UUID]:
    Desk(database).imported(two_technicians())
    with database.work(OWNER) as work:
        return list(work.session.scalars(select(JobRow.id).order_by(JobRow.key)))


def wish(key: str = "k", what: bytes = b"hold") -> Actor:
    return replace(OWNER, receipt=Receipt(key, what))


def hold_all(database: Database, actor: Actor, ids: list[UUID]) -> list[Outcome]:
    def asked() -> list[Outcome]:
        return do_each(
            database, actor, ids, lambda part, job: hold_job(database, part, job, why="x")
        )

    return once(database, actor, list[Outcome], asked)


def held(database: Database) -> int:
    with database.work(OWNER) as work:
        kinds = Counter(work.session.scalars(select(EventRow.kind)))
        assert list(check_chain(work.session.connection())) == []
    return kinds["job.held"]


def test_each_ends_as_done_or_with_a_code(database: Database, ids: list[UUID]) -> None:
    cancel_job(database, OWNER, ids[1], why="x")
    found = hold_all(database, wish(), [*ids, NOBODY])
    assert [outcome.code for outcome in found] == ["", "state.job", "", "", "store.missing"]
    assert [outcome.id for outcome in found] == [*ids, NOBODY]
    assert found[1].values["state"] == "cancelled"
    assert held(database) == 3


def test_asked_again_it_is_answered_as_it_was_and_nothing_is_done_twice(
    database: Database, ids: list[UUID]
) -> None:
    first = hold_all(database, wish(), [*ids, NOBODY])
    assert hold_all(database, wish(), [*ids, NOBODY]) == first
    assert held(database) == 4
    assert {outcome.code for outcome in hold_all(database, wish("other"), ids)} == {"state.job"}
    with pytest.raises(Refused) as error:
        hold_all(database, wish(what=b"something else"), ids)
    assert error.value.code == "receipt.other-wish"


def test_whoever_was_cut_off_goes_on_where_it_ended(database: Database, ids: list[UUID]) -> None:
    """The server ends after two of four; asked again, the two are done and stay so."""

    class Cut(BaseException):
        """As if the process were killed."""

    done: list[UUID] = []

    def until_cut(part: Actor, job: UUID) -> None:
        if len(done) == 2:
            raise Cut
        hold_job(database, part, job, why="x")
        done.append(job)

    with pytest.raises(Cut):
        do_each(database, wish(), ids, until_cut)
    assert held(database) == 2
    assert [outcome.code for outcome in hold_all(database, wish(), ids)] == [""] * 4
    assert held(database) == 4


def test_what_fails_for_now_is_done_when_it_is_asked_for_again(
    database: Database, ids: list[UUID]
) -> None:
    def busy(part: Actor, job: UUID) -> None:
        if job == ids[1]:
            raise Unavailable("store.busy", reason="on purpose")
        hold_job(database, part, job, why="x")

    found = once(database, wish(), list[Outcome], lambda: do_each(database, wish(), ids, busy))
    assert [outcome.code for outcome in found] == ["", "store.busy", "", ""]
    assert held(database) == 3
    assert [outcome.code for outcome in hold_all(database, wish(), ids)] == [""] * 4
    assert held(database) == 4


def test_with_the_key_of_something_else_nothing_goes_on(
    database: Database, ids: list[UUID]
) -> None:
    def cut(part: Actor, job: UUID) -> None:
        hold_job(database, part, job, why="x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do_each(database, wish(), ids[:1], cut)
    with pytest.raises(Refused) as error:
        hold_all(database, wish(what=b"cancel"), ids)
    assert error.value.code == "receipt.other-wish"


def test_of_two_at_one_moment_each_thing_is_done_once(database: Database, ids: list[UUID]) -> None:
    with ThreadPoolExecutor(2) as threads:
        one, two = threads.map(lambda _: hold_all(database, wish(), ids), range(2))
    assert [outcome.code for outcome in one] == [""] * 4
    assert one == two
    assert held(database) == 4


@pytest.mark.parametrize(("count", "code"), [(0, "value.range"), (201, "value.range")])
def test_not_too_many_and_none_twice(database: Database, count: int, code: str) -> None:
    for ids, refused in (
        ([UUID(int=number) for number in range(count)], code),
        ([NOBODY, NOBODY], "value.twice"),
    ):
        with pytest.raises(InvalidValue) as error:
            hold_all(database, wish(), ids)
        assert error.value.code == refused
