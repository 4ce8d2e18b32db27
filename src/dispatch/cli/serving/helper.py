"""A worker in a process of its own, as long as the server runs."""

from __future__ import annotations

import subprocess
import sys
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

COMMAND = [sys.executable, "-c", "from dispatch.cli.main import app; app()", "worker", "--attached"]
GRACE_S = 20.0
"""How long a worker may take to give its run back."""
AGAIN_S = 2.0
"""After so long, one that has died is replaced."""


class Helper:
    """Starts a worker, and another one if it dies. It ends with whoever started it."""

    def __init__(self) -> None:
        self._closing = Event()
        self._lock = Lock()
        self._thread = Thread(target=self._keep, name="worker", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = _start()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:  # from here on no other is started
            self._closing.set()
            process = self._process
        if process is not None:
            _end(process)
        self._thread.join(GRACE_S)

    def _keep(self) -> None:
        while self._process is not None:
            self._process.wait()
            _end(self._process)
            if self._closing.wait(AGAIN_S):
                return
            with self._lock:
                if self._closing.is_set():
                    return
                self._process = _start()


def _start() -> subprocess.Popen[bytes]:
    """Its standard input stays open as long as this process lives: by that it sees when to end."""
    return subprocess.Popen(  # noqa: S603 - this program itself
        COMMAND, stdin=subprocess.PIPE, start_new_session=True
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """See that it is over, and nothing of it is left open."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdin is not None:
        process.stdin.close()
