"""Who may do a job at all: required and prohibited technicians, territories that hold."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.domain.technician import Technician
from dispatch.planning.verify.facts import Facts, Stop
from dispatch.planning.verify.fault import Fault


def required(facts: Facts) -> Iterator[Fault]:
    """A job that requires technicians is done by one of them."""
    for known, stop in facts.stops():
        wanted = stop.job.required_technicians
        if wanted and known.technician.id not in wanted:
            yield known.fault("technician.not-required", stop, required=", ".join(wanted))


def prohibited(facts: Facts) -> Iterator[Fault]:
    """Nobody does a job that they are kept away from."""
    for known, stop in facts.stops():
        if known.technician.id in stop.job.prohibited_technicians:
            yield known.fault("technician.prohibited", stop)


def territories(facts: Facts) -> Iterator[Fault]:
    """Where territories hold, nobody works outside their own."""
    if not facts.day.policy.territories_hold:
        return
    for known, stop in facts.stops():
        if is_foreign(stop, known.technician):
            yield known.fault("territory.foreign", stop, territory=stop.site.territory or "")


def is_foreign(stop: Stop, technician: Technician) -> bool:
    """Whether the site lies in a territory, the technician has some, and that is none of them."""
    territory = stop.site.territory
    return bool(territory and technician.territories) and territory not in technician.territories
