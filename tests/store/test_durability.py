"""A server that may lose what it has acknowledged is refused, and says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from dispatch.errors import InvalidInput, InvalidValue, Unavailable
from dispatch.store import durability
from dispatch.store.database import Database
from dispatch.store.embedded import Embedded
from dispatch.store.open import check_clock


def test_a_server_as_it_comes_is_trusted(database: Database) -> None:
    database.check()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("synchronous_commit", "off"),
        ("zero_damaged_pages", "on"),
        ("ignore_checksum_failure", "on"),
        ("transaction_read_only", "on"),
    ],
)
def test_a_server_that_may_lose_rows_is_refused(
    bare_database: Database, setting: str, value: str
) -> None:
    name = "default_transaction_read_only" if setting == "transaction_read_only" else setting
    with bare_database.connect() as connection:
        database = bare_database.url.database
        connection.execute(text(f'ALTER DATABASE "{database}" SET {name} = {value}'))
        connection.commit()
    bare_database.close()
    with pytest.raises(InvalidInput) as refused:
        bare_database.check()
    assert [finding.code for finding in refused.value.findings] == ["store.setting"]
    assert refused.value.findings[0].values["setting"] == setting
    assert refused.value.findings[0].values["value"] == value


def test_every_bad_setting_is_said_at_once(bare_database: Database) -> None:
    with bare_database.connect() as connection:
        database = bare_database.url.database
        for setting in ("synchronous_commit = off", "zero_damaged_pages = on"):
            connection.execute(text(f'ALTER DATABASE "{database}" SET {setting}'))
        connection.commit()
    bare_database.close()
    with pytest.raises(InvalidInput) as refused:
        bare_database.check()
    assert len(refused.value.findings) == 2


def test_no_server_is_said_without_the_password() -> None:
    database = Database("postgresql://somebody:secret@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable) as refused:
        database.check()
    assert refused.value.code == "store.no-answer"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite:///x.db", "postgresql://host", "mysql://h/d"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        Database(url)
    assert refused.value.code == "store.url"


def test_only_the_owner_gets_into_the_embedded_server(database_server: Embedded) -> None:
    assert database_server.folder.stat().st_mode & 0o077 == 0


def test_a_server_that_goes_on_after_a_failed_write_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be set for a whole server only."""
    found = durability._settings

    def retrying(connection: Connection) -> dict[str, str]:
        return found(connection) | {"data_sync_retry": "on"}

    monkeypatch.setattr(durability, "_settings", retrying)
    with pytest.raises(InvalidInput) as refused:
        database.check()
    assert [finding.values["setting"] for finding in refused.value.findings] == ["data_sync_retry"]


def test_all_settings_are_asked_for(database: Database) -> None:
    with database.connect() as connection:
        assert set(durability.DEMANDS) <= set(durability._settings(connection))


@pytest.mark.parametrize("off_s", [-40, 0, 40])
def test_whose_clock_is_wrong_does_not_start(database: Database, off_s: int) -> None:
    with database.connect() as connection:
        theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    database.clock = lambda: theirs + timedelta(seconds=off_s)
    if off_s == 0:
        check_clock(database)
        return
    with pytest.raises(InvalidInput) as refused:
        check_clock(database)
    (finding,) = refused.value.findings
    assert finding.code == "store.clock"
    assert abs(int(str(finding.values["seconds"])) - off_s) <= 2


def test_the_embedded_server_logs_no_values(database: Database, database_server: Embedded) -> None:
    with database.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE person (email text UNIQUE)"))
        add = text("INSERT INTO person VALUES (:email)")
        connection.execute(add, {"email": "anna@example.com"})
        with pytest.raises(IntegrityError):
            connection.execute(add, {"email": "anna@example.com"})
    log = (database_server.folder / "log").read_text()
    assert "person_email_key" in log
    assert "anna@example.com" not in log
