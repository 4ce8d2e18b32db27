"""A child process with its pipes, from start to certain end."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import IO, Self, cast

from dispatch.solver.child.guards import child_environment
from dispatch.solver.child.messages import LONGEST_LINE, Message, Order
from dispatch.solver.child.sharing import Parcel, pack

END_S = 2.0
"""A child that has closed its pipe gets so long to end by itself."""
_HANG_UP = b""


class ChildProcess:
    """Started at once; ``with`` sees to it that nothing of it is left.

    Each line it says is handed to ``deliver``, in a thread; b"" when there will be no more.
    """

    def __init__(self, order: Order, memory_bytes: int, deliver: Callable[[bytes], None]) -> None:
        parcel = pack(order)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        # A session of its own, so that Ctrl-C at a terminal reaches the parent alone.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "dispatch.solver.child.inside", str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=child_environment(os.environ),
            start_new_session=True,
            pass_fds=parcel.descriptors,
        )
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        self._deliver = deliver
        self._outbox: SimpleQueue[bytes] = SimpleQueue()
        self._threads = (
            Thread(target=self._send, args=(parcel,), daemon=True),
            Thread(target=self._receive, daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._outbox.put(_HANG_UP)
        for thread in self._threads:
            thread.join()
        for stream in (self._stdin, self._stdout, self._errors):
            with contextlib.suppress(OSError):
                stream.close()

    def tell(self, message: Message) -> None:
        """Send a message when the child will read it; what came of it shows in its lines."""
        self._outbox.put(message.line())

    def how_it_ended(self) -> str:
        """After the last line: the exit code or signal, and the last thing it said."""
        try:
            code = self._process.wait(timeout=END_S)
        except subprocess.TimeoutExpired:
            return "still running"
        ended = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        return f"{ended} {self._last_words()}".strip()

    def _last_words(self) -> str:
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - 2_000))
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def _send(self, parcel: Parcel) -> None:
        """Write the order, then what else is told; a child that does not read blocks it."""
        with contextlib.suppress(OSError):  # a child that died early
            pickle.dump(parcel, self._stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self._stdin.flush()
            while (line := self._outbox.get()) != _HANG_UP:
                self._stdin.write(line)
                self._stdin.flush()

    def _receive(self) -> None:
        while line := self._stdout.readline(LONGEST_LINE):
            self._deliver(line)
        self._deliver(b"")
