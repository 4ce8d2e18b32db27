"""Ending with whoever started this process."""

from __future__ import annotations

import os
import signal
from threading import Thread

INPUT = 0
"""The descriptor of standard input."""


def end_with_parent() -> None:
    """Ask this process to end as soon as nobody holds the other end of its standard input."""

    def wait() -> None:
        while os.read(INPUT, 1024):  # below Python's buffer, which would be held at the end
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=wait, name="parent", daemon=True).start()
