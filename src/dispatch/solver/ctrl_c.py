"""Ctrl-C belongs to whoever runs the program, not to a library that works for a while."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def ctrl_c_kept() -> Generator[None, None, None]:
    """Afterwards Ctrl-C does what it did before, whatever native code made of it meanwhile."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        # Only the main thread may say; Python alone knows what it has set, so it sets it again.
        if before is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)
