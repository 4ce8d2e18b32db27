"""What keeps a child from harm and from doing any: memory, orphanhood, Ctrl-C."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Mapping

PR_SET_PDEATHSIG = 1  # linux/prctl.h
M_ARENA_MAX = -8  # malloc.h of glibc
ARENAS = 2
"""Of malloc: each keeps what its threads have given back, and by itself there are eight a core."""


def limit_memory(most_bytes: int) -> None:
    """Refuse more address space than this, where the system can."""
    try:
        import resource
    except ImportError:  # not a Unix
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def keep_few_arenas() -> None:
    """Let all threads share what was given back, with glibc; to be called before there are any."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)


def die_with_parent() -> None:
    """Be killed when the parent ends, on Linux; elsewhere the closed pipe tells."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def ignore_interrupts() -> None:
    """Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The parent's environment with the parent's import path, and few threads.

    Thread pools of libraries reserve address space for each core, and no engine uses them.
    """
    return {
        **environment,
        "PYTHONPATH": os.pathsep.join(entry or os.getcwd() for entry in sys.path),  # noqa: PTH109
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": str(ARENAS),
    }
