from __future__ import annotations

from tests.planning.made import job, pair, technician

from dispatch.domain.policy import Policy
from dispatch.planning.rules import rules_of
from dispatch.planning.rules.parts import PARTS
from dispatch.planning.rules.rule import Miss
from dispatch.planning.rules.territory import FOREIGN_TERRITORY, TERRITORY


def test_a_territory_holds_where_the_policy_says_so() -> None:
    assert TERRITORY in rules_of(Policy(territories_hold=True))
    assert TERRITORY not in rules_of(Policy())


def test_outside_their_territories_nobody_works() -> None:
    lefty = technician(territories=("left",))
    assert TERRITORY.miss(*pair(job(site="west"), lefty)) is None
    missed = TERRITORY.miss(*pair(job(site="east"), lefty))
    assert missed == Miss("territory", {"territory": "right", "own": "left"})


def test_without_a_territory_there_is_no_outside() -> None:
    assert TERRITORY.miss(*pair(job(site="far"), technician(territories=("left",)))) is None
    assert TERRITORY.miss(*pair(job(site="east"), technician())) is None


def test_a_foreign_territory_has_a_price() -> None:
    policy = Policy(foreign_territory_minor=31)
    lefty = technician(territories=("left",))
    assert FOREIGN_TERRITORY.minor(*pair(job(site="east"), lefty), policy) == 31
    assert FOREIGN_TERRITORY.minor(*pair(job(site="west"), lefty), policy) == 0


def test_the_van_carries_what_the_job_uses() -> None:
    wanted = job(parts={"pump": 2, "hose": 1})
    roomy = technician(capacity={"pump": 2, "hose": 1})
    assert PARTS.miss(*pair(wanted, roomy)) is None
    missed = PARTS.miss(*pair(wanted, technician(capacity={"pump": 1, "hose": 1})))
    assert missed == Miss("parts", {"part": "pump", "wanted": 2, "room": 1}, 1)


def test_a_part_that_is_not_named_is_not_carried() -> None:
    missed = PARTS.miss(*pair(job(parts={"hose": 3}), technician(capacity={"pump": 9})))
    assert missed == Miss("parts", {"part": "hose", "wanted": 3, "room": 0}, 3)
