from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.planning.made import REPAIR, at, held, job, pair, shift, technician

from dispatch.domain.policy import Policy
from dispatch.domain.shift import Shift
from dispatch.domain.skill import HeldSkill, NeededSkill, SkillNeeds
from dispatch.planning.rules.excluded_skill import EXCLUDED_SKILL
from dispatch.planning.rules.skill import OVER_QUALIFIED, SKILL

GAS, POWER = NeededSkill(skill="gas", min_level=2), NeededSkill(skill="power", min_level=3)
TODAY, YESTERDAY = date(2026, 3, 3), date(2026, 3, 2)


def missed(needs: SkillNeeds, *skills: HeldSkill, **more: Any) -> tuple[str, dict[str, Any]] | None:
    miss = SKILL.miss(*pair(job(needs=needs), technician(skills=skills, **more)))
    return (miss.code, dict(miss.values)) if miss else None


def test_the_level_needed_is_enough() -> None:
    assert missed(SkillNeeds(all_of=(GAS,)), held("gas", 2)) is None


def test_a_skill_not_held_is_missing() -> None:
    found = missed(SkillNeeds(all_of=(GAS,)), held("power", 5))
    assert found == ("skill.missing", {"skill": "gas", "level": 2})


def test_a_level_too_low_says_both_levels() -> None:
    found = missed(SkillNeeds(all_of=(GAS,)), held("gas", 1))
    assert found == ("skill.level", {"skill": "gas", "level": 2, "has": 1})


def test_a_certificate_counts_on_its_last_day() -> None:
    needs = SkillNeeds(all_of=(GAS,))
    assert missed(needs, held("gas", 2, expires=TODAY)) is None
    found = missed(needs, held("gas", 2, expires=YESTERDAY))
    assert found == ("skill.expired", {"skill": "gas", "expired": "2026-03-02"})


def test_a_certificate_has_to_last_through_a_night_shift() -> None:
    night = Shift(id="night", start=at(20), end=at(23), overtime_s=3_600)
    needs = SkillNeeds(all_of=(GAS,))
    expiring = held("gas", 2, expires=TODAY)
    assert missed(needs, expiring, shifts=(shift(),)) is None
    found = missed(needs, expiring, shifts=(night,))
    assert found is not None
    assert found[0] == "skill.expired"


def test_of_several_shortfalls_the_gravest_is_told() -> None:
    found = missed(SkillNeeds(all_of=(GAS, POWER)), held("gas", 1))
    assert found == ("skill.missing", {"skill": "power", "level": 3})


@pytest.mark.parametrize("skills", [(held("gas", 2),), (held("power", 3),)])
def test_one_of_the_alternatives_is_enough(skills: tuple[HeldSkill, ...]) -> None:
    assert missed(SkillNeeds(any_of=(GAS, POWER)), *skills) is None


def test_without_any_alternative_all_are_named() -> None:
    found = missed(SkillNeeds(any_of=(GAS, POWER)))
    assert found == ("skill.any", {"skills": "gas, power"})


def test_the_nearest_alternative_is_told() -> None:
    found = missed(SkillNeeds(any_of=(GAS, POWER)), held("power", 2))
    assert found == ("skill.level", {"skill": "power", "level": 3, "has": 2})


def test_an_excluded_skill_rules_out_while_it_is_valid() -> None:
    wanted = job(needs=SkillNeeds(none_of=("gas",)))
    miss = EXCLUDED_SKILL.miss(*pair(wanted, technician(skills=(held("gas", 1),))))
    assert miss is not None
    assert (miss.code, miss.values) == ("skill.excluded", {"skill": "gas"})
    lapsed = technician(skills=(held("gas", 1, expires=YESTERDAY),))
    assert EXCLUDED_SKILL.miss(*pair(wanted, lapsed)) is None
    assert EXCLUDED_SKILL.miss(*pair(wanted, technician(skills=(held("power"),)))) is None


@pytest.mark.parametrize(
    ("needs", "levels"),
    [
        (SkillNeeds(), 0),
        (SkillNeeds(all_of=(GAS,)), 3),
        (SkillNeeds(all_of=(GAS, POWER)), 3),
        (SkillNeeds(any_of=(GAS, POWER)), 1),
        (SkillNeeds(all_of=(POWER,), any_of=(GAS,)), 3),
    ],
)
def test_over_qualification_counts_the_skill_exceeded_most(needs: SkillNeeds, levels: int) -> None:
    expert = technician(skills=(held("gas", 5), held("power", 4)))
    policy = Policy(over_qualified_minor_per_level=10)
    assert OVER_QUALIFIED.minor(*pair(job(needs=needs), expert), policy) == 10 * levels


@pytest.mark.parametrize("skills", [(held("gas", 2),), (held("power", 3),)])
def test_what_the_type_and_the_job_leave_a_choice_of_is_asked_for_apart(
    skills: tuple[HeldSkill, ...],
) -> None:
    """One who may do either of a type's trades does not speak any of a job's languages thereby."""
    either_trade, either_language = SkillNeeds(any_of=(GAS,)), SkillNeeds(any_of=(POWER,))
    trade = replace(REPAIR, needs=either_trade)
    wanted = job(needs=either_language)
    assert SKILL.miss(*pair(wanted, technician(skills=skills), job_types=(trade,))) is not None
    both = technician(skills=(held("gas", 2), held("power", 3)))
    assert SKILL.miss(*pair(wanted, both, job_types=(trade,))) is None
