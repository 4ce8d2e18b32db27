"""The service over a record of many jobs, measured on few."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.databases import database_server, empty_database

import measure
from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.store.database import Database
from dispatch.store.embedded import Embedded
from dispatch.store.events import check_chain
from dispatch.store.migrate import migrate
from dispatch.travel.open import open_travel
from measured import RecordRun
from record_requests import Requests, requests
from record_rows import Record, address, fill
from record_statements import Overheard, overhear
from record_tables import record_page

__all__ = ["database_server"]

UNSOUND = {
    "a job follows its visits": """
        SELECT job.key FROM job JOIN visit ON visit.job_id = job.id
        WHERE (job.state = 'completed') <> (visit.state = 'completed')""",
    "whoever has a visit has a shift for it": """
        SELECT visit.id FROM visit LEFT JOIN shift ON shift.id = visit.shift_id
        WHERE visit.technician_id IS DISTINCT FROM shift.technician_id
        OR visit.start_at < shift.start_at""",
    "what is open has nobody": """
        SELECT offer.id FROM offer JOIN visit ON visit.id = offer.visit_id
        WHERE offer.state = 'open' AND visit.state <> 'unscheduled'""",
    "what is done was said step by step": """
        SELECT visit.id FROM visit LEFT JOIN action ON action.visit_id = visit.id
        WHERE visit.state = 'completed' GROUP BY visit.id HAVING count(action.id) <> 4""",
    "everybody lives somewhere": """
        SELECT site.key FROM site LEFT JOIN contact ON contact.customer_id = site.customer_id
        WHERE contact.id IS NULL""",
}


@pytest.fixture(scope="module")
def filled(database_server: Embedded) -> Iterator[tuple[Database, Record]]:
    with empty_database(database_server) as url:
        found = Database(url)
        migrate(found)
        yield found, fill(found, open_travel("gothenburg"), jobs=420, size="small")
        found.close()


@pytest.fixture
def asked(filled: tuple[Database, Record]) -> Requests:
    found, record = filled
    tokens = {login: sign_in(found, login, record.password).access for login in record.logins}
    with psycopg.connect(address(found)) as connection:
        return requests(record, tokens, connection)


@pytest.mark.slow
def test_the_record_is_sound(filled: tuple[Database, Record]) -> None:
    found, record = filled
    with psycopg.connect(address(found)) as connection:
        for what, query in UNSOUND.items():
            assert connection.execute(query).fetchall() == [], what
        (days,) = connection.execute("SELECT count(DISTINCT day) FROM board").fetchone() or (0,)
    assert record.jobs == 420
    assert days == len(record.past) + 1 + len(record.ahead) == 7
    with found.connect() as log:
        assert list(check_chain(log)) == []


@pytest.mark.slow
def test_a_request_is_overheard_and_its_statements_have_its_effect(
    filled: tuple[Database, Record], asked: Requests
) -> None:
    found, _ = filled
    travel = open_travel("gothenburg")
    overheard = Overheard(found.url.render_as_string(hide_password=False))
    app = create_app(House(overheard, travel))
    wish = asked.claims[0]
    assert wish.claims is not None
    state = "SELECT state FROM offer WHERE id = %s"
    with psycopg.connect(address(found), autocommit=True) as looking:
        for _ in range(2):
            transactions = overhear(app, overheard, wish)
            assert [one.commits for one in transactions] == [False, False, True]
            assert looking.execute(state, [wish.claims[0]]).fetchone() == ("open",)
        with psycopg.connect(address(found)) as connection:
            for one in transactions:
                one.run(connection)
        assert looking.execute(state, [wish.claims[0]]).fetchone() == ("claimed",)
    overheard.close()
    with found.connect() as log:
        assert list(check_chain(log)) == []


@pytest.mark.slow
def test_the_part_is_measured_once_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["record", "--jobs", "420", "--size", "small", "--times", "2", "--out", str(tmp_path)]
    assert measure.main(call) == 0
    runs = [json.loads(line) for line in (tmp_path / "record.jsonl").read_text().splitlines()]
    beside = {run["what"]: run for run in runs if run["bare_ms"]}
    assert set(beside) == {"day route", "board", "claim", "offline batch"}
    told = "one for each action, who asks, and what waits for them"
    assert beside["offline batch"]["transactions"] == 22, told
    assert all(run["served_ms"] > 0 and run["memory_mb"] > 50 for run in runs)
    assert beside["claim"]["check_ms"] > 0
    capsys.readouterr()
    assert measure.main(call) == 0
    assert "writing" not in capsys.readouterr().out
    assert len((tmp_path / "record.jsonl").read_text().splitlines()) == len(runs)


def run(what: str, served: float, bare: float | None, check: float | None = None) -> RecordRun:
    return RecordRun(
        what=what,
        jobs=1_000,
        times=3,
        statements=4,
        transactions=2,
        served_ms=served,
        served_p95_ms=served,
        bare_ms=bare,
        bare_p95_ms=bare,
        check_ms=check,
        memory_mb=200.0,
        peak_mb=300.0,
    )


def test_ratios_are_those_of_the_medians() -> None:
    shown = record_page([run("day route", 6, 2), run("claim", 40, 10, 8), run("who asks", 2, None)])
    assert "| day route | 3 | 4 | 2 | 2.0 | 2.0 | 6.0 | 6.0 | 3.0 |" in shown
    assert "| claim | 10.0 | 8.0 | 22.0 | 3.2 |" in shown
    assert "| who asks | 3 | 2.0 | 200 | 300 |" in shown
