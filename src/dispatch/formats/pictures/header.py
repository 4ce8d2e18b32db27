"""What a picture is and how large, from its first bytes alone: nothing is decoded here.

JPEG: ITU-T T.81, annex B. PNG: ISO/IEC 15948, section 11.2.2. WebP: RFC 9649, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.errors import InvalidValue

MOST_BYTES = 12 * 2**20
"""A photo of a good phone has 3 to 8 MB."""
MOST_PIXELS = 50_000_000
MOST_SIDE = 20_000
MOST_SEGMENTS = 2_000
"""Of a JPEG before its picture begins."""

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers that say how large a JPEG is."""
SCAN = 0xDA
ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
"""Markers without a length."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself."""

    media: str
    width: int
    height: int


def read_header(content: bytes) -> Header:
    """The kind and size of a picture, within limits.

    Raises
    ------
    InvalidValue
        ``picture.size``: too many bytes, or none; ``picture.kind``: neither JPEG nor PNG nor WebP;
        ``picture.pixels``: too large to be decoded.
    """
    if not 0 < len(content) <= MOST_BYTES:
        raise InvalidValue("picture.size", size=len(content), most=MOST_BYTES)
    header = _png(content) or _webp(content) or _jpeg(content)
    if header is None:
        raise InvalidValue("picture.kind")
    width, height = header.width, header.height
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_PIXELS):
        raise InvalidValue("picture.pixels", width=width, height=height, most=MOST_PIXELS)
    return header


def _png(content: bytes) -> Header | None:
    if not content.startswith(PNG) or content[8:16] != b"\0\0\0\rIHDR" or len(content) < 33:
        return None
    return Header("image/png", _big(content, 16, 4), _big(content, 20, 4))


def _webp(content: bytes) -> Header | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        size = 1 + _little(content, 24, 3), 1 + _little(content, 27, 3)
    elif kind == b"VP8L" and content[20] == 0x2F:
        bits = _little(content, 21, 4)
        size = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        size = _little(content, 26, 2) & 0x3FFF, _little(content, 28, 2) & 0x3FFF
    else:
        return None
    return Header("image/webp", *size)


def _jpeg(content: bytes) -> Header | None:
    """Of a JPEG with one frame; two would let two readers see two sizes."""
    if not content.startswith(JPEG):
        return None
    at, found = 2, None
    for _ in range(MOST_SEGMENTS):
        while content[at : at + 2] == b"\xff\xff":  # filling
            at += 1
        if len(content) < at + 4 or content[at] != 0xFF:
            return None
        marker, length = content[at + 1], _big(content, at + 2, 2)
        if marker == SCAN:
            return found
        if marker in ALONE or length < 2 or (marker in FRAMES and found is not None):
            return None
        if marker in FRAMES:
            if len(content) < at + 9:
                return None
            found = Header("image/jpeg", _big(content, at + 7, 2), _big(content, at + 5, 2))
        at += 2 + length
    return None


def _big(content: bytes, at: int, count: int) -> int:
    return int.from_bytes(content[at : at + count], "big")


def _little(content: bytes, at: int, count: int) -> int:
    return int.from_bytes(content[at : at + count], "little")
