"""What has happened, and what it is told on paper."""

from __future__ import annotations

from tests.api.tours.asking import DAY, Tour


def record(asked: Tour) -> None:
    """What technicians and dispatchers saw differently, the log, and exports."""
    conflict = asked.ask("conflicts.list")["items"][0]["id"]
    asked.ask("conflicts.settle", {"accept": False, "why": "It was handed on."}, conflict=conflict)
    asked.ask("events.list")
    for what in ("jobs", "visits"):
        asked.ask(f"exports.{what}", day=DAY)
    asked.ask("exports.events", until=3)
