"""A server in a folder of its own, and the Python of a page run against it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial"
DISPATCH = [sys.executable, "-c", "from dispatch.cli.main import app; app()"]
PATIENCE_S = 90


def dispatch(folder: Path, *words: str, said: str = "") -> None:
    """A command, run there to its end."""
    subprocess.run([*DISPATCH, *words], cwd=folder, env=_own(), input=said, text=True, check=True)


@contextmanager
def served(folder: Path, *words: str) -> Iterator[str]:
    """``dispatch serve`` with these words; its address. It has to end well."""
    with subprocess.Popen(
        [*DISPATCH, "serve", "--port", "0", *words],
        cwd=folder,
        env=_own() | {"DISPATCH_TRAVEL": "gothenburg", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
            assert address is not None
            end = time.monotonic() + PATIENCE_S
            while not _answers(address[0]):
                assert time.monotonic() < end
                time.sleep(0.2)
            yield address[0]
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()  # whatever went wrong; nobody waits for a server that runs on


def told_by(page: Path, address: str, folder: Path) -> list[str]:
    """What the Python of a page prints, line by line."""
    code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "DISPATCH_SERVER": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


def _own() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DISPATCH_DATABASE_URL"}


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").is_success
    except httpx.TransportError:
        return False
