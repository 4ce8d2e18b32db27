"""A sample day on another date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.domain.clock import localise
from dispatch.domain.day import Day


def moved(day: Day, to: date) -> Day:
    """The same day on ``to``: every clock shows what it did, and certificates expire as late."""
    zone = day.zone_info
    by = to - day.start.astimezone(zone).date()
    shifted: Day = _moved(day, by, zone)
    return shifted


def _moved(value: Any, by: timedelta, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return localise((value.astimezone(zone) + by).replace(tzinfo=None), zone)
    if isinstance(value, date):
        return value + by
    if isinstance(value, tuple):
        return tuple(_moved(entry, by, zone) for entry in value)
    if isinstance(value, Mapping):
        return {key: _moved(entry, by, zone) for key, entry in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{
                field.name: _moved(getattr(value, field.name), by, zone)
                for field in fields(value)
                if field.init
            },
        )
    return value
