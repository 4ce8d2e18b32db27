"""Pictures to send: good ones, and what somebody may send instead."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from dispatch.domain.position import Position

TAKEN = "2026:03:03 09:30:00"


def noise(width: int = 64, height: int = 48, seed: int = 1) -> Image.Image:
    """A picture like no other."""
    drawn = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(drawn, "RGB")


def photo(
    seed: int = 1,
    *,
    taken: str | None = None,
    offset: str | None = None,
    position: Position | None = None,
    orientation: int | None = None,
    form: str = "JPEG",
    size: tuple[int, int] = (64, 48),
    **more: Any,
) -> bytes:
    """As a camera makes it, with what it says of time and place."""
    exif = Image.Exif()
    inner = exif.get_ifd(0x8769)
    if taken:
        inner[0x9003] = taken
    if offset:
        inner[0x9011] = offset
    if orientation:
        exif[0x0112] = orientation
    if position:
        gps = exif.get_ifd(0x8825)
        for tag, value, sides in ((1, position.lat, "NS"), (3, position.lon, "EW")):
            gps[tag] = sides[value < 0]
            gps[tag + 1] = (abs(value), 0.0, 0.0)
    made = BytesIO()
    noise(*size, seed=seed).save(made, form, exif=exif, **more)
    return made.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """Of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes = b"", *between: bytes) -> bytes:
    """A PNG that says it is so large, whatever stands in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(between) + body


def jpeg_of(*segments: bytes) -> bytes:
    """A JPEG of these segments, and no picture behind them."""
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xda\0\x02"


def frame(width: int, height: int, marker: int = 0xC0) -> bytes:
    """Where a JPEG says how large it is."""
    data = struct.pack(">BHHB", 8, height, width, 3) + b"\1\x11\0\2\x11\0\3\x11\0"
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data
