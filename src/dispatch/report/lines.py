"""Lines for a picture: cut to a frame, simplified, and written down in few bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Line = npt.NDArray[np.float64]
"""(points, 2): metres east and south."""
Frame = tuple[float, float, float, float]
"""West, north, east, south in metres; south is larger than north."""


def frame_around(points: Line, margin: float, least_m: float) -> Frame:
    """The box of ``points``, widened by a part of its larger side and by ``least_m`` at least."""
    if not len(points):
        return (-least_m, -least_m, least_m, least_m)
    (west, north), (east, south) = points.min(axis=0), points.max(axis=0)
    room = max(margin * max(east - west, south - north), least_m)
    return (float(west - room), float(north - room), float(east + room), float(south + room))


def surroundings(frame: Frame) -> Frame:
    """A square around ``frame`` that also fills a picture twice as wide or high as it is."""
    west, north, east, south = frame
    reach = max(east - west, south - north)
    across, down = (west + east) / 2, (north + south) / 2
    return (across - reach, down - reach, across + reach, down + reach)


def clipped(line: Line, frame: Frame) -> Iterator[Line]:
    """The parts of ``line`` near the frame: a segment stays if its own box meets the frame."""
    if len(line) < 2:
        return
    west, north, east, south = frame
    low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
    meets = (high[:, 0] >= west) & (low[:, 0] <= east)
    meets &= (high[:, 1] >= north) & (low[:, 1] <= south)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], meets, [False]))))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield line[first : last + 1]


def simplified(line: Line, tolerance_m: float) -> Line:
    """Fewer points, none of the old ones further than ``tolerance_m`` from the new line.

    References
    ----------
    Douglas and Peucker, *Algorithms for the reduction of the number of points required to
    represent a digitized line or its caricature*, Cartographica 10, 1973,
    doi 10.3138/FM57-6770-U75U-7727.
    """
    if len(line) < 3:
        return line
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    stretches = [(0, len(line) - 1)]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        away = _away_m(line[first + 1 : last], line[first], line[last])
        furthest = int(away.argmax())
        if away[furthest] > tolerance_m:
            middle = first + 1 + furthest
            keep[middle] = True
            stretches += [(first, middle), (middle, last)]
    return line[keep]


def _away_m(points: Line, start: Line, end: Line) -> npt.NDArray[np.float64]:
    """(points,): how far each lies from the segment."""
    along = end - start
    length2 = float(along @ along)
    part = (points - start) @ along / length2 if length2 else np.zeros(len(points))
    nearest = start + np.clip(part, 0, 1)[:, None] * along
    east, south = (points - nearest).T
    away: npt.NDArray[np.float64] = np.hypot(east, south)
    return away


def encoded(line: Line) -> str:
    """A line in whole metres as printable ASCII, each point as the step from the one before.

    The bytes are those of the encoded polyline algorithm: 5 bits a character, low bits first,
    the sign in the lowest one.
    """
    whole = np.rint(line).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return "".join(_encoded_number(int(step)) for step in steps.ravel())


def _encoded_number(number: int) -> str:
    left = (number << 1) if number >= 0 else ~(number << 1)
    letters: list[str] = []
    while left >= 0x20:
        letters.append(chr((0x20 | (left & 0x1F)) + 63))
        left >>= 5
    letters.append(chr(left + 63))
    return "".join(letters)


def joined(lines: Sequence[Line]) -> Line:
    """All points of several lines; (0, 2) without any."""
    return np.concatenate(lines) if lines else np.empty((0, 2))
