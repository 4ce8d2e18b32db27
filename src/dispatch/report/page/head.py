"""The head of the page: its dates and its large figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from dispatch.report import figures
from dispatch.report.page.bilingual import Bilingual, distance, duration, words
from dispatch.report.page.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One large figure with a line of detail."""

    label: Bilingual
    value: str | Bilingual
    suffix: Bilingual | str = ""
    detail: Bilingual | str = ""
    alert: bool = False


def dates(content: Content) -> str:
    """The first date of the day, and the last if that is another: ``2026-03-03 2026-03-05``."""
    zone = content.day.zone_info
    last = content.day.end.astimezone(zone) - timedelta(seconds=1)
    both = (content.day.start.astimezone(zone).date(), last.date())
    return " ".join(dict.fromkeys(date.isoformat() for date in both))


def tiles(content: Content) -> tuple[Tile, ...]:
    """The figures at the head of the page."""
    kpis, total = content.kpis, content.kpis.total
    left_out = kpis.jobs_left_out
    return (
        Tile(
            label=words("kpi.served"),
            value=f"{kpis.jobs_served:,}",
            suffix=words("of.total", total=f"{kpis.jobs:,}"),
            detail=words("kpi.left-out", count=left_out)
            if left_out
            else words("kpi.none-left-out"),
            alert=bool(left_out),
        ),
        Tile(
            label=words("kpi.technicians"),
            value=f"{kpis.technicians_used:,}",
            suffix=words("of.total", total=f"{kpis.technicians:,}"),
            detail=words("kpi.visits", count=f"{total.visits:,}"),
        ),
        Tile(
            label=words("kpi.work"),
            value=duration(total.work_s),
            detail=words("kpi.setup-of", setup=duration(total.setup_s)),
        ),
        Tile(
            label=words("kpi.travel"),
            value=duration(total.travel_s),
            detail=distance(total.distance_m),
        ),
        Tile(
            label=words("kpi.wait"),
            value=duration(total.wait_s),
            detail=words("kpi.break-of", rest=duration(total.break_s)),
        ),
        Tile(
            label=words("kpi.utilisation"),
            value=figures.percent(total.utilisation),
            detail=words("kpi.utilisation-more"),
        ),
        Tile(
            label=words("kpi.lateness"),
            value=duration(total.lateness_s),
            detail=words("kpi.late-visits", count=total.late_visits),
            alert=bool(total.lateness_s),
        ),
        Tile(label=words("kpi.overtime"), value=duration(total.overtime_s)),
        Tile(
            label=words("kpi.cost"),
            value=figures.money(kpis.cost_minor, kpis.currency),
            suffix=kpis.currency,
        ),
    )
