"""Processes of the product that a proof starts and kills.

Most of what a start costs is loading code, which has nothing to do with what was killed before. So
most processes are forked from one that has loaded it and has done nothing else; ``fresh`` ones are
started as whoever runs the product does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

import psutil

PATIENCE_S = 300
PROGRAM = "from dispatch.cli.main import app; app()"
LOADED = [
    "dispatch.api.app",
    "dispatch.bootstrap",
    "dispatch.cli.main",
    "dispatch.cli.serving.demo_record",
    "dispatch.store.open",
    "dispatch.worker.app",
    "uvicorn",
]
LOG = "server.log"
TRAVEL = "gothenburg"
_forks = get_context("forkserver")
_forks.set_forkserver_preload(LOADED)


class Process:
    """``dispatch WORDS`` in a folder."""

    def __init__(self, folder: Path, words: Sequence[str], planted: str, *, fresh: bool) -> None:
        """``planted``: Python that runs before it, to break something."""
        self._said = folder / f"{words[0]}.out"
        self._said.unlink(missing_ok=True)
        start = _fresh if fresh else _forked
        self.pid, self._wait = start(folder, words, planted, self._said)
        self._known = psutil.Process(self.pid)

    def said(self) -> str:
        """What it has told whoever started it."""
        return self._said.read_text() if self._said.exists() else ""

    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return lives(self._known)

    def family(self) -> list[psutil.Process]:
        """Whatever it has started, and what those have."""
        return list(self._known.children(recursive=True)) if self.runs() else []

    def end(self) -> int:
        """As Ctrl-C does; answers its exit code."""
        self._known.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Until it has ended; answers its exit code."""
        return self._wait()


def _fresh(
    folder: Path, words: Sequence[str], planted: str, said: Path
) -> tuple[int, Callable[[], int]]:
    with said.open("a") as out, (folder / LOG).open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", f"{planted}\n{PROGRAM}", *words],
            cwd=folder,
            env=_plain() | {"DISPATCH_TRAVEL": TRAVEL, "PYTHONUNBUFFERED": "1"},
            stdout=out,
            stderr=log,
        )
    return process.pid, lambda: process.wait(PATIENCE_S)


def _forked(
    folder: Path, words: Sequence[str], planted: str, said: Path
) -> tuple[int, Callable[[], int]]:
    process = _forks.Process(target=_run, args=(folder, list(words), planted, said))
    process.start()
    assert process.pid is not None

    def wait() -> int:
        process.join(PATIENCE_S)
        assert process.exitcode is not None
        return process.exitcode

    return process.pid, wait


def _run(folder: Path, words: list[str], planted: str, said: Path) -> None:
    """Be such a process."""
    os.chdir(folder)
    for stream, file in ((sys.stdout, said), (sys.stderr, folder / LOG)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), stream.fileno())
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    plain = _plain()
    os.environ.clear()
    os.environ.update(plain | {"DISPATCH_TRAVEL": TRAVEL})
    sys.argv = ["dispatch", *words]
    sys.modules["__main__"] = ModuleType("__main__")  # what it starts shall not load the tests
    exec(f"{planted}\n{PROGRAM}", {})  # noqa: S102 - as the fresh one has it


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "DATABASE_URL" not in name}


def lives(process: psutil.Process) -> bool:
    """Whether it has not ended yet."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def kill(processes: Sequence[psutil.Process]) -> None:
    """``kill -9``, all at once."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def wait_until(holds: Callable[[], bool]) -> None:
    """Give it time."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
