"""Compiled inner loops.

numba keeps compiled code on disk, but notices edits only in the file a function stands in, not
in those it calls. So the cache folder is named by a hash of this whole package, of the modules
whose constants it has, and of what compiles it for which processor: a change of any starts a new
one. This must be set before any kernel is declared.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numba
import platformdirs
from llvmlite.binding import get_host_cpu_name
from numba import config

CONSTANTS = ("arrays.py", "problem.py")
"""Beside this package; kernels have numbers of these compiled in."""


def _fingerprint() -> str:
    compiled_by = (sys.version, numba.__version__, get_host_cpu_name())
    digest = hashlib.sha256(repr(compiled_by).encode())
    solver = Path(__file__).parents[1]
    for file in (
        *(solver / name for name in CONSTANTS),
        *sorted((solver / "kernels").rglob("*.py")),
    ):
        digest.update(file.relative_to(solver).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


CACHE_DIR = Path(platformdirs.user_cache_dir("dispatch-engine")) / f"kernels-{_fingerprint()}"
setattr(config, "CACHE_DIR", str(CACHE_DIR))  # noqa: B010 - numba makes its settings at run time
