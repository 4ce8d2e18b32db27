"""The report: one HTML file that shows a plan, in every language, without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dispatch.domain.day import Day
from dispatch.domain.plan import CostKind, Plan
from dispatch.errors import Finding
from dispatch.formats.files import write_atomically
from dispatch.report.fit import check_fit
from dispatch.report.kpis import kpis
from dispatch.report.page.content import Content
from dispatch.report.page.render import render
from dispatch.report.sketch import RouteLines, sketch
from dispatch.report.streets import Street


def write_report(
    day: Day,
    plan: Plan,
    path: Path,
    *,
    lang: str = "en",
    streets: Sequence[Street] = (),
    lines: RouteLines | None = None,
    findings: Sequence[Finding] | None = None,
    costs_by_technician: Mapping[str | None, Mapping[CostKind, int]] | None = None,
    attribution: str = "",
    tiles: str | None = None,
) -> None:
    """Write the report of a plan as one self-contained HTML file.

    Parameters
    ----------
    day, plan
        What is shown.
    path
        The file to write; what stood there is replaced when the new one is whole.
    lang
        The language it opens in; the reader may switch.
    streets
        Drawn under the routes, as far as they lie near them.
    lines
        The way of each route, by technician and shift; a route without one is drawn straight.
    findings
        What the verifier found: nothing if it agrees. None at all if it was not asked.
    costs_by_technician
        In minor units, as ``planning.score.by_technician`` gives them.
    attribution
        To whom the streets are owed.
    tiles
        Address of raster tiles, ``https`` with ``{z}``, ``{x}`` and ``{y}``. They are fetched only
        when the reader ticks the box; without an address the page never touches a network.

    Raises
    ------
    InvalidInput
        ``report.unknown-*``: the plan names what the day does not have.
    InvalidValue
        ``report.tiles``: the address of the tiles is none.
    """
    check_fit(day, plan)
    content = Content(
        day=day,
        plan=plan,
        sketch=sketch(day, plan, streets, lines or {}),
        kpis=kpis(day, plan),
        findings=findings,
        costs_by_technician=costs_by_technician or {},
        attribution=attribution,
        tiles=tiles,
        lang=lang,
    )
    write_atomically(path, render(content).encode())
