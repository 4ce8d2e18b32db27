"""The whole record as one file, and the record again from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, select, text

from dispatch.errors import Finding, InvalidInput, Place, Refused, Unavailable
from dispatch.formats.files import secret_beside
from dispatch.store import carrying
from dispatch.store.carrying import carry, faults, held, named
from dispatch.store.client_programs import contents, dump, programs, read_through, replay
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.files import Files
from dispatch.store.locks import Lock, hold
from dispatch.store.migrate import migrate
from dispatch.store.rows.events import EventHeadRow
from dispatch.store.still import be_patient, still

MOST_FINDINGS = 1_000
OURS = re.compile(r"TABLE DATA \S+ event_head ")
"""In the list of a dump: the end of an event log."""
FOUND = text("""
    SELECT found.name FROM (
        SELECT oid, 'pg_class'::regclass AS kind, relname AS name, relnamespace AS schema
        FROM pg_class
        UNION ALL SELECT oid, 'pg_proc'::regclass, proname, pronamespace FROM pg_proc
    ) found JOIN pg_namespace ON pg_namespace.oid = found.schema
    WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
    AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = found.kind AND objid = found.oid AND deptype = 'e'
    )
    UNION ALL SELECT nspname FROM pg_namespace
    WHERE nspname NOT IN ('public', 'information_schema') AND nspname NOT LIKE 'pg\\_%'
    AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = 'pg_namespace'::regclass AND objid = pg_namespace.oid AND deptype = 'e'
    )
    LIMIT 1
""")
"""Anything that is neither PostgreSQL's own nor an extension's."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a record has come; two records with the same mark tell of the same events."""

    events: int
    head: str
    """Hash of the last one, and so of all, in hexadecimal digits."""
    findings: tuple[Finding, ...]
    """What of the log and of the files is not as it was written; the first thousand of each."""
    files: int = 0
    """How many files of evidence the record names."""


def back_up(database: Database, to: Path, files: Files | None = None) -> Mark:
    """Write all of a record, as it is at one moment, to a file that only its owner may read.

    People go on working meanwhile. A file that was there is replaced when the new one is whole
    and has been read through once.

    Parameters
    ----------
    files
        Where the files of evidence lie. Those that the record names are copied into a folder beside
        the file, where those of an earlier backup are kept and not copied again.

    Raises
    ------
    Refused
        ``backup.nothing``: there is no record in this database.
    Unavailable
        ``backup.server-newer``: the server is of a later version than the program that reads it;
        ``backup.failed``, ``file.unwritable``, ``files.unwritable``.
    """
    with secret_beside(to) as beside:
        with still(database) as connection:
            _expect_known(_server_version(connection))
            if connection.scalar(text("SELECT to_regclass('event_head')")) is None:
                raise Refused("backup.nothing")
            snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
            dump(database, beside, snapshot)
            read_through(beside)
            mark, names = _mark(connection), named(connection)
        # Nothing is ever taken away from the files, so they may be copied when the moment is over.
        lost = () if files is None else carry(names, files, carrying.beside(to))
        return _with_files(mark, names, lost)


def restore(database: Database, archive: Path, files: Files | None = None) -> Mark:
    """Bring a record into an empty database, and its tables to what this version needs.

    Parameters
    ----------
    files
        Where the files of evidence are to lie. Those beside the backup are copied there first; then
        it is told which of those that the record names are missing or damaged.

    Raises
    ------
    InvalidInput
        ``restore.unreadable``, ``restore.not-ours``: nothing was changed.
    Refused
        ``restore.not-empty``: nothing was changed.
    Unavailable
        ``restore.failed``: the server refuses it, and nothing was changed; ``store.newer``: it was
        restored, and is of a later version of the product; ``files.unwritable``: nothing was
        restored but files, which no record names.
    """
    if not OURS.search(contents(archive)):
        raise InvalidInput([Finding("restore.not-ours", Place(file=str(archive)))])
    with database.connect() as connection:
        be_patient(connection)
        # Whoever starts to work on this database meanwhile waits, instead of making tables.
        hold(connection, Lock.MIGRATE)
        found = connection.scalar(FOUND)
        if found is not None:
            raise Refused("restore.not-empty", found=found)
        if files is not None:
            saved = carrying.beside(archive)
            for _ in carry(held(saved), saved, files):
                pass  # what of it matters is told when it is known what the record names
        replay(archive, database, _server_version(connection))
    migrate(database)
    with still(database) as connection:
        mark, names = _mark(connection), named(connection)
    lost = () if files is None else faults(names, files)
    return _with_files(mark, names, lost)


def _mark(connection: Connection) -> Mark:
    findings = tuple(islice(check_chain(connection), MOST_FINDINGS))
    head = connection.execute(select(EventHeadRow.number, EventHeadRow.hash)).one()
    return Mark(head.number, head.hash.hex(), findings)


def _with_files(mark: Mark, names: Sequence[str], lost: Iterable[Finding]) -> Mark:
    """All of them are looked at, and the first thousand faults are told."""
    found = tuple(lost)[:MOST_FINDINGS]
    return replace(mark, files=len(names), findings=mark.findings + found)


def _server_version(connection: Connection) -> int:
    """Its major number."""
    number = connection.scalar(text("SELECT current_setting('server_version_num')"))
    return int(str(number)) // 10_000


def _expect_known(server: int) -> None:
    newest, _ = programs()
    if server > newest:
        raise Unavailable("backup.server-newer", server=server, newest=newest)
