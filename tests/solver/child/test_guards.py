"""What keeps a process in its bounds."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from dispatch.solver.child.guards import ARENAS

THREADS = """
import ctypes
from threading import Barrier, Thread
from dispatch.solver.child.guards import keep_few_arenas
{}
libc, meet = ctypes.CDLL(None), Barrier(12)
libc.malloc.restype = ctypes.c_void_p
def take():
    for _ in range(50):
        libc.malloc(ctypes.c_size_t(4_096))
    meet.wait()
threads = [Thread(target=take) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.malloc_stats()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's own")
@pytest.mark.parametrize(("call", "few"), [("keep_few_arenas()", True), ("", False)])
def test_many_threads_share_what_malloc_has(call: str, few: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", THREADS.format(call)], capture_output=True, text=True, check=True
    )
    assert (done.stderr.count("Arena ") <= ARENAS) is few, done.stderr
