"""The tutorial on a day over HTTP does what it says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "2-a-day-over-http.md"
DISPATCH = [sys.executable, "-c", "from dispatch.cli.main import app; app()"]
PATIENCE_S = 90


@pytest.fixture
def server(tmp_path: Path) -> Generator[str]:
    """A demo in a folder of its own; its address."""
    plain = {name: value for name, value in os.environ.items() if name != "DISPATCH_DATABASE_URL"}
    with subprocess.Popen(
        [*DISPATCH, "serve", "--demo", "--size", "small", "--port", "0"],
        cwd=tmp_path,
        env=plain | {"DISPATCH_TRAVEL": "gothenburg", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
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


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").is_success
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_the_day_goes_as_it_is_told(server: str, tmp_path: Path) -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "DISPATCH_SERVER": server},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    left, freed, ill = (int(number) for number in re.findall(r"\d+", lines.pop(5)))
    assert ill == 0
    assert freed > 0
    assert left < 60
    assert lines == [
        "run solved",
        "schedule 1 conflicts 0",
        "released True",
        "assigned scheduled of True",
        "again 2",
        "actions ['applied', 'applied', 'applied', 'applied']",
        "once True",
        "complete 1 published 2",
    ]
