"""Compiled inner loops.

numba keeps compiled code on disk, but notices edits only in the file a function stands in, not
in those it calls. So the cache folder is named by a hash of this whole package, and an edit
anywhere in it starts a new one. This must be set before any kernel is declared.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs
from numba import config


def _fingerprint() -> str:
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for file in sorted(folder.rglob("*.py")):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


CACHE_DIR = Path(platformdirs.user_cache_dir("dispatch-engine")) / f"kernels-{_fingerprint()}"
setattr(config, "CACHE_DIR", str(CACHE_DIR))  # noqa: B010 - numba makes its settings at run time
