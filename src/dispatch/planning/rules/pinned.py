"""A pinned visit stays with its technician, and in its shift where the pin names one."""

from __future__ import annotations

from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Miss, Rule
from dispatch.planning.visit import Visit


def _asks(visit: Visit) -> tuple[str, str | None] | None:
    return (visit.pin.technician, visit.pin.shift) if visit.pin else None


def _offers(duty: Duty) -> tuple[str, str]:
    return duty.technician.id, duty.shift.id


def _compare(pin: tuple[str, str | None] | None, duty: tuple[str, str]) -> Miss | None:
    if pin is None:
        return None
    pinned_technician, pinned_shift = pin
    technician, shift = duty
    if technician != pinned_technician:
        return Miss("pin.technician", {"pinned": pinned_technician})
    if pinned_shift not in (None, shift):
        return Miss("pin.shift", {"pinned": pinned_shift or "", "shift": shift})
    return None


PINNED = Rule(_asks, _offers, _compare)
