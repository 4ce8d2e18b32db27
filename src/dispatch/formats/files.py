"""Bytes in and out of files: bounded on the way in, all or nothing on the way out."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE
from typing import TypeAlias

from dispatch.errors import Finding, InvalidInput, Place, Unavailable

Source: TypeAlias = Path | bytes
"""A file, or what stood in one."""

MOST_BYTES = 64 * 2**20
"""A day of 10,000 jobs has about 10 MB."""
CHINESE = "gb18030"
"""GB 18030 holds GBK and GB 2312, which spreadsheets in China still write."""


def label(source: Source, file: str | None) -> str | None:
    """How findings name the file: as asked, else by its path."""
    return file if file is not None or isinstance(source, bytes) else str(source)


def read_bytes(source: Source, file: str | None = None, *, most: int = MOST_BYTES) -> bytes:
    """The content of at most ``most`` bytes.

    Raises
    ------
    InvalidInput
        ``file.unreadable`` or ``file.size``.
    """
    place = Place(file=label(source, file))
    if isinstance(source, bytes):
        content = source[: most + 1]
    else:
        try:
            with source.open("rb") as opened:
                content = opened.read(most + 1)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            reason = getattr(error, "strerror", None) or type(error).__name__
            finding = Finding("file.unreadable", place, {"reason": reason})
            raise InvalidInput([finding]) from error
    if len(content) > most:
        raise InvalidInput([Finding("file.size", place, {"most": most})])
    return content


def decode(content: bytes, file: str | None = None, *, chinese: bool = False) -> str:
    """Text in UTF-8 with or without a byte order mark, or, if asked, in GB 18030.

    GB 18030 is tried only where UTF-8 fails: hardly any Chinese text in it is valid UTF-8.

    Raises
    ------
    InvalidInput
        ``file.encoding``: neither.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if chinese:
            with suppress(UnicodeDecodeError):
                return content.decode(CHINESE)
        finding = Finding("file.encoding", Place(file=file), {"byte": error.start})
        raise InvalidInput([finding]) from error


def write_atomically(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``: whoever looks sees the old file or the new one, never a half.

    A link goes on leading to the file, and a file keeps its permissions. What is no file, such as
    a pipe or the null device, is written into and stays what it is.

    Raises
    ------
    Unavailable
        ``file.unwritable``: the folder is missing, is full or may not be written to.
    """
    with _telling(path):
        if _is_file_to_be(path):
            _replace(Path(os.path.realpath(path)), content)
        else:
            with path.open("wb") as opened:
                opened.write(content)


@contextmanager
def secret_beside(path: Path) -> Generator[Path, None, None]:
    """A file to be written by somebody else; it takes the place of ``path`` when it is whole.

    Only its owner may read it. Nothing is left of it when the block fails.

    Raises
    ------
    Unavailable
        ``file.unwritable``: as :func:`write_atomically`, and where ``path`` is no file, such as a
        pipe.
    """
    with _telling(path):
        if not _is_file_to_be(path):
            raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))
        with _beside(Path(os.path.realpath(path)), 0o600) as beside:
            yield beside


def expect_writable(path: Path) -> None:
    """Fail now rather than after long work whose fruit could not be written.

    Raises
    ------
    Unavailable
        As :func:`write_atomically` would, as far as can be told before.
    """
    with _telling(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if _is_file_to_be(path):
            tempfile.TemporaryFile(dir=Path(os.path.realpath(path)).parent).close()


@contextmanager
def _telling(path: Path) -> Generator[None, None, None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Unavailable("file.unwritable", path=str(path), reason=reason) from error


def _is_file_to_be(path: Path) -> bool:
    # Whoever may do so would put a file where a device was: the null device, for everybody.
    return path.is_file() or not path.exists()


def _replace(path: Path, content: bytes) -> None:
    # mkstemp lets nobody else read
    mode = S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    with _beside(path, mode) as name:
        name.write_bytes(content)


@contextmanager
def _beside(path: Path, mode: int) -> Generator[Path, None, None]:
    """A new file that takes the place of another when the block ends, safe on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    os.close(handle)
    try:
        yield beside
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
