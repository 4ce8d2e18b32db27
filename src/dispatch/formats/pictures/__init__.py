"""Pictures from strangers: recognised by what stands in them, decoded apart, drawn anew."""

from __future__ import annotations

from dispatch.formats.pictures.apart import Drawn, draw_anew
from dispatch.formats.pictures.header import MOST_BYTES, Header, read_header

__all__ = ["MOST_BYTES", "Drawn", "Header", "draw_anew", "read_header"]
