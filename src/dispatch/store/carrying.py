"""Files of evidence into a backup and out of it; each is read whole, and its hash compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, select, text, union

from dispatch.domain.completion import HASH
from dispatch.errors import Finding, Unavailable
from dispatch.store.files import Files
from dispatch.store.rows.evidence import EvidenceRow


def beside(archive: Path) -> Files:
    """Where the files of a backup lie: in a folder beside it."""
    return Files(archive.absolute().with_name(f"{archive.name}.evidence"))


def named(connection: Connection) -> Sequence[str]:
    """SHA-256 of every file that a record names, in order; none of one without evidence."""
    if connection.scalar(text("SELECT to_regclass('evidence')")) is None:
        return ()
    rows = EvidenceRow.__table__.c
    return sorted(connection.scalars(union(select(rows.sha256), select(rows.served_sha256))).all())


def carry(names: Iterable[str], source: Files, to: Files) -> Iterator[Finding]:
    """Copy files, but for those that are there already; what is lost or damaged is told.

    Raises
    ------
    Unavailable
        ``files.unwritable``
    """
    for name in names:
        if fault(name, to) is None:
            continue
        found = fault(name, source)
        if found is not None:
            yield found
        else:
            to.keep(source.read(name))


def fault(name: str, files: Files) -> Finding | None:
    """What is wrong with a file: ``files.missing``, ``files.damaged``."""
    try:
        files.read(name)
    except Unavailable as error:
        return error.finding()
    return None


def faults(names: Iterable[str], files: Files) -> Iterator[Finding]:
    """All that is wrong with them."""
    return (found for name in names if (found := fault(name, files)) is not None)


def held(files: Files) -> Iterator[str]:
    """The names of all files in a folder."""
    for path in sorted(files.folder.glob("??/*")):
        if HASH.fullmatch(path.name):
            yield path.name
