"""What a process is given by whoever starts it, made fit to work with: streams and signals."""

from __future__ import annotations

import io
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

ENDINGS = ("SIGTERM", "SIGHUP")


def open_streams() -> None:
    """Let nothing be said into a closed stream, and no character be refused by a poor one.

    Python gives ``None`` for a stream that was closed. What an encoding lacks, such as Chinese in
    the C locale, is spelled out with backslashes.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            silent = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - till the end
            setattr(sys, name, silent)
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def give_up_output() -> None:
    """Forget what standard output could not take, so that the end of the process does not retry."""
    with suppress(OSError, ValueError):  # a stream without a descriptor, as tests have
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def end_as_interrupted() -> None:
    """Let the system's wish to end do what Ctrl-C does: the best so far is written.

    What whoever started us has ignored (``nohup``) or set otherwise stays so.
    """
    for name in ENDINGS:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
