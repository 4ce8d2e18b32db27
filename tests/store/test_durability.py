"""A server that may lose what it has acknowledged is refused, and says why."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from dispatch.errors import InvalidInput, InvalidValue, Unavailable
from dispatch.store.database import Database
from dispatch.store.embedded import Embedded


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
