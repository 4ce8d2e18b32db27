"""A figure of one size, drawn without any global state, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan
from dispatch.formats.files import write_atomically
from dispatch.report import figures
from dispatch.report.kpis import kpis
from dispatch.report.png.lettering import lettering
from dispatch.texts import say

DOTS_PER_INCH = 100
HEAD_PX, MARGIN_PX = 76, 24
PAGE, GROUND, INK, QUIET, HAIR = "#fbfaf8", "#f5f3ee", "#1d1c1a", "#6d6a63", "#e5e2db"
ALERT, OVERTIME, REST = "#b3261e", "#fbe3c0", "#d9d5cc"
STREETS = {"minor": ("#dcd7cc", 0.6), "middle": ("#cfc8ba", 1.0), "major": ("#bdb4a2", 1.8)}
"""Colour, and width in points."""

Look: TypeAlias = dict[str, Any]
"""How something is drawn: matplotlib's keyword arguments."""


def blank(width_px: int, height_px: int) -> Figure:
    """An empty figure."""
    figure = Figure(
        figsize=(width_px / DOTS_PER_INCH, height_px / DOTS_PER_INCH),
        dpi=DOTS_PER_INCH,
        facecolor=PAGE,
    )
    FigureCanvasAgg(figure)
    return figure


def spoken(lang: str) -> str:
    """``lang`` if its letters can be drawn on this machine, else English."""
    return lang if lang != "zh" or lettering().chinese else "en"


def head(figure: Figure, day: Day, plan: Plan, lang: str) -> None:
    """The day's name, and under it its figures in one line."""
    fonts = lettering()
    width, height = figure.get_figwidth() * DOTS_PER_INCH, figure.get_figheight() * DOTS_PER_INCH
    left = MARGIN_PX / width
    shared: Look = {"family": fonts.families, "va": "center"}
    name = fonts.printable(day.name or day.id, day.id)
    figure.text(left, 1 - 26 / height, name, size=15, weight="bold", color=INK, **shared)
    line = fonts.printable(summary(day, plan, lang))
    figure.text(left, 1 - 54 / height, line, size=9.5, color=QUIET, **shared)


def key(figure: Figure, marks: Mapping[str, Artist], at: tuple[float, float]) -> None:
    """What each mark means, in one row around a point of the figure (parts of its size)."""
    fonts = lettering()
    figure.legend(
        list(marks.values()),
        [fonts.printable(name) for name in marks],
        loc="center",
        bbox_to_anchor=at,
        ncols=len(marks),
        frameon=False,
        handlelength=1.6,
        handleheight=0.8,
        columnspacing=2.0,
        prop={"family": list(fonts.families), "size": 9},
        labelcolor=QUIET,
    )


def summary(day: Day, plan: Plan, lang: str) -> str:
    """The most important figures, with their names."""
    found = kpis(day, plan)
    parts = (
        ("served", f"{found.jobs_served:,} / {found.jobs:,}"),
        ("technicians", f"{found.technicians_used:,} / {found.technicians:,}"),
        ("travel", figures.duration(found.total.travel_s, lang)),
        ("work", figures.duration(found.total.work_s, lang)),
        ("lateness", figures.duration(found.total.lateness_s, lang)),
        ("cost", f"{figures.money(found.cost_minor, found.currency)} {found.currency}"),
    )
    return "  ·  ".join(f"{say(f'report.page.kpi.{key}', lang)} {value}" for key, value in parts)


def write(figure: Figure, path: Path) -> None:
    """Write the picture to ``path`` when it is whole."""
    drawn = BytesIO()
    figure.savefig(drawn, format="png", facecolor=figure.get_facecolor())
    write_atomically(path, drawn.getvalue())
