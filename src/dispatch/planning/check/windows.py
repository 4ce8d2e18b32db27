"""A window that does not touch the day is probably of another one."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.errors import Finding
from dispatch.planning.check.pointer import at


def outside_windows(day: Day) -> Iterator[Finding]:
    """A warning for each window that lies wholly outside the horizon."""
    for index, job in enumerate(day.jobs):
        for number, window in enumerate(job.windows):
            if elapsed_s(window.end, day.start) > 0 or elapsed_s(day.end, window.start) > 0:
                yield Finding(
                    "window.outside",
                    at("jobs", index, "windows", number),
                    {
                        "job": job.id,
                        "start": window.start.isoformat(),
                        "end": window.end.isoformat(),
                    },
                    severity="warning",
                )
