"""The server that comes with the product ends with the last process that needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dispatch.store.embedded import Embedded

HOLDS = """
import os, signal, sys
from pathlib import Path
from dispatch.store.embedded import Embedded
Embedded(Path(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_whoever_was_killed_does_not_keep_it_up(tmp_path: Path) -> None:
    folder = tmp_path / "database"
    killed = subprocess.run([sys.executable, "-c", HOLDS, str(folder)], check=False)
    assert killed.returncode == -9
    running = folder / "postmaster.pid"
    assert running.exists()
    Embedded(folder).close()
    assert not running.exists()
