"""Files of evidence, each under the hash of what is in it: written whole, and never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dispatch.domain.completion import HASH
from dispatch.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of them; several servers may share it."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """Write a file so that it is safe on the disk, and answer its SHA-256.

        Whoever looks sees all of it or nothing; two who write the same at once write one file.

        Raises
        ------
        Unavailable
            ``files.unwritable``: the folder is full, or may not be written to.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        try:
            _make_folder(path.parent)
            if not _holds(path, content):
                _write(path, content)
            _settle(path.parent)
        except OSError as error:
            raise Unavailable("files.unwritable", reason=error.strerror or "OSError") from error
        return digest

    def read(self, digest: str) -> bytes:
        """What is in a file, as it was written.

        Raises
        ------
        Unavailable
            ``files.missing``, ``files.damaged``
        """
        try:
            content = self._path(digest).read_bytes()
        except OSError as error:
            raise Unavailable("files.missing", sha256=digest) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise Unavailable("files.damaged", sha256=digest)
        return content

    def _path(self, digest: str) -> Path:
        if not HASH.fullmatch(digest):
            raise Unavailable("files.missing", sha256=digest[:80])
        return self.folder / digest[:2] / digest


def _holds(path: Path, content: bytes) -> bool:
    """Whether it is there as it should be; a damaged one is written again."""
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".new.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    """With all above it, each safe on the disk before something is put into it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _settle(folder.parent)


def _settle(folder: Path) -> None:
    """See that the names in a folder are safe on the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
