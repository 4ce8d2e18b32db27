"""The van carries the parts that the jobs of its route use up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dispatch.planning.verify.facts import Facts
from dispatch.planning.verify.fault import Fault


def capacity(facts: Facts) -> Iterator[Fault]:
    """A job's parts, its type's and its own, come from the van of its first seat."""
    for known in facts.routes:
        used: Counter[str] = Counter()
        for stop in known.stops:
            if stop.planned.seat == 0:
                used.update(stop.type.parts)
                used.update(stop.job.parts)
        for part, found in sorted(used.items()):
            carried = known.technician.capacity.get(part, 0)
            if found > carried:
                yield known.fault("parts.capacity", part=part, carried=carried, found=found)
