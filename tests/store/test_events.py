"""The event log: in order, whole, and nobody changes it unseen."""

from __future__ import annotations

import struct
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from tests.databases import OWNER, SetClock

from dispatch.domain.position import Position
from dispatch.store.database import Database
from dispatch.store.events import Event, _hash, _stored, check_chain
from dispatch.store.ids import new_id
from dispatch.store.rows.events import EventRow


def record(database: Database, count: int = 1, note: str = "") -> list[int]:
    """Write some events down; their numbers."""
    subjects = [new_id() for _ in range(count)]
    with database.work(OWNER) as work:
        for subject in subjects:
            work.record(
                Event(
                    kind="job.held",
                    subject=subject,
                    before={"state": "open"},
                    after={"state": "on_hold"},
                    note=note,
                    happened_at=work.now,
                    position=Position(57.7, 11.97),
                )
            )
        work.commit()
        query = select(EventRow.number).where(EventRow.subject_id.in_(subjects))
        return list(work.session.scalars(query.order_by(EventRow.number)))


def codes(database: Database) -> list[str]:
    with database.connect() as connection:
        return [finding.code for finding in check_chain(connection)]


def tamper(database: Database, statement: str) -> None:
    with database.connect() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.execute(text(statement))
        connection.commit()


def test_events_are_numbered_without_a_gap(database: Database) -> None:
    assert record(database, 2) == [1, 2]
    assert record(database) == [3]
    assert codes(database) == []


def test_an_event_says_who_when_and_where(database: Database, clock: SetClock) -> None:
    record(database, note="The customer asked for it.")
    with database.work(OWNER) as work:
        row = work.session.scalars(select(EventRow)).one()
    assert (row.kind, row.subject_kind) == ("job.held", "job")
    assert (row.actor_kind, row.actor, row.source) == ("account", "owner", "cli")
    assert (row.at, row.lat, row.lon) == (clock.now, 57.7, 11.97)
    assert row.note == "The customer asked for it."


def test_what_is_not_committed_never_happened(database: Database) -> None:
    with database.work(OWNER) as work:
        work.record(Event(kind="job.held", subject=new_id()))
    assert record(database) == [1]


def test_many_at_once_stand_in_the_order_of_their_transactions(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: record(database)[0], range(40)))
    assert sorted(numbers) == list(range(1, 41))
    assert codes(database) == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE event SET note = 'forged' WHERE number = 2", "events.changed"),
        ("UPDATE event SET actor = 'somebody' WHERE number = 3", "events.changed"),
        ("DELETE FROM event WHERE number = 2", "events.gap"),
        ("DELETE FROM event WHERE number = 3", "events.end"),
        ("UPDATE event_head SET number = 4", "events.end"),
    ],
)
def test_tampering_is_seen(database: Database, statement: str, code: str) -> None:
    record(database, 3)
    tamper(database, statement)
    assert code in codes(database)


@pytest.mark.parametrize(
    "change", ["UPDATE event SET note = 'x'", "DELETE FROM event", "TRUNCATE event"]
)
def test_the_database_refuses_to_change_the_log(database: Database, change: str) -> None:
    record(database)
    with database.connect() as connection, pytest.raises(IntegrityError, match="only added"):
        connection.execute(text(change))


def test_a_hash_covers_every_column(database: Database) -> None:
    record(database, 2)
    columns = {column.name for column in EventRow.__table__.columns} - {"number", "hash"}
    other = {
        "previous": "'\\x00'::bytea",
        "at": "now()",
        "happened_at": "now()",
        "subject_id": f"'{UUID(int=1)}'",
        "outlet_id": f"'{UUID(int=1)}'",
        "lat": "1.0",
        "lon": "1.0",
        "before": "'{}'::jsonb",
        "after": "'{}'::jsonb",
    }
    for column in columns:
        with database.connect() as connection:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
            value = other.get(column, "'x'")
            change = f'UPDATE event SET "{column}" = {value} WHERE number = 1'  # noqa: S608
            connection.execute(text(change))
            assert [found.code for found in check_chain(connection)], column


def test_numbers_that_the_database_writes_otherwise_are_no_forgery(database: Database) -> None:
    with database.work(OWNER) as work:
        work.record(
            Event(
                kind="site.added",
                subject=new_id(),
                after={"lon": -0.0, "far": 1e16, "near": [1.0, 0.5]},
                position=Position(0.0, -0.0),
            )
        )
        work.commit()
    assert codes(database) == []


AWKWARD = [
    *(10.0**power for power in range(15, 31)),
    *(sign * (10.0**power / 7) for power in range(300) for sign in (1, -1)),
    *(0.1 + 0.2, 1.0, -0.0, 0.0, 5e-324, 1e-7, 1e-300, 2.2250738585072014e-308, 1e308),
    *(123456789012345678901.0, 2.0**53, 2.0**53 + 2, 2.0**63, 2.0**64, 2.0**1023),
    *(2**53 + 1, 2**64, 10**22, 10**23, -(10**25), 10**400, True, False),
]
"""Numbers that a database may write otherwise than they were."""


def write(database: Database, document: Any) -> None:
    with database.work(OWNER) as work:
        work.record(Event(kind="site.added", subject=new_id(), after={"it": document}))
        work.commit()


def test_awkward_numbers_are_no_forgery(database: Database) -> None:
    write(database, AWKWARD)
    assert codes(database) == []


DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(AWKWARD)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.binary(min_size=8, max_size=8)
    .map(lambda drawn: struct.unpack("d", drawn)[0])
    .filter(lambda number: number - number == 0)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(document=DOCUMENTS)
def test_whatever_is_written_the_chain_holds(database: Database, document: Any) -> None:
    write(database, document)
    with database.work(OWNER) as work:
        last = work.session.scalars(select(EventRow).order_by(-EventRow.number).limit(1)).one()
    row = {column.name: getattr(last, column.name) for column in EventRow.__table__.columns}
    assert row["hash"] == _hash(row["previous"], row)


@given(st.floats(-(2.0**53), 2.0**53) | st.integers(-(2**53), 2**53))
def test_what_was_hashed_rightly_before_is_hashed_alike(number: float) -> None:
    before = int(number) if isinstance(number, float) and number.is_integer() else number
    assert (type(_stored(number)), _stored(number)) == (type(before), before)
