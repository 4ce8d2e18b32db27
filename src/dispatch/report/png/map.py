"""The map of a plan: its routes on the streets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib.patheffects as effects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan
from dispatch.report.fit import check_fit
from dispatch.report.lines import Frame
from dispatch.report.palette import COLOURS, ink_on
from dispatch.report.png import canvas
from dispatch.report.png.canvas import Look
from dispatch.report.png.lettering import lettering
from dispatch.report.sketch import RouteLines, Sketch, SketchRoute, sketch
from dispatch.report.streets import Street
from dispatch.texts import say

FOOT_PX = 44
MOST_NUMBERED = 120
"""With more stops than that, numbers would hide the map: stops are dots."""
STOP: Look = {"ls": "", "marker": "o", "mec": canvas.GROUND, "mew": 1.2}
ANCHOR: Look = {"ls": "", "marker": "D", "ms": 6, "mfc": "white", "mew": 1.6}
OUTLET: Look = {
    "ls": "",
    "marker": "s",
    "ms": 9,
    "color": canvas.INK,
    "mec": canvas.GROUND,
    "mew": 1.5,
}
UNASSIGNED: Look = {
    "ls": "",
    "marker": "o",
    "ms": 9,
    "mfc": "white",
    "mec": canvas.ALERT,
    "mew": 2.2,
}


def write_map_png(
    day: Day,
    plan: Plan,
    path: Path,
    *,
    lang: str = "en",
    streets: Sequence[Street] = (),
    lines: RouteLines | None = None,
    attribution: str = "",
    width_px: int = 1600,
    height_px: int = 1200,
) -> None:
    """Draw the routes of a plan on the streets.

    Parameters are those of :func:`dispatch.report.html.write_report`.

    Raises
    ------
    InvalidInput
        ``report.unknown-*``: the plan names what the day does not have.
    """
    check_fit(day, plan)
    lang = canvas.spoken(lang)
    drawn = sketch(day, plan, streets, lines or {})
    figure = canvas.blank(width_px, height_px)
    canvas.head(figure, day, plan, lang)
    shown_px = height_px - canvas.HEAD_PX - FOOT_PX
    axes = figure.add_axes((0, FOOT_PX / height_px, 1, shown_px / height_px))
    _show_frame(axes, drawn.frame, width_px / shown_px)
    _draw_streets(axes, drawn)
    numbered = sum(len(route.stops) for route in drawn.routes) <= MOST_NUMBERED
    for route in drawn.routes:
        _draw_route(axes, route)
    axes.plot(*drawn.outlets.T, **OUTLET, zorder=5)
    axes.plot(*drawn.unassigned.T, **UNASSIGNED, zorder=5)
    for route in drawn.routes:
        _draw_stops(axes, route, numbered=numbered)
    _sign(axes, attribution)
    canvas.key(figure, _marks(lang), (0.5, FOOT_PX / 2 / height_px))
    canvas.write(figure, path)


def _show_frame(axes: Axes, frame: Frame, aspect: float) -> None:
    """Look at the frame, widened to the picture's aspect ratio; south is down."""
    west, north, east, south = frame
    width, height = max(east - west, (south - north) * aspect), max(south - north, 0.0)
    height = max(height, width / aspect)
    across, down = (west + east) / 2, (north + south) / 2
    axes.set_xlim(across - width / 2, across + width / 2)
    axes.set_ylim(down + height / 2, down - height / 2)
    axes.set_facecolor(canvas.GROUND)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def _draw_streets(axes: Axes, drawn: Sketch) -> None:
    for order, weight in enumerate(reversed(list(drawn.streets))):
        colour, width = canvas.STREETS[weight]
        axes.add_collection(
            LineCollection(
                drawn.streets[weight],
                colors=colour,
                linewidths=width,
                capstyle="round",
                zorder=1 + order / 10,
            ),
            autolim=False,
        )


def _draw_route(axes: Axes, route: SketchRoute) -> None:
    colour = COLOURS[route.colour]
    x, y = route.line.T
    axes.plot(x, y, color=canvas.GROUND, lw=3.6, solid_joinstyle="round", zorder=2)
    axes.plot(x, y, color=colour, lw=2, solid_joinstyle="round", zorder=2)
    axes.plot(*route.anchors.T, **ANCHOR, mec=colour, zorder=4)


def _draw_stops(axes: Axes, route: SketchRoute, *, numbered: bool) -> None:
    colour = COLOURS[route.colour]
    axes.plot(*route.stops.T, **STOP, color=colour, ms=14 if numbered else 6.5, zorder=6)
    if not numbered:
        return
    for number, (x, y) in enumerate(route.stops, start=1):
        axes.text(
            x,
            y,
            str(number),
            color=ink_on(colour),
            size=7.5,
            weight="bold",
            ha="center",
            va="center_baseline",
            zorder=7,
        )


def _sign(axes: Axes, attribution: str) -> None:
    fonts = lettering()
    axes.text(
        0.99,
        0.012,
        fonts.printable(attribution),
        transform=axes.transAxes,
        ha="right",
        family=fonts.families,
        size=7.5,
        color=canvas.QUIET,
        path_effects=[effects.withStroke(linewidth=3, foreground=canvas.GROUND)],
        zorder=9,
    )


def _marks(lang: str) -> dict[str, Line2D]:
    marks: dict[str, Look] = {
        "stop": {**STOP, "ms": 6.5, "color": canvas.QUIET},
        "start": {**ANCHOR, "mec": canvas.QUIET},
        "outlet": OUTLET,
        "unassigned": UNASSIGNED,
    }
    return {
        say(f"report.page.map.{name}", lang): Line2D([], [], **look) for name, look in marks.items()
    }
