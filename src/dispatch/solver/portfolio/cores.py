"""How many cores this process may use."""

from __future__ import annotations

import os
from pathlib import Path

CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Microseconds of processor in a period, and the period, of a container (Linux, control group
v2)."""


def usable_cores(quota: Path = CPU_QUOTA) -> int:
    """Those that the system lets this process run on, and a container no more than its quota."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        share, period = quota.read_text().split()
        granted = max(1, int(share) // int(period))
    except (OSError, ValueError):  # no container, or one without a quota ("max")
        granted = allowed or 1
    return min(allowed or 1, granted)
