"""One route of the Gantt chart, and the crews between routes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.plan import PlannedVisit
from dispatch.report.palette import COLOURS, ink_on
from dispatch.report.phases import Phase, PhaseKind
from dispatch.report.png import canvas
from dispatch.report.png.canvas import Look
from dispatch.report.sketch import SketchRoute

BAR = (0.2, 0.62)
"""Top and height of a bar, in rows."""
LEAST_LABEL_PX = 16


def draw_route(axes: Axes, day: Day, row: int, route: SketchRoute, px_per_s: float) -> None:
    """A route in its row: the shift, what is done in it, and how far it runs over."""
    shift_s = (route.shift_start_s, route.shift_end_s)
    _bar(axes, shift_s, row, (0, 1), fc="white", zorder=1)
    if route.route.overtime_s:
        _bar(
            axes,
            (route.shift_end_s, route.finish_s),
            row,
            (0.04, 0.92),
            fc=canvas.OVERTIME,
            zorder=1.1,
        )
    axes.vlines(shift_s, row + 0.1, row + 0.9, color=canvas.QUIET, lw=0.8, zorder=3)
    for phase in route.phases:
        _draw_phase(axes, row, phase)
    colour = COLOURS[route.colour]
    for number, visit in enumerate(route.route.visits, start=1):
        _draw_visit(axes, day, row, visit, colour)
        start_s, end_s = elapsed_s(day.start, visit.start), elapsed_s(day.start, visit.end)
        if (end_s - start_s - visit.setup_s) * px_per_s >= LEAST_LABEL_PX:
            middle_s = (start_s + visit.setup_s + end_s) / 2
            _number(axes, middle_s, row, number, ink_on(colour))


def draw_crews(axes: Axes, day: Day, rows: Sequence[Sequence[SketchRoute]]) -> None:
    """A line from one crew mate's start to the next one's."""
    starts: dict[str, list[tuple[int, float]]] = {}
    for row, routes in enumerate(rows):
        for visit in (visit for route in routes for visit in route.route.visits):
            start_s = elapsed_s(day.start, visit.start)
            starts.setdefault(visit.job, []).append((start_s, row + 0.5))
    for seats in starts.values():
        for (x1, y1), (x2, y2) in pairwise(seats):
            down = (y1 + y2) / 2
            axes.plot([x1, x1, x2, x2], [y1, down, down, y2], color=canvas.INK, lw=0.8, zorder=7)
        if len(seats) > 1:
            xs, ys = zip(*seats, strict=True)
            axes.plot(xs, ys, "o", ms=4, mfc="white", mec=canvas.INK, mew=0.9, zorder=8)


def _draw_phase(axes: Axes, row: int, phase: Phase) -> None:
    span_s = (phase.start_s, phase.end_s)
    if phase.kind is PhaseKind.TRAVEL:
        _bar(axes, span_s, row, (0.45, 0.12), fc=canvas.QUIET, zorder=3)
    elif phase.kind is PhaseKind.WAIT:
        axes.hlines(row + 0.51, *span_s, color=canvas.QUIET, lw=1.2, ls=":", zorder=3)
    elif phase.kind is PhaseKind.BREAK:
        look: Look = {
            "facecolor": "white",
            "edgecolor": canvas.REST,
            "hatch": "////",
            "lw": 0.8,
            "zorder": 3,
        }
        axes.add_patch(Rectangle((phase.start_s, row + BAR[0]), phase.duration_s, BAR[1], **look))


def _draw_visit(axes: Axes, day: Day, row: int, visit: PlannedVisit, colour: str) -> None:
    start_s, end_s = elapsed_s(day.start, visit.start), elapsed_s(day.start, visit.end)
    ready_s = start_s + visit.setup_s
    _bar(axes, (start_s, ready_s), row, BAR, fc=colour, zorder=4, alpha=0.45)
    _bar(axes, (ready_s, end_s), row, BAR, fc=colour, zorder=4)
    if visit.lateness_s:
        late_s = max(start_s, end_s - visit.lateness_s)
        _bar(axes, (late_s, end_s), row, (sum(BAR), 0.13), fc=canvas.ALERT, zorder=5)


def _number(axes: Axes, at_s: float, row: int, number: int, ink: str) -> None:
    middle = row + BAR[0] + BAR[1] / 2
    look: Look = {"size": 7.5, "weight": "bold", "ha": "center", "va": "center_baseline"}
    axes.text(at_s, middle, str(number), color=ink, **look, zorder=6)


def _bar(
    axes: Axes,
    span_s: tuple[int, int],
    row: int,
    height: tuple[float, float],
    **look: Any,
) -> None:
    """``height``: top and height, in rows."""
    (start_s, end_s), (top, tall) = span_s, height
    axes.add_patch(Rectangle((start_s, row + top), end_s - start_s, tall, lw=0, **look))
