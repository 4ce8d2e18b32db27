"""A server that is killed at any moment, and started again on what it has left."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import httpx
import psutil

PATIENCE_S = 120
PROGRAM = "from dispatch.cli.main import app; app()"
SERVE = ["serve", "--demo", "--size", "small", "--port", "0"]


class Server:
    """``dispatch serve --demo`` in a folder of its own."""

    def __init__(self, folder: Path, planted: str = "") -> None:
        """``planted``: Python that runs before it serves, to break something; it has no worker."""
        self.folder = folder
        self.address = ""
        self.up = Event()
        """Whether it is worth trying."""
        self._alone = ["--no-worker"] if planted else []
        self._code = f"{planted}\n{PROGRAM}"
        self._process: subprocess.Popen[str] | None = None

    @property
    def record(self) -> Path:
        """Where its rows are."""
        return self.folder / "var" / "database"

    @property
    def logins(self) -> dict[str, str]:
        """Passwords by login."""
        found: dict[str, str] = json.loads((self.folder / "var/demo-logins.json").read_text())
        return found

    def keeps_rows(self) -> bool:
        """Whether its database server runs."""
        return (self.record / "postmaster.pid").exists()

    def launch(self) -> None:
        """Start it, and wait for nothing."""
        plain = {name: value for name, value in os.environ.items() if "DATABASE_URL" not in name}
        with (self.folder / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", self._code, *SERVE, *self._alone],
                cwd=self.folder,
                env=plain | {"DISPATCH_TRAVEL": "gothenburg", "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.launch()
        assert self._process is not None
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        found = re.search(r"http://[\d.]+:\d+", said)
        assert found is not None, said
        self.address = found[0]
        wait_until(self._answers)
        self.up.set()

    def kill(self) -> None:
        """``kill -9``; what it has started ends by itself."""
        assert self._process is not None
        self.up.clear()
        started = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._put_away()
        workers = [one for one in started if "worker" in _command(one)]
        wait_until(lambda: not any(map(_runs, workers)))

    def stop(self) -> int:
        """As Ctrl-C does; answers its exit code."""
        assert self._process is not None
        self.up.clear()
        self._process.terminate()
        return self._put_away()

    def _put_away(self) -> int:
        assert self._process is not None
        assert self._process.stdout is not None
        code = self._process.wait(PATIENCE_S)
        self._process.stdout.close()
        return code

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz").is_success
        except httpx.TransportError:
            return False


def wait_until(holds: Callable[[], bool]) -> None:
    """Give it time."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.NoSuchProcess:
        return []
