"""Arrays on disk under a key, as long as there is room."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_path

Arrays = Mapping[str, npt.NDArray[Any]]
SUFFIX = ".npz"


def default_folder() -> Path:
    """Where this user's caches lie on this machine."""
    return user_cache_path("dispatch-engine") / "travel"


@dataclass(frozen=True, slots=True)
class ArrayCache:
    """A folder of arrays. What it loses or cannot write is only made again.

    Parameters
    ----------
    folder
        Made when it is first needed.
    limit_bytes
        Past this the entries unused for longest go.
    """

    folder: Path
    limit_bytes: int = 4 * 1024**3

    def get(self, key: str) -> dict[str, npt.NDArray[Any]] | None:
        """The arrays under a key; ``None`` if they are not there or damaged."""
        path = self._path(key)
        try:
            # numpy does not close a file that it opened and found damaged.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            with suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        return arrays

    def put(self, key: str, arrays: Arrays) -> None:
        """Keep arrays under a key. A reader at the same time sees all of them or none."""
        # A full or read-only disk makes the next start slower, and nothing else.
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    np.savez(file, allow_pickle=False, **arrays)
                Path(name).replace(self._path(key))
            finally:
                Path(name).unlink(missing_ok=True)
            self._make_room()

    def clear(self) -> None:
        """Forget everything."""
        for path in self.folder.glob(f"*{SUFFIX}"):
            path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"

    def _make_room(self) -> None:
        states = [(path, path.stat()) for path in self.folder.glob(f"*{SUFFIX}")]
        total = sum(state.st_size for _, state in states)
        for path, state in sorted(states, key=lambda each: each[1].st_mtime_ns):
            if total <= self.limit_bytes:
                return
            path.unlink(missing_ok=True)
            total -= state.st_size
