"""Looking the record over, on the command line: what was changed by hand is found."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text
from tests.cli.conftest import Run
from tests.databases import OWNER
from tests.operations.bills import job_id, owed
from tests.operations.boards import Desk, two_technicians

from dispatch.bootstrap import DATABASE_URL
from dispatch.domain.actor import Actor
from dispatch.operations.pool.offer import offer_visit
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow

FAULTS = {
    "events.changed": (
        "ALTER TABLE event DISABLE TRIGGER USER",
        "UPDATE event SET note = 'other' WHERE number = 2",
    ),
    "ledger.unbalanced": (
        "ALTER TABLE ledger_line DISABLE TRIGGER USER",
        "UPDATE ledger_line SET amount_minor = amount_minor + 1 WHERE amount_minor > 0",
    ),
    "audit.differs": ("UPDATE site SET lat = lat + 1 WHERE key = 'east'",),
    "audit.gone": ("DELETE FROM skill WHERE key = 'power'",),
    "audit.unlogged": (
        """
        INSERT INTO absence (id, technician_id, start_at, end_at, reason, version)
        SELECT gen_random_uuid(), id, now(), now() + interval '1 hour', '', 1
        FROM technician WHERE key = 'T1'
        """,
    ),
    "audit.left-over": ("UPDATE job SET state = 'cancelled' WHERE key = 'J2'",),
    "audit.job-state": ("UPDATE job SET state = 'completed' WHERE key = 'J2'",),
    "audit.no-home": (
        "UPDATE technician SET home_lat = NULL, home_lon = NULL WHERE key = 'T1'",
        """
        UPDATE shift SET start_at = shift.start_at + interval '90 years',
        end_at = shift.end_at + interval '90 years'
        FROM technician WHERE technician.id = technician_id AND technician.key = 'T1'
        """,
    ),
    "audit.circle": (
        """
        UPDATE job SET said = said || '{"dependencies": [{"job": "J2"}]}' WHERE key = 'J1'
        """,
        """
        UPDATE job SET said = said || '{"dependencies": [{"job": "J1"}]}' WHERE key = 'J2'
        """,
    ),
    "audit.two-shifts": (
        """
        UPDATE shift SET key = left(id::text, 30), start_at = start_at + interval '90 years',
        end_at = end_at + interval '90 years',
        technician_id = (SELECT id FROM technician WHERE key = 'T1')
        """,
    ),
    "audit.overlap": (
        "UPDATE visit SET technician_id = (SELECT id FROM technician WHERE key = 'T1')",
        """
        UPDATE visit SET start_at = first.start_at, end_at = first.end_at
        FROM (SELECT start_at, end_at FROM visit ORDER BY start_at LIMIT 1) first
        """,
    ),
}

KINDS = {
    "audit.circle": "jobs",
    "audit.two-shifts": "shifts",
    "audit.job-state": "jobs",
    "audit.left-over": "visits",
    "audit.no-home": "shifts",
    "audit.overlap": "visits",
}
"""What those are about that a row by itself tells, whatever the log says."""


@pytest.fixture
def there(database: Database) -> dict[str, str]:
    """Where a record is that people have worked with."""
    desk = Desk(database).imported(two_technicians())
    desk.publish(desk.plan())
    owed(database, job_id(database), 5_000)
    return {DATABASE_URL: database.url.render_as_string(hide_password=False)}


def change(database: Database, *statements: str) -> None:
    with database.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def test_a_record_that_people_have_worked_with_holds(run: Run, there: dict[str, str]) -> None:
    looked = run("audit", **there)
    assert looked.exit_code == 0, looked.output
    counts, verdict = looked.stdout.splitlines()
    assert "2 lines of the ledger, 4 jobs and 4 visits" in counts
    assert verdict == "All of it holds."


@pytest.mark.parametrize("code", FAULTS)
def test_what_was_changed_by_hand_is_found(
    run: Run, database: Database, there: dict[str, str], code: str
) -> None:
    change(database, *FAULTS[code])
    told = run("audit", "--json", **there)
    assert told.exit_code == 1, told.output
    answer = json.loads(told.stdout)
    codes = [found["code"] for found in answer["findings"]]
    beside = code == "ledger.unbalanced" or code in KINDS
    assert set(codes) == {code, *(["audit.differs"] if beside else [])}
    assert codes.count(code) == (3 if code == "audit.overlap" else 1)
    if code in KINDS:
        (first, *_) = (found for found in answer["findings"] if found["code"] == code)
        assert first["place"]["pointer"].startswith(f"/{KINDS[code]}/")


def test_what_is_held_is_on_no_route(run: Run, database: Database, there: dict[str, str]) -> None:
    change(database, "UPDATE job SET state = 'on_hold' WHERE key = 'J2'")
    told = run("audit", "--json", **there)
    assert "audit.left-over" in {found["code"] for found in json.loads(told.stdout)["findings"]}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_findings_say_what_where_and_what_to_do(
    run: Run, database: Database, there: dict[str, str], lang: str
) -> None:
    change(database, *FAULTS["audit.job-state"])
    told = run("--lang", lang, "audit", **there)
    heading, cause, cure, *_ = told.stdout.splitlines()
    assert heading.split()[0] == "audit.job-state"
    assert "/jobs/" in heading
    assert "J2" in cause
    assert "completed" in cause
    assert "scheduled" in cause
    assert len(cure) > 20


def test_a_job_in_the_pool_is_where_it_should_be(run: Run, database: Database) -> None:
    Desk(database).imported(two_technicians())
    offer(database, OWNER)
    there = {DATABASE_URL: database.url.render_as_string(hide_password=False)}
    assert run("audit", **there).exit_code == 0
    change(database, "UPDATE offer SET state = 'expired'")
    told = run("audit", "--json", **there)
    findings = json.loads(told.stdout)["findings"]
    (found,) = (found for found in findings if found["code"] != "audit.differs")
    assert found["values"] == {"job": "J1", "state": "offered", "expected": "open"}


def offer(database: Database, actor: Actor) -> None:
    with database.work(actor) as work:
        visit = work.by_key(JobRow, "J1").visits[0].id
    until = two_technicians().start
    offer_visit(database, actor, visit, fee_minor=100, expires_at=until)


def test_tables_of_another_version_are_left_alone(
    run: Run, database: Database, there: dict[str, str]
) -> None:
    change(database, "UPDATE alembic_version SET version_num = '0001'")
    told = run("audit", "--json", **there)
    assert told.exit_code == 2
    assert json.loads(told.stdout)["findings"][0]["code"] == "audit.other-version"
