"""A server that is killed at any moment, and started again on what it has left."""

from __future__ import annotations

import json
import re
import ssl
from pathlib import Path
from threading import Event

import httpx
import psutil
from tests.proofs.processes import Process, kill, lives, wait_until

SERVE = ["serve", "--demo", "--size", "small", "--port", "0"]
WORKERS = 2
"""Beside a server, so that there is another one when one is killed."""
IMPATIENT = "from dispatch.operations.runs import take\ntake.SILENT_S = 8"
"""A worker that says nothing is gone sooner than elsewhere; what then happens is the same."""
TRUST = ssl.create_default_context()
"""Made once: each takes longer than a request."""


class Server:
    """``dispatch serve --demo`` in a folder of its own, and workers beside it."""

    def __init__(self, folder: Path, planted: str = "") -> None:
        """``planted``: Python that runs before it serves, to break something."""
        self.folder = folder
        self.address = ""
        self.up = Event()
        """Whether it is worth trying."""
        self.given_up = False
        """Whether it will not be, ever again."""
        self._planted = planted
        self._process: Process | None = None
        self._workers: list[Process] = []

    @property
    def record(self) -> Path:
        """Where its rows are."""
        return self.folder / "var" / "database"

    @property
    def logins(self) -> dict[str, str]:
        """Passwords by login."""
        found: dict[str, str] = json.loads((self.folder / "var/demo-logins.json").read_text())
        return found

    def launch(self, *, fresh: bool = False) -> None:
        """Start it, and wait for nothing; a fresh one has a worker of its own."""
        words = SERVE if fresh else [*SERVE, "--no-worker"]
        self._process = Process(self.folder, words, self._planted, fresh=fresh)

    def start(self, *, fresh: bool = False) -> None:
        """Start it, and wait until it answers; then see that there are workers."""
        self.launch(fresh=fresh)
        wait_until(self._listens)
        wait_until(self._answers)
        self.up.set()
        while len(self._workers) < WORKERS:
            self._workers.append(Process(self.folder, ["worker"], IMPATIENT, fresh=False))

    def kill(self, *, workers: bool = False, rows: bool = False) -> None:
        """``kill -9`` of the server; also of its workers, also of PostgreSQL, at one moment."""
        assert self._process is not None
        self.up.clear()
        started = self._process.family()
        own = [one for one in started if "worker" in _command(one)]
        victims = [psutil.Process(self._process.pid)]
        if workers:
            victims += [psutil.Process(worker.pid) for worker in self._workers]
        if rows:
            victims += self._postgres()
        kill(victims)
        self._process.wait()
        if workers:
            assert all(worker.wait() for worker in self._workers)
            self._workers.clear()
        wait_until(lambda: not any(map(lives, [*own, *victims])))  # its own end by themselves
        if rows:  # until nothing is left of it: what nobody has buried yet looks as if it ran
            wait_until(lambda: not any(victim.is_running() for victim in victims))

    def give_up(self) -> None:
        """Let nobody wait for it."""
        self.given_up = True
        self.up.set()

    def stop(self) -> int:
        """As Ctrl-C does, to all; answers the sum of the exit codes."""
        assert self._process is not None
        self.up.clear()
        return sum(process.end() for process in (self._process, *self._workers))

    def left_over(self) -> list[str]:
        """Whatever still runs in its folder."""
        return [
            f"{process.pid}: {' '.join(_command(process))}"
            for process in psutil.process_iter()
            if lives(process) and _folder(process).startswith(str(self.folder))
        ]

    def _postgres(self) -> list[psutil.Process]:
        file = self.record / "postmaster.pid"
        if not file.exists():
            return []
        first = psutil.Process(int(file.read_text().split()[0]))
        return [first, *first.children(recursive=True)]

    def _listens(self) -> bool:
        assert self._process is not None
        found = re.search(r"http://[\d.]+:\d+", self._process.said())
        assert found or self._process.runs(), (self.folder / "server.log").read_text()[-2_000:]
        self.address = found[0] if found else ""
        return bool(found)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", verify=TRUST).is_success
        except httpx.TransportError:
            return False


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _folder(process: psutil.Process) -> str:
    try:
        return str(process.cwd())
    except psutil.Error:
        return ""
