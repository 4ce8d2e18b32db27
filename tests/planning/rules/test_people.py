from __future__ import annotations

from tests.planning.made import job, pair, technician

from dispatch.domain.job import Pin
from dispatch.domain.policy import Policy
from dispatch.planning.rules.fee import VISIT_FEE
from dispatch.planning.rules.pinned import PINNED
from dispatch.planning.rules.preferred import NOT_PREFERRED
from dispatch.planning.rules.prohibited import PROHIBITED
from dispatch.planning.rules.required import REQUIRED
from dispatch.planning.rules.rule import Miss


def test_anybody_may_do_a_job_that_requires_nobody() -> None:
    assert REQUIRED.miss(*pair()) is None


def test_only_the_required_may_do_it() -> None:
    wanted = job(required_technicians=("T1", "T2"))
    assert REQUIRED.miss(*pair(wanted, technician("T2"))) is None
    missed = REQUIRED.miss(*pair(wanted, technician("T3")))
    assert missed == Miss("technician.required", {"required": "T1, T2"})


def test_the_prohibited_may_not() -> None:
    wanted = job(prohibited_technicians=("T1",))
    assert PROHIBITED.miss(*pair(wanted, technician("T1"))) == Miss("technician.prohibited")
    assert PROHIBITED.miss(*pair(wanted, technician("T2"))) is None


def test_a_job_that_prefers_somebody_else_has_a_price() -> None:
    policy = Policy(not_preferred_technician_minor=77)
    wanted = job(preferred_technicians=("T1",))
    assert NOT_PREFERRED.minor(*pair(wanted, technician("T1")), policy) == 0
    assert NOT_PREFERRED.minor(*pair(wanted, technician("T2")), policy) == 77
    assert NOT_PREFERRED.minor(*pair(job(), technician("T2")), policy) == 0


def test_a_pin_holds_the_technician() -> None:
    wanted = job(pins=(Pin(technician="T1"),))
    assert PINNED.miss(*pair(wanted, technician("T1"))) is None
    missed = PINNED.miss(*pair(wanted, technician("T2")))
    assert missed == Miss("pin.technician", {"pinned": "T1"})


def test_a_pin_may_hold_the_shift() -> None:
    wanted = job(pins=(Pin(technician="T1", shift="late"),))
    missed = PINNED.miss(*pair(wanted, technician("T1")))
    assert missed == Miss("pin.shift", {"pinned": "late", "shift": "day"})


def test_whoever_is_paid_by_the_visit_costs_the_fee() -> None:
    assert VISIT_FEE.minor(*pair(person=technician(visit_minor=990)), Policy()) == 990
