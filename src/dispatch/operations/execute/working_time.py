"""When somebody has worked at a visit, and how long: from start to end, without pauses."""

from __future__ import annotations

from datetime import datetime

from dispatch.domain.action import ActionKind
from dispatch.domain.clock import elapsed_s
from dispatch.domain.states.visit import ENDED
from dispatch.store.rows.jobs import VisitRow


def count_time(kind: ActionKind, visit: VisitRow, happened_at: datetime) -> None:
    """Let an action, after its move, begin or end the work, or a pause of it.

    Whatever clocks say, nothing ends before it began.
    """
    if kind is ActionKind.START:
        visit.began_at = happened_at
    if visit.paused_at is not None:
        visit.paused_s += max(0, elapsed_s(visit.paused_at, happened_at))
        visit.paused_at = None
    if kind is ActionKind.PAUSE:
        visit.paused_at = happened_at
    if visit.state in ENDED:
        visit.ended_at = max(happened_at, visit.began_at or happened_at)


def worked_s(visit: VisitRow, ended_at: datetime) -> int | None:
    """How long it was worked; None where nobody knows when it began."""
    if visit.began_at is None:
        return None
    return max(0, elapsed_s(visit.began_at, ended_at) - visit.paused_s)
