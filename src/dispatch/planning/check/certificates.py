"""A certificate that runs out before the day's last date."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.domain.day import Day
from dispatch.errors import Finding
from dispatch.planning.check.pointer import at
from dispatch.planning.horizon import Horizon


def expiring(day: Day) -> Iterator[Finding]:
    """A warning for each held skill that is valid on the first date and not on the last."""
    horizon = Horizon.of(day)
    first, last = horizon.local_date(0), horizon.local_date(max(0, horizon.end_s - 1))
    for index, technician in enumerate(day.technicians):
        for number, held in enumerate(technician.skills):
            if held.expires is not None and first <= held.expires < last:
                yield Finding(
                    "technician.certificate-expires",
                    at("technicians", index, "skills", number, "expires"),
                    {
                        "technician": technician.id,
                        "skill": held.skill,
                        "expires": held.expires.isoformat(),
                    },
                    severity="warning",
                )
