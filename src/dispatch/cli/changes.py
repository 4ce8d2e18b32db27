"""What a plan changes of the published schedule, and why, in lines or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispatch.cli.terminal import Terminal
from dispatch.domain.day import Day
from dispatch.domain.money import amount
from dispatch.domain.plan import CostKind
from dispatch.planning.explain.changes import ExplainedChange
from dispatch.report.reasons import sentence, technician_name


def print_changes(terminal: Terminal, day: Day, changes: Sequence[ExplainedChange]) -> None:
    """Two lines for each change: what, and why."""
    for explained in changes:
        change = explained.change
        kind: str = change.kind.value
        if change.kind is CostKind.PROMISE_MOVED:
            kind += "_later" if change.by_s > 0 else "_earlier"
        terminal.say(
            f"explain.changed.{kind}",
            job=change.job,
            technician=technician_name(change.technician, day),
            minutes=-(-abs(change.by_s) // 60),
            cost=amount(change.minor, day.policy.currency),
        )
        terminal.out.print(f"  {sentence(explained.reason, day, terminal.lang)}")
    if not changes:
        terminal.say("explain.unchanged")


def changes_json(
    day: Day, changes: Sequence[ExplainedChange], lang: str
) -> Sequence[Mapping[str, object]]:
    """The same with seconds and minor units."""
    return [
        {
            "kind": explained.change.kind.value,
            "job": explained.change.job,
            "seat": explained.change.seat,
            "technician": explained.change.technician,
            "shift": explained.change.shift,
            "by_s": explained.change.by_s,
            "minor": explained.change.minor,
            "reason": {
                "code": explained.reason.code,
                "values": dict(explained.reason.values),
                "sentence": sentence(explained.reason, day, lang),
            },
        }
        for explained in changes
    ]
