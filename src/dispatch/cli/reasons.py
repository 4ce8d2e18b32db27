"""The sentences of reasons."""

from __future__ import annotations

from dispatch import texts
from dispatch.domain.plan import Reason


def sentence(reason: Reason, lang: str) -> str:
    """Why a job is left out, or why one technician could not take it."""
    return texts.say(f"reason.{reason.code}", lang, **reason.values)


def for_customer(reason: Reason, lang: str) -> str | None:
    """What a customer could be told; None for a reason that is nobody's business outside."""
    key = f"reason.{reason.code}.customer"
    known = texts.catalogue(lang)
    return texts.say(key, lang, **reason.values) if key in known else None
