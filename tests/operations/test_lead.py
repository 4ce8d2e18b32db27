"""Leaders take offers for their people, and nobody else does."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.databases import OWNER
from tests.operations.boards import TRAVEL
from tests.operations.pools import PHONE, claim, code, limits, offer, owner_of, person
from tests.planning.made import day as made_day
from tests.planning.made import job, spot, technician, window

from dispatch.domain.site import Outlet
from dispatch.domain.states.offer import OfferMode
from dispatch.errors import Missing, Refused
from dispatch.operations.import_day import import_day
from dispatch.operations.pool.lead import claim_for, look_as_leader, people_for
from dispatch.operations.pool.look import look_at_pool
from dispatch.operations.pool.settings import open_for_work
from dispatch.store.database import Database

LEADERS = OfferMode.LEADERS


@pytest.fixture
def network(database: Database) -> Database:
    """L leads the branch and T1 of it, T2 of the shop below; S is of another branch."""
    outlets = (
        Outlet(id="branch", position=spot()),
        Outlet(id="shop", position=spot(), parent="branch"),
        Outlet(id="south", position=spot()),
    )
    people = [
        technician("L", outlet="branch"),
        technician("T1", outlet="branch"),
        technician("T2", outlet="shop", home=spot(20)),
        technician("S", outlet="south"),
    ]
    day = made_day([job("J1", windows=(window(9, 9),)), job("J2")], people, outlets=outlets)
    import_day(database, OWNER, day, outlet="branch")
    limits(database, "L", leader=True)
    limits(database, "S", leader=True)
    return database


def lead(database: Database, leader: str, wanted: UUID, key: str) -> str:
    who, whom = person(database, leader), person(database, key)
    try:
        claim_for(database, PHONE, who, wanted, TRAVEL, technician=whom)
    except (Missing, Refused) as error:
        return error.code
    return "won"


def test_a_leader_takes_it_for_one_of_their_people(network: Database) -> None:
    wanted = offer(network, "J1", LEADERS)
    (told,) = look_as_leader(network, PHONE, person(network, "L"))
    assert (told.offer, told.area, told.job_type) == (wanted, "right", "repair")
    assert set(told.__slots__).isdisjoint({"address", "site", "name", "phone", "lat", "lon"})
    people = people_for(network, PHONE, person(network, "L"), wanted, TRAVEL)
    assert {entry.key: entry.reason for entry in people} == dict.fromkeys(("L", "T1", "T2"))
    assert lead(network, "L", wanted, "T2") == "won"
    assert owner_of(network, "J1") == "T2"
    assert lead(network, "L", wanted, "T1") == "claim.lost"
    assert look_as_leader(network, PHONE, person(network, "L")) == []


def test_nobody_else_sees_it_or_takes_it(network: Database) -> None:
    wanted = offer(network, "J1", LEADERS)
    for key in ("L", "T1"):
        assert look_at_pool(network, PHONE, person(network, key), TRAVEL) == []
        assert claim(network, wanted, key) == "store.missing"
    for key in ("T1", "T2", "S"):  # S leads another outlet
        assert look_as_leader(network, PHONE, person(network, key)) == []
        assert lead(network, key, wanted, key) == "store.missing"
        with pytest.raises(Missing):
            people_for(network, PHONE, person(network, key), wanted, TRAVEL)
    assert owner_of(network, "J1") is None


def test_a_leader_gives_to_nobody_who_is_not_theirs(network: Database) -> None:
    wanted = offer(network, "J1", LEADERS)
    assert lead(network, "L", wanted, "S") == "store.missing"
    assert lead(network, "L", offer(network, "J2"), "T1") == "store.missing"
    assert owner_of(network, "J1") is None


def test_the_rules_hold_for_whom_a_leader_names(network: Database) -> None:
    wanted, other = offer(network, "J1", LEADERS), offer(network, "J2", LEADERS)
    open_for_work(network, PHONE, person(network, "T1"), wanted=False)
    limits(network, "T2", claims_a_day=1)
    assert lead(network, "L", wanted, "T1") == "claim.closed"
    assert lead(network, "L", other, "T2") == "won"
    assert lead(network, "L", wanted, "T2") == "claim.daily"
    people = people_for(network, PHONE, person(network, "L"), wanted, TRAVEL)
    reasons = {entry.key: entry.reason for entry in people}
    assert reasons == {"L": None, "T1": "claim.closed", "T2": "claim.daily"}


def test_who_leads_no_more_takes_nothing(network: Database) -> None:
    wanted = offer(network, "J1", LEADERS)
    limits(network, "L", leader=False)
    with pytest.raises(Missing) as gone:
        claim_for(
            network,
            PHONE,
            person(network, "L"),
            wanted,
            TRAVEL,
            technician=person(network, "T1"),
        )
    assert code(gone) == "store.missing"
