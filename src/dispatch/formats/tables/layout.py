"""Which sheets there are and what their columns hold.

The keys are names of the domain; headings, sheet names and notes stand in the texts under them.
A column whose kind says ``repeated`` may stand several times: ``window 1 start``,
``window 2 start``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dispatch.domain.checks import LONGEST_S
from dispatch.domain.datum import Datum
from dispatch.domain.job import LEAST_URGENT, MOST_URGENT, CrewTiming, PinLevel
from dispatch.domain.published import MOST_ORDER, MOST_SEATS
from dispatch.domain.speed import FASTEST, SLOWEST
from dispatch.domain.window import WindowKind
from dispatch.formats.tables.kinds.kind import Kind
from dispatch.formats.tables.kinds.lists import (
    FACTOR,
    Amounts,
    Dependencies,
    Factors,
    LevelFactors,
    Levels,
    Names,
)
from dispatch.formats.tables.kinds.money import Money
from dispatch.formats.tables.kinds.plain import FLAG, Id, Number, Text, Whole, choice_of
from dispatch.formats.tables.kinds.special import Grade, Place
from dispatch.formats.tables.kinds.times import Clock, Date, Duration, Moment

MOST_REPEATED = 20
GRADE = Grade()


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells of a column hold."""

    key: str
    kind: Kind[Any]
    required: bool = False
    refers: str | None = None
    """The sheet whose rows the cells name."""
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of rows."""

    key: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ()
    """No two rows agree in all of these."""
    required: bool = False
    open: bool = False
    """Every other heading is a column too: the skills of the skill matrix."""

    def column(self, key: str) -> Column:
        """The column with this key."""
        return next(column for column in self.columns if column.key == key)


ID = Column("id", Id(), required=True)
NAME = Column("name", Text())
LATITUDE = Column("latitude", Number(-90, 90), required=True)
LONGITUDE = Column("longitude", Number(-180, 180), required=True)
AMOUNTS = Amounts()
WORK = Duration(low_s=1)
CREW = (
    Column("crew_size", Whole(1, MOST_SEATS)),
    Column("crew_timing", choice_of(CrewTiming)),
    Column("crew_min_delay_s", Duration()),
    Column("crew_max_delay_s", Duration()),
)
NEEDS = (
    Column("all_of", Levels(), refers="skills"),
    Column("any_of", Levels(), refers="skills"),
    Column("none_of", Names(), refers="skills"),
)

SETTINGS = Sheet(
    "settings",
    (
        ID,
        NAME,
        Column("zone", Text(), required=True),
        Column("date", Date()),
        Column("day_start", Moment()),
        Column("day_end", Moment()),
        Column("currency", Text()),
        Column("datum", choice_of(Datum)),
        Column("wage_minor_per_h", Money()),
        Column("overtime_minor_per_h", Money()),
        Column("travel_minor_per_h", Money()),
        Column("travel_minor_per_km", Money()),
        Column("shift_used_minor", Money()),
        Column("lateness_minor_per_min", Money(), repeated=True),
        Column("worst_lateness_minor_per_min", Money()),
        Column("unserved_minor", Money(), repeated=True),
        Column("mandatory_minor", Money()),
        Column("preferred_window_minor_per_min", Money()),
        Column("not_preferred_technician_minor", Money()),
        Column("over_qualified_minor_per_level", Money()),
        Column("foreign_territory_minor", Money()),
        Column("promise_moved_minor", Money()),
        Column("promise_moved_minor_per_min", Money()),
        Column("promise_wait_s", Duration()),
        Column("technician_swapped_minor", Money()),
        Column("order_changed_minor", Money()),
        Column("unfairness_minor_per_h", Money()),
        Column("territories_hold", FLAG),
    ),
    required=True,
)
"""Settings stand below each other: a name and a value in each row."""

JOBS = Sheet(
    "jobs",
    (
        ID,
        Column("type", Id(), required=True, refers="job_types"),
        Column("site", Id(), required=True, refers="sites"),
        NAME,
        Column("window_start", Moment(), repeated=True),
        Column("window_end", Moment(), repeated=True),
        Column("window_kind", choice_of(WindowKind), repeated=True),
        Column("sla_due", Moment()),
        Column("priority", Whole(MOST_URGENT, LEAST_URGENT)),
        Column("mandatory", FLAG),
        Column("duration_s", WORK),
        *NEEDS,
        Column("required_technicians", Names(), refers="technicians"),
        Column("preferred_technicians", Names(), refers="technicians"),
        Column("prohibited_technicians", Names(), refers="technicians"),
        Column("dependencies", Dependencies(), refers="jobs"),
        *CREW,
        Column("parts", AMOUNTS),
        Column("revenue_minor", Money()),
        Column("fee_minor", Money()),
        Column("pin_technician", Id(), refers="technicians", repeated=True),
        Column("pin_seat", Whole(1, MOST_SEATS), repeated=True),
        Column("pin_level", choice_of(PinLevel), repeated=True),
        Column("pin_shift", Id(), repeated=True),
        Column("pin_order", Whole(0, MOST_ORDER), repeated=True),
        Column("pin_start", Moment(), repeated=True),
        Column("published_technician", Id(), refers="technicians", repeated=True),
        Column("published_seat", Whole(1, MOST_SEATS), repeated=True),
        Column("published_shift", Id(), repeated=True),
        Column("published_order", Whole(0, MOST_ORDER), repeated=True),
        Column("published_start", Moment(), repeated=True),
        Column("published_end", Moment(), repeated=True),
    ),
    identity=("id",),
    required=True,
)
TECHNICIANS = Sheet(
    "technicians",
    (
        ID,
        NAME,
        Column("home_latitude", Number(-90, 90)),
        Column("home_longitude", Number(-180, 180)),
        Column("outlet", Id(), refers="outlets"),
        Column("territories", Names(), refers="territories"),
        Column("profile", Text()),
        Column("duration_factor", FACTOR),
        Column("job_type_factors", Factors(), refers="job_types"),
        Column("capacity", AMOUNTS),
        Column("contractor", FLAG),
        Column("wage_minor_per_h", Money()),
        Column("visit_minor", Money()),
        Column("work_ahead_s", Duration(low_s=-LONGEST_S)),
    ),
    identity=("id",),
    required=True,
)
TECHNICIAN = Column("technician", Id(), required=True, refers="technicians")
SKILL_MATRIX = Sheet("skill_matrix", (TECHNICIAN,), identity=("technician",), open=True)
SHIFTS = Sheet(
    "shifts",
    (
        TECHNICIAN,
        Column("shift", Id(), required=True),
        Column("start", Moment(), required=True),
        Column("end", Moment(), required=True),
        Column("start_at", Place()),
        Column("end_at", Place()),
        Column("break_earliest", Moment(), repeated=True),
        Column("break_latest", Moment(), repeated=True),
        Column("break_duration_s", Duration(), repeated=True),
        Column("overtime_s", Duration()),
        Column("max_jobs", Whole(0, 10_000)),
        Column("max_travel_s", Duration()),
    ),
    identity=("technician", "shift"),
)
ABSENCES = Sheet(
    "absences",
    (
        TECHNICIAN,
        Column("start", Moment(), required=True),
        Column("end", Moment(), required=True),
        Column("reason", Text()),
    ),
)
SITES = Sheet(
    "sites",
    (
        ID,
        NAME,
        Column("address", Text()),
        LATITUDE,
        LONGITUDE,
        Column("territory", Id(), refers="territories"),
        Column("setup_s", Duration()),
    ),
    identity=("id",),
    required=True,
)
JOB_TYPES = Sheet(
    "job_types",
    (
        ID,
        NAME,
        Column("duration_s", WORK, required=True),
        *NEEDS,
        *CREW,
        Column("parts", AMOUNTS),
        Column("level_factors", LevelFactors()),
        Column("revenue_minor", Money()),
        Column("fee_minor", Money()),
    ),
    identity=("id",),
    required=True,
)
CREWS = Sheet(
    "crews",
    (
        Column("job_type", Id(), refers="job_types"),
        Column("job", Id(), refers="jobs"),
        Column("seat", Whole(1, MOST_SEATS), required=True),
        Column("duration_s", WORK),
        *NEEDS,
    ),
    identity=("job_type", "job", "seat"),
)
SKILLS = Sheet("skills", (ID, NAME), identity=("id",))
TERRITORIES = Sheet("territories", (ID, NAME), identity=("id",))
OUTLETS = Sheet(
    "outlets",
    (ID, NAME, LATITUDE, LONGITUDE, Column("parent", Id(), refers="outlets")),
    identity=("id",),
)
SPEEDS = Sheet(
    "speeds",
    (
        Column("profile", Text()),
        Column("speed_start", Clock(), required=True),
        Column("speed_end", Clock(), required=True),
        Column("percent", Whole(SLOWEST, FASTEST), required=True),
    ),
)

SHEETS = (
    SETTINGS,
    JOBS,
    CREWS,
    TECHNICIANS,
    SKILL_MATRIX,
    SHIFTS,
    ABSENCES,
    SITES,
    JOB_TYPES,
    SKILLS,
    TERRITORIES,
    OUTLETS,
    SPEEDS,
)
"""In the order in which a workbook shows them."""
