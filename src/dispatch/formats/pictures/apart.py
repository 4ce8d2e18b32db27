"""A picture is decoded in a child process, with limits, so that a bad one harms nobody."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from dispatch.domain.checks import EARLIEST_YEAR, LATEST_YEAR
from dispatch.domain.position import Position
from dispatch.errors import InvalidValue, Unavailable
from dispatch.formats.pictures.header import JPEG, PNG, Header

INSIDE = Path(__file__).with_name("inside.py")
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
DRAWN_AS = {"image/jpeg": "image/jpeg", "image/png": "image/png", "image/webp": "image/jpeg"}
BEGINS = {"image/jpeg": JPEG, "image/png": PNG}
MEMORY_BYTES = 2**30
"""Of address space. 50 million pixels with transparency take 200 MB, and their copy as much."""
CPU_S = 20
WALL_S = 60.0
ANSWER_BYTES = 24 * 2**20
"""2,048 x 2,048 pixels of noise in a PNG have 17 MB."""
LONGEST_LINE = 1_000
AT_ONCE = 2
"""Children; who comes meanwhile waits."""
WAITING = 8
"""No more threads than these are at pictures, so that others go on to be served."""
PATIENCE_S = 30.0
NEEDED = ("SYSTEMROOT",)
"""Without it Windows starts no Python."""
CLOCK = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")

_turn = BoundedSemaphore(AT_ONCE)
_room = BoundedSemaphore(WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture drawn anew, and what the old one said besides."""

    content: bytes
    media: str
    taken_at: datetime | None
    """By the camera's clock; without a zone where the camera has said none."""
    position: Position | None


def draw_anew(
    content: bytes,
    header: Header,
    *,
    memory_bytes: int = MEMORY_BYTES,
    cpu_s: int = CPU_S,
    wall_s: float = WALL_S,
) -> Drawn:
    """Decode a picture whose header was found good, and draw it anew without all that hangs on it.

    Raises
    ------
    InvalidValue
        ``picture.damaged``: it cannot be decoded to its end, within the limits.
    Unavailable
        ``picture.busy``: too many wait for theirs.
    """
    limits = (str(memory_bytes), str(cpu_s), str(ANSWER_BYTES))
    words = (FORMATS[header.media], str(header.width), str(header.height), *limits)
    with _held(_room, 0), _held(_turn, PATIENCE_S):
        answer = _ask(words, content, wall_s)
    line, _, drawn = answer.partition(b"\n")
    said, media = _said(line), DRAWN_AS[header.media]
    if not drawn.startswith(BEGINS[media]):
        raise InvalidValue("picture.damaged")
    return Drawn(content=drawn, media=media, taken_at=_taken(said), position=_where(said))


@contextmanager
def _held(places: BoundedSemaphore, patience_s: float) -> Generator[None]:
    if not places.acquire(timeout=patience_s):
        raise Unavailable("picture.busy")
    try:
        yield
    finally:
        places.release()


def _ask(words: tuple[str, ...], content: bytes, wall_s: float) -> bytes:
    # A file, so that the system can limit it, and so that no pipe fills up.
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and file, numbers of ours
                [sys.executable, "-I", str(INSIDE), *words],
                input=content,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in NEEDED if name in os.environ},
                timeout=wall_s,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            raise InvalidValue("picture.damaged") from None
        except OSError as error:
            raise Unavailable("picture.busy") from error
        if done.returncode:
            raise InvalidValue("picture.damaged")
        answer.seek(0)
        return answer.read(ANSWER_BYTES)


def _said(line: bytes) -> dict[str, Any]:
    """What the child has read in the picture: words of a stranger still."""
    try:
        said = json.loads(line[:LONGEST_LINE])
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _taken(said: dict[str, Any]) -> datetime | None:
    clock = CLOCK.fullmatch(str(said.get("taken", "")).strip("\0 "))
    if clock is None:
        return None
    try:
        moment = datetime(*map(int, clock.groups()), tzinfo=_zone(said))  # type: ignore[arg-type,misc]
    except ValueError:
        return None
    return moment if EARLIEST_YEAR <= moment.year <= LATEST_YEAR else None


def _zone(said: dict[str, Any]) -> timezone | None:
    offset = OFFSET.fullmatch(str(said.get("offset", "")).strip("\0 "))
    if offset is None:
        return None
    sign, hours, minutes = offset.groups()
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-ahead if sign == "-" else ahead)


def _where(said: dict[str, Any]) -> Position | None:
    lat, lon = said.get("lat"), said.get("lon")
    if not (isinstance(lat, float) and isinstance(lon, float)):
        return None
    if not (math.isfinite(lat) and math.isfinite(lon)) or (lat == 0 and lon == 0):
        return None
    try:
        return Position(lat, lon)
    except InvalidValue:
        return None
