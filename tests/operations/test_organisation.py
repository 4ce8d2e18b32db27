"""What holds for the whole network is changed by whoever may, and by no file in passing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.planning.made import day, job, technician

from dispatch.domain.day import Day
from dispatch.domain.named import EVERYTHING
from dispatch.domain.policy import Policy
from dispatch.domain.speed import Speed
from dispatch.errors import DispatchError, InvalidInput, InvalidValue, Refused, Stale
from dispatch.formats.day_json import DAY_JSON, day_json, named_in, read_day
from dispatch.operations.import_day import import_day
from dispatch.operations.network.organisation import OrganisationEdit, change_organisation
from dispatch.store.database import Database
from dispatch.store.organisation import Rules, organisation_of, rules_of
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.job_types import ServiceItemRow

RUSH = Speed(start="07:00", end="09:00", percent=60)
DEAR = Policy(currency="CNY", wage_minor_per_h=9_000, mandatory_minor=1)


def empty(**more: Any) -> Day:
    """A day on which nothing is to be done, and nobody works."""
    return replace(day([]), technicians=(), jobs=(), policy=DEAR, speeds=(RUSH,), **more)


def rules(database: Database) -> Rules:
    with database.work(OWNER) as work:
        return rules_of(organisation_of(work.session))


def sent(database: Database, document: dict[str, Any], **how: Any) -> Any:
    """A file as somebody sends it, who may set what it names."""
    read = read_day(json.dumps(document).encode())
    return import_day(database, OWNER, read, named=named_in(document), **{"may_set": True} | how)


def bare() -> dict[str, Any]:
    """The least that a file says."""
    document = DAY_JSON.document(empty())
    return {name: document[name] for name in ("format", "version", "id", "zone", "start", "end")}


def refused(database: Database, document: dict[str, Any], **how: Any) -> list[tuple[str, str]]:
    before = rules(database)
    with pytest.raises(InvalidInput) as told:
        sent(database, document, **how)
    assert rules(database) == before
    return [(one.code, one.place.pointer or "") for one in told.value.findings]


def test_what_a_file_does_not_name_stays(database: Database) -> None:
    import_day(database, OWNER, empty())
    before = rules(database)
    done = sent(database, bare())
    assert rules(database) == before
    assert (before.policy, before.speeds) == (DEAR, (RUSH,))
    assert (done.kinds["organisation"].same, done.organisation) == (1, ())


def test_price_by_price(database: Database) -> None:
    import_day(database, OWNER, empty())
    usual = dict(Policy().lateness_minor_per_min)
    sent(database, bare() | {"policy": {"travel_minor_per_km": 7}})
    assert rules(database).policy == replace(DEAR, travel_minor_per_km=7)
    late = usual | {1: 9}
    sent(database, bare() | {"policy": {"lateness_minor_per_min": late}, "speeds": []})
    now = rules(database)
    assert now.policy == replace(DEAR, travel_minor_per_km=7, lateness_minor_per_min=late)
    assert now.speeds == ()


def test_a_usual_price_that_is_named_is_meant(database: Database) -> None:
    import_day(database, OWNER, empty())
    usual = Policy().wage_minor_per_h
    sent(database, bare() | {"policy": {"wage_minor_per_h": usual}})
    assert rules(database).policy == replace(DEAR, wage_minor_per_h=usual)


def test_a_preview_tells_of_it_and_changes_nothing(database: Database) -> None:
    import_day(database, OWNER, empty())
    before = rules(database)
    document = bare() | {"policy": {"wage_minor_per_h": 1}, "zone": "UTC"}
    done = sent(database, document, preview=True)
    assert rules(database) == before
    assert [(one.name, one.before, one.after) for one in done.organisation] == [
        ("zone", before.zone, "UTC"),
        ("policy/wage_minor_per_h", 9_000, 1),
    ]
    assert done.kinds["organisation"].changed == 1
    assert sent(database, document) == done


def test_who_may_not_edit_the_network_says_what_the_record_says(database: Database) -> None:
    import_day(database, OWNER, empty())
    document = bare() | {
        "zone": "UTC",
        "policy": {"currency": "USD", "wage_minor_per_h": 1},
        "speeds": [],
    }
    names = ("/zone", "/policy/currency", "/policy/wage_minor_per_h", "/speeds")
    told = refused(database, document, may_set=False)
    assert told == [("import.not-yours", name) for name in names]
    whole = json.loads(day_json(empty()))
    assert sent(database, whole, may_set=False).kinds["organisation"].same == 1


def test_the_first_file_sets_the_network_up(database: Database) -> None:
    done = sent(database, json.loads(day_json(empty())), may_set=False)
    assert done.kinds["organisation"].added == 1
    assert rules(database).policy == DEAR


@pytest.mark.parametrize(
    ("holder", "more", "expected"),
    [
        (day([job("J1")]), {"zone": "UTC"}, [("organisation.zone-held", "/zone")]),
        (day([], [technician("T1")]), {"zone": "UTC"}, [("organisation.zone-held", "/zone")]),
        (
            day([job("J1")]),
            {"policy": {"currency": "USD"}},
            [("organisation.currency-held", "/policy/currency")],
        ),
    ],
    ids=["zone and jobs", "zone and shifts", "currency and jobs"],
)
def test_what_things_hang_on_stays(
    database: Database, holder: Day, more: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    import_day(database, OWNER, holder)
    for preview in (True, False):
        assert refused(database, bare() | more, preview=preview) == expected


def test_a_currency_stays_as_long_as_a_service_item_has_a_fee_in_it(database: Database) -> None:
    import_day(database, OWNER, empty())
    with database.work(OWNER) as work:
        row = ServiceItemRow(key="I1", name="Call-out", fee_minor=100, currency="CNY")
        work.session.add(row)
        work.commit()
    told = refused(database, bare() | {"policy": {"currency": "USD"}})
    assert told == [("organisation.currency-held", "/policy/currency")]
    with pytest.raises(InvalidInput) as held:
        edit(database, prices={"currency": "USD"})
    assert [one.code for one in held.value.findings] == ["organisation.currency-held"]


def edit(database: Database, *, expected: int = 1, **wanted: Any) -> None:
    change_organisation(database, OWNER, OrganisationEdit(**wanted), expected=expected)


def test_by_hand_too_what_is_not_named_stays(database: Database) -> None:
    import_day(database, OWNER, empty())
    edit(database, name="North", prices={"unserved_minor": {2: 5}, "currency": "EUR"})
    now = rules(database)
    unserved = {**DEAR.unserved_minor, 2: 5}
    assert now.policy == replace(DEAR, unserved_minor=unserved, currency="EUR")
    assert now.speeds == (RUSH,)
    edit(database, expected=2, speeds=())
    assert rules(database) == replace(now, speeds=())
    with database.work(OWNER) as work:
        query = select(EventRow).where(EventRow.kind == "organisation.changed")
        events = work.session.scalars(query.order_by(EventRow.number)).all()
        assert organisation_of(work.session).name == "North"
    assert [set(event.after or {}) - {"id", "version"} for event in events[1:]] == [
        {"name", "policy"},
        {"speeds"},
    ]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"prices": {"wage_minor_per_h": -1}}, "value.range"),
        ({"prices": {"currency": "euro"}}, "policy.currency"),
        ({"prices": {"unserved_minor": {6: 1}}}, "policy.priorities"),
        ({"speeds": (RUSH, replace(RUSH, percent=50))}, "speed.clash"),
        ({"name": "x" * 201}, "value.range"),
    ],
)
def test_what_makes_no_sense_is_refused(
    database: Database, wanted: dict[str, Any], code: str
) -> None:
    import_day(database, OWNER, empty())
    before = rules(database)
    with pytest.raises((InvalidValue, InvalidInput)) as told:
        edit(database, **wanted)
    error = told.value
    assert code == (error.code if isinstance(error, InvalidValue) else error.findings[0].code)
    assert rules(database) == before


def test_only_who_has_read_it_and_sees_everything_changes_it(database: Database) -> None:
    with pytest.raises(Refused) as missing:
        edit(database, name="x")
    assert missing.value.code == "organisation.missing"
    import_day(database, OWNER, empty())
    edit(database, name="North")
    with pytest.raises(Stale):
        edit(database, name="South")
    part = replace(OWNER, outlets=frozenset())
    with pytest.raises(DispatchError) as shared:
        change_organisation(database, part, OrganisationEdit(name="x"), expected=2)
    assert getattr(shared.value, "code", "") == "network.shared"


def test_everything_is_all_that_a_whole_file_names() -> None:
    whole = json.loads(day_json(empty()))
    assert named_in(whole) == EVERYTHING
