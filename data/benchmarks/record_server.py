"""The service in a process of its own, as it is run for people, and a client of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from dispatch.bootstrap import DATABASE_URL, TRAVEL
from record_wishes import Wish

PROGRAM = "from dispatch.cli.main import app; app()"
IDLE_S = 2.0
"""After so long a connection is opened anew, before anything is timed."""
SERVE = ("serve", "--no-worker", "--port", "0")


class Server:
    """``dispatch serve``, asked over one connection that stays open."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self._process = process
        parts = urlsplit(address)
        self._http = HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self._used = 0.0

    def ask(self, wish: Wish) -> tuple[float, Any]:
        """How long the answer took, in seconds, and what it was."""
        body, headers = wish.body, dict(wish.headers())
        if perf_counter() - self._used > IDLE_S:  # it would close it, at that very moment perhaps
            self._http.close()
            self._http.connect()
        begin = perf_counter()
        self._http.request(wish.method, wish.path, body=body, headers=headers)
        answer = self._http.getresponse()
        told = answer.read()
        self._used = perf_counter()
        took = self._used - begin
        return took, wish.granted(answer.status, told)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    @property
    def memory_mb(self) -> float:
        """Its proportional set size: what it shares with others is divided among them."""
        return self._kilobytes("smaps_rollup", "Pss") / 1024

    @property
    def peak_mb(self) -> float:
        """The most that was ever resident, shared or not."""
        return self._kilobytes("status", "VmHWM") / 1024

    def _kilobytes(self, file: str, entry: str) -> int:
        text = Path(f"/proc/{self._process.pid}/{file}").read_text("ascii")
        found = re.search(rf"^{entry}:\s+(\d+) kB", text, re.MULTILINE)
        return int(found[1]) if found else 0


@contextmanager
def served(url: str, travel: str, folder: Path) -> Generator[Server]:
    """The service on a database, until it is not needed any more."""
    surroundings = os.environ | {DATABASE_URL: url, TRAVEL: travel, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *SERVE],
        cwd=folder,
        env=surroundings,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        said = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://[\d.]+:\d+", said)
        if found is None:
            raise RuntimeError(f"the server did not start: {said}")
        server = Server(process, found[0])
        try:
            yield server
        finally:
            server.close()
    finally:
        process.terminate()
        process.wait(60)
        if process.stdout:
            process.stdout.close()
