"""The trades of the demo company: skills, job types, and how often each is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.domain.job import Crew, CrewTiming, JobType, Seat
from dispatch.domain.skill import NeededSkill, Skill, SkillNeeds

MINUTE_S = 60
KRONA = 100
"""Minor units (öre) in a krona."""

APPRENTICE = "apprentice"
SKILLS = (
    Skill(id="heat-pump", name="Heat pumps"),
    Skill(id="boiler", name="Boilers"),
    Skill(id="air-conditioning", name="Air conditioning"),
    Skill(id="electricity", name="Electricity"),
    Skill(id="lift", name="Lifts"),
    Skill(id="white-goods", name="White goods"),
    Skill(id="fibre", name="Fibre"),
    Skill(id="f-gas", name="F-gas certificate"),
    Skill(id="high-voltage", name="High-voltage certificate"),
    Skill(id=APPRENTICE, name="Apprentice, not to be sent alone to critical systems"),
)


class Trade(StrEnum):
    """What a technician is at home in."""

    HEATING = "heating"
    COOLING = "cooling"
    ELECTRICAL = "electrical"
    LIFTS = "lifts"
    APPLIANCES = "appliances"
    FIBRE = "fibre"


SHARES = {
    Trade.HEATING: 0.25,
    Trade.COOLING: 0.13,
    Trade.ELECTRICAL: 0.23,
    Trade.LIFTS: 0.11,
    Trade.APPLIANCES: 0.15,
    Trade.FIBRE: 0.13,
}
"""Of the technicians."""
DEMAND = {
    Trade.HEATING: 0.255,
    Trade.COOLING: 0.13,
    Trade.ELECTRICAL: 0.205,
    Trade.LIFTS: 0.105,
    Trade.APPLIANCES: 0.175,
    Trade.FIBRE: 0.13,
}
"""Of the jobs, so that every trade has about as much to do as it can."""

MAIN_SKILLS = {
    Trade.HEATING: ("heat-pump", "boiler"),
    Trade.COOLING: ("air-conditioning",),
    Trade.ELECTRICAL: ("electricity",),
    Trade.LIFTS: ("lift",),
    Trade.APPLIANCES: ("white-goods",),
    Trade.FIBRE: ("fibre",),
}
SIDE_SKILLS = {
    Trade.HEATING: ("air-conditioning", "electricity"),
    Trade.COOLING: ("heat-pump", "white-goods"),
    Trade.ELECTRICAL: ("lift", "fibre", "white-goods"),
    Trade.LIFTS: ("electricity",),
    Trade.APPLIANCES: ("electricity", "air-conditioning"),
    Trade.FIBRE: ("electricity", "white-goods"),
}
VAN_PARTS: Mapping[Trade, Mapping[str, int]] = {
    Trade.HEATING: {"compressor": 2, "filter": 8, "thermostat": 6},
    Trade.COOLING: {"compressor": 3, "filter": 12},
    Trade.ELECTRICAL: {"fuse-board": 3, "thermostat": 3},
    Trade.LIFTS: {"control-board": 3},
    Trade.APPLIANCES: {"control-board": 3, "filter": 4},
    Trade.FIBRE: {"router": 8},
}
LEVEL_FACTORS = {1: 1.2, 2: 1.1, 3: 1.0, 4: 0.92, 5: 0.85}


@dataclass(frozen=True, slots=True)
class Offer:
    """A job type of a trade, and how often it is asked for."""

    trade: Trade
    type: JobType
    weight: float

    @property
    def long(self) -> bool:
        """Three quarters of an hour or more."""
        return self.type.duration_s >= 45 * MINUTE_S


def _needs(*needed: tuple[str, int]) -> SkillNeeds:
    return SkillNeeds(
        all_of=tuple(NeededSkill(skill=skill, min_level=low) for skill, low in needed)
    )


def _offer(
    trade: Trade,
    name: str,
    minutes: int,
    needs: SkillNeeds,
    weight: float,
    *,
    price: int,
    crew: Crew | None = None,
    parts: Mapping[str, int] | None = None,
) -> Offer:
    job_type = JobType(
        id=name.lower().replace(" ", "-"),
        name=name,
        duration_s=minutes * MINUTE_S,
        needs=needs,
        crew=crew,
        parts=parts or {},
        level_factors=LEVEL_FACTORS,
        revenue_minor=price * KRONA,
        fee_minor=350 * KRONA,
    )
    return Offer(trade, job_type, weight)


_HEAT_PUMP_PAIR = Crew(
    seats=(
        Seat(needs=_needs(("heat-pump", 3), ("f-gas", 1))),
        Seat(needs=_needs(("electricity", 2)), duration_s=60 * MINUTE_S),
    )
)
_LIFT_PAIR = Crew(seats=(Seat(needs=_needs(("lift", 3))), Seat(needs=_needs(("lift", 2)))))
_CHARGING_POINT = Crew(
    seats=(
        Seat(needs=_needs(("electricity", 3)), duration_s=45 * MINUTE_S),
        Seat(needs=_needs(("fibre", 1)), duration_s=20 * MINUTE_S),
    ),
    timing=CrewTiming.SEQUENCE,
    min_delay_s=45 * MINUTE_S,
    max_delay_s=180 * MINUTE_S,
)
_EITHER_HEATING = SkillNeeds(any_of=(NeededSkill(skill="heat-pump"), NeededSkill(skill="boiler")))
_NO_APPRENTICE = SkillNeeds(
    all_of=(NeededSkill(skill="electricity", min_level=3),), none_of=(APPRENTICE,)
)
_ANYBODY = SkillNeeds()

OFFERS = (
    _offer(Trade.HEATING, "Heat pump service", 25, _needs(("heat-pump", 2)), 7, price=1_650,
           parts={"filter": 1}),
    _offer(Trade.HEATING, "Heat pump repair", 60, _needs(("heat-pump", 3), ("f-gas", 1)), 6,
           price=3_900),
    _offer(Trade.HEATING, "Heat pump fitting", 90, _ANYBODY, 3, price=8_400, crew=_HEAT_PUMP_PAIR),
    _offer(Trade.HEATING, "Boiler service", 20, _needs(("boiler", 2)), 6, price=1_450),
    _offer(Trade.HEATING, "Boiler fault", 45, _needs(("boiler", 3)), 6, price=2_650),
    _offer(Trade.HEATING, "Thermostat change", 20, _EITHER_HEATING, 6, price=990,
           parts={"thermostat": 1}),
    _offer(Trade.COOLING, "Air conditioning filter", 20, _needs(("air-conditioning", 1)), 5,
           price=890, parts={"filter": 1}),
    _offer(Trade.COOLING, "Air conditioning service", 25, _needs(("air-conditioning", 2)), 5,
           price=1_550),
    _offer(Trade.COOLING, "Air conditioning repair", 50,
           _needs(("air-conditioning", 3), ("f-gas", 1)), 5, price=3_200),
    _offer(Trade.COOLING, "Cold room repair", 75, _needs(("air-conditioning", 4), ("f-gas", 1)), 2,
           price=5_200, parts={"compressor": 1}),
    _offer(Trade.ELECTRICAL, "Socket", 20, _needs(("electricity", 1)), 8, price=950),
    _offer(Trade.ELECTRICAL, "Electrical fault", 30, _needs(("electricity", 2)), 8, price=1_900),
    _offer(Trade.ELECTRICAL, "Fuse board", 55, _NO_APPRENTICE, 8, price=4_600,
           parts={"fuse-board": 1}),
    _offer(Trade.ELECTRICAL, "Charging point", 45, _ANYBODY, 5, price=6_900, crew=_CHARGING_POINT),
    _offer(Trade.LIFTS, "Lift inspection", 25, _needs(("lift", 2)), 7, price=2_200),
    _offer(Trade.LIFTS, "Lift fault", 50, _needs(("lift", 3)), 4, price=4_100,
           parts={"control-board": 1}),
    _offer(Trade.LIFTS, "Lift cable", 70, _ANYBODY, 1, price=9_800, crew=_LIFT_PAIR),
    _offer(Trade.APPLIANCES, "Oven check", 20, _needs(("white-goods", 1)), 5, price=890),
    _offer(Trade.APPLIANCES, "Dishwasher fitting", 25, _needs(("white-goods", 1)), 5, price=1_290),
    _offer(Trade.APPLIANCES, "Washing machine repair", 45, _needs(("white-goods", 2)), 6,
           price=1_890, parts={"control-board": 1}),
    _offer(Trade.APPLIANCES, "Refrigerator repair", 50, _needs(("white-goods", 3)), 3, price=2_450),
    _offer(Trade.FIBRE, "Router change", 15, _needs(("fibre", 1)), 7, price=690,
           parts={"router": 1}),
    _offer(Trade.FIBRE, "Fibre fault", 25, _needs(("fibre", 2)), 6, price=1_490),
    _offer(Trade.FIBRE, "Fibre connection", 45, _needs(("fibre", 2)), 5, price=2_300,
           parts={"router": 1}),
    _offer(Trade.FIBRE, "Fibre splice", 60, _needs(("fibre", 4)), 2, price=3_600),
)  # fmt: skip
JOB_TYPES = tuple(offer.type for offer in OFFERS)
