"""The pictures of a plan: the report, and PNGs of the map and the Gantt chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatch.bootstrap import TravelSource
from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, Route
from dispatch.domain.position import Place, Position
from dispatch.errors import Finding
from dispatch.planning.compile.places import anchored
from dispatch.planning.score import by_technician, cost_items
from dispatch.report.fit import check_fit
from dispatch.report.html import write_report
from dispatch.report.png.gantt import write_gantt_png
from dispatch.report.png.map import write_map_png

MAP, GANTT = "map.png", "gantt.png"


@dataclass(frozen=True, slots=True)
class Picture:
    """A plan with all that its pictures need, worked out once."""

    day: Day
    plan: Plan
    source: TravelSource
    findings: Sequence[Finding] | None
    """What the checker found; None if it was not asked."""
    lines: Mapping[tuple[str, str], Sequence[Position]]
    """The way of each route, by technician and shift."""

    @classmethod
    def of(
        cls, day: Day, plan: Plan, source: TravelSource, findings: Sequence[Finding] | None
    ) -> Picture:
        """Ask the travel times for the way of each route.

        Raises
        ------
        InvalidInput
            The plan names what the day does not have.
        """
        check_fit(day, plan)
        lines = {
            (route.technician, route.shift): source.travel.line(
                places_of_route(day, route),
                profile=day.technicians_by_id[route.technician].profile,
            )
            for route in plan.routes
        }
        return cls(day, plan, source, findings, lines)

    def write_html(self, path: Path, lang: str, *, tiles: str | None = None) -> None:
        """The report in one file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        write_report(
            self.day,
            self.plan,
            path,
            lang=lang,
            streets=self.source.road.streets() if self.source.road else (),
            lines=self.lines,
            findings=self.findings,
            costs_by_technician={
                technician: costs
                for technician, costs in by_technician(cost_items(self.day, self.plan)).items()
                if technician is not None
            },
            attribution=self.source.attribution,
            tiles=tiles,
        )

    def write_pngs(self, folder: Path, lang: str) -> tuple[Path, Path]:
        """The map and the Gantt chart."""
        folder.mkdir(parents=True, exist_ok=True)
        drawn, chart = folder / MAP, folder / GANTT
        write_map_png(
            self.day,
            self.plan,
            drawn,
            lang=lang,
            streets=self.source.road.streets() if self.source.road else (),
            lines=self.lines,
            attribution=self.source.attribution,
        )
        write_gantt_png(self.day, self.plan, chart, lang=lang)
        return drawn, chart


def places_of_route(day: Day, route: Route) -> list[Place]:
    """Where a route leads, in order; nothing for an open start or end."""
    technician = day.technicians_by_id[route.technician]
    shift = next(shift for shift in technician.shifts if shift.id == route.shift)
    sites = [day.sites_by_id[day.jobs_by_id[visit.job].site] for visit in route.visits]
    start = anchored(day, technician, shift, shift.start_at)
    end = anchored(day, technician, shift, shift.end_at)
    stops = [Place(f"site:{site.id}", site.position) for site in sites]
    return [place for place in (start, *stops, end) if place is not None]
