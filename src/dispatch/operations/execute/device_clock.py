"""How wrong the clock of a device is, and what that makes of what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MOST_BELIEVED = timedelta(days=250 * 365)
"""A clock that is further off is not broken by an amount: its times are taken as they are."""


def behind_s(sent_at: datetime, now: datetime) -> int:
    """How far a device's clock was behind ours, in whole seconds; negative if it was ahead."""
    # sent_at itself may be so near an end of the calendar that it is none in UTC
    return (now.astimezone(UTC) - sent_at) // timedelta(seconds=1)


def by_our_clock(said: datetime, skew_s: int) -> datetime:
    """When something happened, from when the device says it has."""
    skew = timedelta(seconds=skew_s)
    return said + skew if abs(skew) <= MOST_BELIEVED else said
