"""A job that follows another starts so long after that one has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dispatch.domain.clock import elapsed_s
from dispatch.domain.job import Dependency
from dispatch.planning.verify.facts import Facts, KnownRoute, Stop
from dispatch.planning.verify.fault import Fault


def dependencies(facts: Facts) -> Iterator[Fault]:
    """The job before is served, and the delay is neither shorter nor longer than allowed."""
    served = facts.served()
    for job, visits in served.items():
        first = min(visits, key=lambda visit: elapsed_s(facts.day.start, visit[1].planned.start))
        for dependency in facts.day.jobs_by_id[job].dependencies:
            before = served.get(dependency.job, ())
            ends = [stop.planned.end for _, stop in before]
            yield from _broken(dependency, ends, *first)


def _broken(
    dependency: Dependency, ends: list[datetime], known: KnownRoute, stop: Stop
) -> Iterator[Fault]:
    if not ends:
        yield known.fault("dependency.missing", stop, before=dependency.job)
        return
    # Counted from the last end: the shortest of the delays.
    found = min(elapsed_s(end, stop.planned.start) for end in ends)
    early_s = dependency.min_delay_s - found
    late_s = 0 if dependency.max_delay_s is None else found - dependency.max_delay_s
    if early_s > 0:
        yield known.fault("dependency.early", stop, before=dependency.job, by_s=early_s)
    if late_s > 0:
        yield known.fault("dependency.late", stop, before=dependency.job, by_s=late_s)
