"""Every job is served by all its seats, once, or left out; a route has work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dispatch.planning.verify.facts import Facts
from dispatch.planning.verify.fault import Fault


def served_or_left_out(facts: Facts) -> Iterator[Fault]:
    """Each job is the one or the other, and said to be left out only once."""
    left_out = Counter(entry.job for entry in facts.plan.unassigned)
    served = facts.served()
    for job in facts.day.jobs:
        if job.id in served and left_out[job.id]:
            yield Fault(code="job.contradictory", job=job.id)
        if job.id not in served and not left_out[job.id]:
            yield Fault(code="job.forgotten", job=job.id)
        if left_out[job.id] > 1:
            yield Fault(code="job.left-out-twice", job=job.id)


def every_seat_once(facts: Facts) -> Iterator[Fault]:
    """A job that is served has one visit for each seat of its crew."""
    for job, visits in facts.served().items():
        counts = Counter(stop.planned.seat for _, stop in visits)
        for seat in range(len(facts.day.seats(facts.day.jobs_by_id[job]))):
            if counts[seat] == 0:
                yield Fault(code="seat.missing", job=job, values={"seat": seat})
            if counts[seat] > 1:
                yield Fault(
                    code="seat.twice", job=job, values={"seat": seat, "times": counts[seat]}
                )


def work_on_every_route(facts: Facts) -> Iterator[Fault]:
    """Only shifts with work have a route."""
    for known in facts.routes:
        if not known.route.visits:
            yield known.fault("route.empty")
