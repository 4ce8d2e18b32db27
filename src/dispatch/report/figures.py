"""Figures as people read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.domain.money import amount
from dispatch.texts import say


def duration(seconds: int, lang: str) -> str:
    """Rounded to minutes: ``3 h 05 min``."""
    hours, minutes = divmod((seconds + 30) // 60, 60)
    if not hours:
        return say("report.page.figure.minutes", lang, minutes=minutes)
    return say("report.page.figure.hours", lang, hours=f"{hours:,}", minutes=f"{minutes:02d}")


def distance(metres: int, lang: str) -> str:
    """In kilometres: ``12.4 km``; whole ones from a hundred on."""
    kilometres = metres / 1000
    return say(
        "report.page.figure.kilometres",
        lang,
        kilometres=f"{kilometres:,.0f}" if kilometres >= 100 else f"{kilometres:.1f}",
    )


def money(minor: int, currency: str) -> str:
    """In the currency's major unit, without its name: ``1,234.50``."""
    return amount(minor, currency).removesuffix(f" {currency}")


def percent(part: float) -> str:
    """Whole percent: ``73 %``."""
    return f"{part:.0%}".replace("%", "\u202f%")


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """The wall clock of the zone: ``08:05``."""
    return moment.astimezone(zone).strftime("%H:%M")
