"""How much a ZIP archive may unpack to, seen before anything of it is unpacked."""

from __future__ import annotations

import zipfile
import zlib

MOST_ENTRIES = 1_000
MOST_UNPACKED = 128 * 2**20
MOST_RATIO = 200
SMALL = 2**20
"""The ratio of smaller files does not matter."""
USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others unpack with as much memory as the archive asks for, and nobody's tables need them."""
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    EOFError,
    OSError,
    RuntimeError,  # a password, or a compression that Python does not know
)
"""What reading an archive raises that is none, or not whole."""


def is_bomb(archive: zipfile.ZipFile) -> bool:
    """Whether it unpacks to more than is sensible; no entry gives more than it says here."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    dense = any(entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size) for entry in entries)
    return len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or dense


def is_usual(archive: zipfile.ZipFile) -> bool:
    """Whether everything is packed as ZIP programs do it if they are not told otherwise."""
    return all(entry.compress_type in USUAL for entry in archive.infolist())
