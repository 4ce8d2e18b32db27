"""What the page's script draws from, as one JSON document.

Times are seconds from ``epoch`` (Unix time of the day's start); places are whole metres east and
south of ``centre``; lines are written as :func:`dispatch.report.lines.encoded` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.job import Job
from dispatch.domain.money import decimals
from dispatch.domain.plan import Leg, PlannedVisit
from dispatch.domain.skill import NeededSkill
from dispatch.report.lines import encoded
from dispatch.report.page.content import Content
from dispatch.report.page.tables import main_reason
from dispatch.report.palette import COLOURS, ink_on
from dispatch.report.phases import PhaseKind
from dispatch.report.sketch import SketchRoute
from dispatch.texts import LANGUAGES, catalogue

Json: TypeAlias = dict[str, Any]
TEXTS = "report.page."


def document(content: Content) -> Json:
    """Everything that the script needs, with the words in every language."""
    day, drawn = content.day, content.sketch
    dates = sorted({route.date for route in drawn.routes})
    jobs = _JobList(day)
    visits: list[Json] = []
    routes = [_route(day, route, dates.index(route.date), jobs, visits) for route in drawn.routes]
    left_out = [
        {
            "job": jobs.index(entry.job),
            "at": _rounded(at),
            "reason": main_reason(content, entry).by_lang,
        }
        for entry, at in zip(content.plan.unassigned, drawn.unassigned, strict=True)
    ]
    centre = drawn.projection.centre
    return {
        "lang": content.lang,
        "zone": day.zone,
        "epoch": int(day.start.timestamp()),
        "centre": [centre.lat, centre.lon],
        "shrink": drawn.projection.shrink,
        "frame": _rounded(drawn.frame),
        "palette": [[colour, ink_on(colour)] for colour in COLOURS],
        "dates": [date.isoformat() for date in dates],
        "streets": {
            weight.value: [encoded(line) for line in lines]
            for weight, lines in drawn.streets.items()
        },
        "outlets": [
            {"name": outlet.name or outlet.id, "at": _rounded(at)}
            for outlet, at in zip(day.outlets, drawn.outlets, strict=True)
        ],
        "routes": routes,
        "visits": visits,
        "jobs": jobs.entries,
        "unassigned": left_out,
        "curve": [[step.seconds, step.cost_minor, step.unserved] for step in content.plan.curve],
        "decimals": decimals(content.plan.currency),
        "tiles": content.tiles,
        "texts": {lang: _texts(lang) for lang in LANGUAGES},
    }


def _route(day: Day, drawn: SketchRoute, date: int, jobs: _JobList, visits: list[Json]) -> Json:
    first = len(visits)
    visits.extend(_visits(day, drawn, jobs, first))
    return {
        "id": drawn.technician.id,
        "technician": drawn.technician.name or drawn.technician.id,
        "colour": drawn.colour,
        "date": date,
        "shift": [drawn.shift_start_s, drawn.shift_end_s],
        "span": [drawn.depart_s, drawn.finish_s],
        "phases": [[phase.kind.value, phase.start_s, phase.end_s] for phase in drawn.phases],
        "line": encoded(drawn.line),
        "anchors": [_rounded(at) for at in drawn.anchors],
        "visits": [first, len(visits)],
        "overtime": drawn.route.overtime_s,
        "travel": sum(leg.travel_s for leg in drawn.route.legs),
        "metres": sum(leg.distance_m for leg in drawn.route.legs),
    }


def _visits(day: Day, drawn: SketchRoute, jobs: _JobList, first: int) -> Iterator[Json]:
    origin = drawn.route.depart
    legs = _legs_by_arrival(drawn.route.legs, origin)
    for number, (visit, at) in enumerate(
        zip(drawn.route.visits, drawn.stops, strict=True), start=1
    ):
        leg = legs.get(elapsed_s(origin, visit.arrive))
        job = jobs.index(visit.job)
        jobs.entries[job]["visits"].append(first + number - 1)
        yield {
            "job": job,
            "seat": visit.seat,
            "number": number,
            "at": _rounded(at),
            **_times(drawn, visit),
            "late": visit.lateness_s,
            "needs": _needs(day, visit),
            "travel": leg.travel_s if leg else 0,
            "metres": leg.distance_m if leg else 0,
        }


def _times(drawn: SketchRoute, visit: PlannedVisit) -> Json:
    def moment(time: datetime) -> int:
        return drawn.depart_s + elapsed_s(drawn.route.depart, time)

    arrive_s, start_s = moment(visit.arrive), moment(visit.start)
    waits = (phase for phase in drawn.phases if phase.kind is PhaseKind.WAIT)
    return {
        "arrive": arrive_s,
        "start": start_s,
        "end": moment(visit.end),
        "setup": visit.setup_s,
        "wait": sum(
            max(0, min(phase.end_s, start_s) - max(phase.start_s, arrive_s)) for phase in waits
        ),
    }


def _legs_by_arrival(legs: Sequence[Leg], origin: datetime) -> dict[int, Leg]:
    """Of two legs that arrive at once the longer: the other went nowhere."""
    found: dict[int, Leg] = {}
    for leg in sorted(legs, key=lambda leg: leg.travel_s):
        found[elapsed_s(origin, leg.arrive)] = leg
    return found


class _JobList:
    """The jobs a plan names, each once, in the order of their first mention."""

    def __init__(self, day: Day) -> None:
        self.entries: list[Json] = []
        self._day = day
        self._index: dict[str, int] = {}

    def index(self, name: str) -> int:
        if name not in self._index:
            self._index[name] = len(self.entries)
            self.entries.append(_job(self._day, self._day.jobs_by_id[name]))
        return self._index[name]


def _job(day: Day, job: Job) -> Json:
    kind, site = day.job_types_by_id[job.type], day.sites_by_id[job.site]
    return {
        "id": job.id,
        "name": job.name,
        "type": kind.name or kind.id,
        "site": site.name or site.id,
        "address": site.address,
        "priority": job.priority,
        "windows": [
            [elapsed_s(day.start, window.start), elapsed_s(day.start, window.end), window.kind]
            for window in job.windows
        ],
        "due": elapsed_s(day.start, job.sla_due) if job.sla_due else None,
        "visits": [],
    }


def _needs(day: Day, visit: PlannedVisit) -> Json:
    """``all``: of each group one ``[skill, level]`` is needed; ``none``: skills not wanted."""
    names = {skill.id: skill.name or skill.id for skill in day.skills}
    job = day.jobs_by_id[visit.job]
    seats = day.seats(job)
    seat = seats[visit.seat].needs if visit.seat < len(seats) else None
    asked = [needs for needs in (day.job_types_by_id[job.type].needs, job.needs, seat) if needs]
    groups: list[tuple[NeededSkill, ...]] = [(need,) for needs in asked for need in needs.all_of]
    groups += [needs.any_of for needs in asked if needs.any_of]
    return {
        "all": [
            [[names.get(need.skill, need.skill), need.min_level] for need in group]
            for group in dict.fromkeys(groups)
        ],
        "none": [names.get(skill, skill) for needs in asked for skill in needs.none_of],
    }


def _texts(lang: str) -> Mapping[str, str]:
    return {
        key.removeprefix(TEXTS): text
        for key, text in catalogue(lang).items()
        if key.startswith(TEXTS)
    }


def _rounded(numbers: Sequence[float]) -> list[int]:
    return [round(float(number)) for number in numbers]
