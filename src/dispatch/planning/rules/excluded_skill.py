"""Nobody does a visit that their skill rules out: no apprentice alone, say."""

from __future__ import annotations

from datetime import date

from dispatch.domain.skill import HeldSkill
from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Miss, Rule
from dispatch.planning.visit import Visit


def _asks(visit: Visit) -> tuple[str, ...]:
    return visit.needs.none_of


def _offers(duty: Duty) -> tuple[tuple[HeldSkill, ...], date]:
    return duty.technician.skills, duty.first_date


def _compare(excluded: tuple[str, ...], holding: tuple[tuple[HeldSkill, ...], date]) -> Miss | None:
    skills, first = holding
    for held in skills:
        if held.skill in excluded and held.valid_on(first):
            return Miss("skill.excluded", {"skill": held.skill})
    return None


EXCLUDED_SKILL = Rule(_asks, _offers, _compare)
