"""The Gantt chart of a plan: a row for each technician, wall-clock hours across."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.plan import Plan
from dispatch.report import figures
from dispatch.report.fit import check_fit
from dispatch.report.palette import COLOURS
from dispatch.report.png import canvas
from dispatch.report.png.canvas import Look
from dispatch.report.png.gantt_rows import draw_crews, draw_route
from dispatch.report.png.lettering import lettering
from dispatch.report.sketch import SketchRoute, sketch
from dispatch.texts import say

HOUR_S = 3600
HEAD_PX, AXIS_PX, ROW_PX, FOOT_PX = canvas.HEAD_PX, 30, 26, 52
NAMES_PX, MARGIN_PX = 190, canvas.MARGIN_PX
POINTS_PER_PX = 72 / canvas.DOTS_PER_INCH
LONGEST_NAME = 22


def write_gantt_png(
    day: Day, plan: Plan, path: Path, *, lang: str = "en", width_px: int = 1600
) -> None:
    """Draw who does what when. The picture is as high as its rows need.

    Parameters are those of :func:`dispatch.report.html.write_report`.

    Raises
    ------
    InvalidInput
        ``report.unknown-*``: the plan names what the day does not have.
    """
    check_fit(day, plan)
    lang = canvas.spoken(lang)
    routes = sketch(day, plan, (), {}).routes
    rows = _rows(routes)
    height_px = HEAD_PX + AXIS_PX + ROW_PX * max(len(rows), 1) + FOOT_PX
    figure = canvas.blank(width_px, height_px)
    canvas.head(figure, day, plan, lang)
    axes = figure.add_axes(
        (
            NAMES_PX / width_px,
            FOOT_PX / height_px,
            1 - (NAMES_PX + MARGIN_PX) / width_px,
            ROW_PX * max(len(rows), 1) / height_px,
        )
    )
    _draw_frame(axes, day, routes, len(rows))
    px_per_s = (width_px - NAMES_PX - MARGIN_PX) / (axes.get_xlim()[1] - axes.get_xlim()[0])
    for row, one_technician in enumerate(rows):
        _draw_name(axes, row, one_technician[0])
        for route in one_technician:
            draw_route(axes, day, row, route, px_per_s)
    draw_crews(axes, day, rows)
    canvas.key(figure, _marks(lang), (0.5, FOOT_PX / 2 / height_px))
    canvas.write(figure, path)


def _rows(routes: Sequence[SketchRoute]) -> list[list[SketchRoute]]:
    rows: dict[str, list[SketchRoute]] = {}
    for route in routes:
        rows.setdefault(route.technician.id, []).append(route)
    return list(rows.values())


def _draw_frame(axes: Axes, day: Day, routes: Sequence[SketchRoute], rows: int) -> None:
    """White shifts on grey, hours across the top."""
    first, last = _span(day, routes)
    axes.set_xlim(first, last)
    axes.set_ylim(max(rows, 1), 0)
    axes.set_facecolor("#f3f1ec")
    every = max(1, round((last - first) / HOUR_S / 24))
    hours = range(first, last + 1, HOUR_S * every)
    axes.set_xticks(list(hours))
    axes.set_xticklabels(
        [figures.clock(day.start + timedelta(seconds=at), day.zone_info) for at in hours],
        size=8.5,
        color=canvas.QUIET,
    )
    axes.xaxis.tick_top()
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_color(canvas.HAIR)
    axes.vlines(list(hours), 0, max(rows, 1), color=canvas.HAIR, lw=0.8, zorder=2)
    axes.hlines(range(1, rows), first, last, color=canvas.HAIR, lw=0.8, zorder=2)


def _span(day: Day, routes: Sequence[SketchRoute]) -> tuple[int, int]:
    """Whole wall-clock hours around everything, in seconds from the day's start."""
    if not routes:
        return 0, elapsed_s(day.start, day.end)
    offset = day.start.astimezone(day.zone_info)
    past_hour = offset.minute * 60 + offset.second
    first = min(min(route.shift_start_s, route.depart_s) for route in routes) + past_hour
    last = max(max(route.shift_end_s, route.finish_s) for route in routes) + past_hour
    return first // HOUR_S * HOUR_S - past_hour, -(-last // HOUR_S) * HOUR_S - past_hour


def _draw_name(axes: Axes, row: int, route: SketchRoute) -> None:
    fonts = lettering()
    name = fonts.printable(route.technician.name or route.technician.id, route.technician.id)
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    _beside(axes, row, MARGIN_PX, "●", color=COLOURS[route.colour], size=8)
    _beside(axes, row, MARGIN_PX + 18, short, color=canvas.INK, size=9, family=fonts.families)


def _beside(axes: Axes, row: int, left_px: int, text: str, **look: Any) -> None:
    """Text in the column of names, ``left_px`` from the picture's edge."""
    axes.annotate(
        text,
        (0, row + 0.5),
        xycoords=("axes fraction", "data"),
        xytext=((left_px - NAMES_PX) * POINTS_PER_PX, 0),
        textcoords="offset points",
        va="center_baseline",
        annotation_clip=False,
        **look,
    )


def _marks(lang: str) -> dict[str, Artist]:
    line: Look = {"color": canvas.QUIET}
    crew: Look = {"color": canvas.INK, "lw": 0.8, "marker": "o", "ms": 4, "mfc": "white"}
    marks: dict[str, Artist] = {
        "travel": Line2D([], [], lw=3, **line),
        "wait": Line2D([], [], lw=1.2, ls=":", **line),
        "setup": Patch(facecolor=canvas.QUIET, alpha=0.45, lw=0),
        "work": Patch(facecolor=canvas.QUIET, lw=0),
        "break": Patch(facecolor="white", edgecolor=canvas.REST, hatch="////"),
        "late": Patch(facecolor=canvas.ALERT, lw=0),
        "overtime": Patch(facecolor=canvas.OVERTIME, lw=0),
        "crew": Line2D([], [], **crew),
    }
    return {say(f"report.page.phase.{kind}", lang): mark for kind, mark in marks.items()}
