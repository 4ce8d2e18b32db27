"""A cost curve drawn with braille dots: two columns and four rows of dots in each character."""

from __future__ import annotations

from collections.abc import Sequence

BLANK = 0x2800
DOTS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""The bit of each dot, by column and by height from below (Unicode chart U2800)."""
ROWS, COLUMNS = 4, 2


def draw(
    points: Sequence[tuple[float, float]], *, width: int, height: int, now: float, until: float
) -> list[str]:
    """The steps of a falling cost as lines of text, the top line first.

    Parameters
    ----------
    points
        (seconds, cost) in the order of time; each cost holds until the next point.
    width, height
        In characters, at least 1.
    now, until
        Seconds at which the curve ends, and at the right edge.
    """
    cells = [[BLANK] * width for _ in range(height)]
    before = None
    for column in range(width * COLUMNS):
        moment = until * column / (width * COLUMNS)
        level = _level(points, moment, height * ROWS) if moment <= now else None
        if level is not None:
            for dot in range(level, max(level + 1, before or 0)):
                line = height - 1 - dot // ROWS
                cells[line][column // COLUMNS] |= DOTS[column % COLUMNS][dot % ROWS]
        before = level
    return ["".join(map(chr, line)) for line in cells]


def _level(points: Sequence[tuple[float, float]], moment: float, rows: int) -> int | None:
    """The height of the curve at a moment, in dots from below; none before the first point."""
    known = [cost for seconds, cost in points if seconds <= moment]
    if not known:
        return None
    lowest = min(cost for _, cost in points)
    span = max(cost for _, cost in points) - lowest
    return round((known[-1] - lowest) / span * (rows - 1)) if span else 0
