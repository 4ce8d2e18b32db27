"""The sentences of reasons: why a job is left out, with people's names in place of their ids."""

from __future__ import annotations

from collections.abc import Mapping

from dispatch.domain.day import Day
from dispatch.domain.plan import Reason
from dispatch.errors import Value
from dispatch.texts import catalogue


def sentence(reason: Reason, day: Day, lang: str) -> str:
    """Why a job is left out, or why one technician could not take it.

    A reason that the catalogue cannot say, which a plan from elsewhere may hold, is shown by its
    code and values.
    """
    told = _told(f"reason.{reason.code}", reason, day, lang)
    if told is None:
        return ", ".join([reason.code, *(f"{key} {value}" for key, value in reason.values.items())])
    return told


def for_customer(reason: Reason, day: Day, lang: str) -> str | None:
    """What a customer could be told; None for a reason that is nobody's business outside."""
    return _told(f"reason.{reason.code}.customer", reason, day, lang)


def technician_name(technician: str, day: Day) -> str:
    """What people call a technician: the name, or the id where the day has none."""
    known = day.technicians_by_id.get(technician)
    return known.name or technician if known else technician


def _told(key: str, reason: Reason, day: Day, lang: str) -> str | None:
    template = catalogue(lang).get(key)
    try:
        return template.format(**_named(reason, day)) if template else None
    except (LookupError, ValueError):
        return None


def _named(reason: Reason, day: Day) -> Mapping[str, Value]:
    """The values of a reason, the technicians among them by name."""
    people = ("nearest", "required", *(("pinned",) if reason.code == "pin.technician" else ()))
    return {
        key: _names(str(value), day) if key in people else value
        for key, value in reason.values.items()
    }


def _names(ids: str, day: Day) -> str:
    return ", ".join(technician_name(one, day) for one in ids.split(", "))
