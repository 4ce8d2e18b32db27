"""What a technician is told of a visit that ended some days ago: what pay and proof need."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.api.clients import Client, Service
from tests.api.test_day import DAY
from tests.api.test_money import LABOUR, YES
from tests.databases import OWNER, SetClock
from tests.formats.test_icalendar import events
from tests.pictures import TAKEN, photo
from tests.planning.made import at, spot

from dispatch.domain.states.visit import VisitState
from dispatch.operations.exports import calendar
from dispatch.store.ids import new_id
from dispatch.store.own_route import WHOLE_FOR
from dispatch.store.rows.customers import AssetRow, ContactRow, CustomerRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import TerritoryRow
from dispatch.store.rows.technicians import TechnicianRow

PRIVATE = (
    "Li Na",
    "+86 21 5555 0100",
    "Harbour Street 7",
    "Mrs Li",
    "SN-7",
    "Behind the mill",
    "b 4",
)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def visit(city: Service) -> UUID:
    """One that the first technician is at, for a customer of whom everything is known."""
    with city.database.work(OWNER) as work:
        job, owner = work.by_key(JobRow, "J1"), work.by_key(TechnicianRow, "T1")
        customer = CustomerRow(id=new_id(), key="C1", name="Li Na", language="en")
        area = TerritoryRow(id=new_id(), key="harbour")
        work.session.add_all((customer, area))
        work.session.flush()
        known = {"customer_id": customer.id, "name": "Li", "phone": PRIVATE[1]}
        work.session.add(ContactRow(id=new_id(), email="", **known))
        work.session.add(AssetRow(id=new_id(), key="SN-7", site_id=job.site_id, product="Boiler"))
        job.name, job.fields = "Behind the mill", {"door": "b 4"}
        job.site.address, job.site.customer_id = "Harbour Street 7", customer.id
        job.site.territory_id = area.id
        row = job.visits[0]
        shift = owner.shifts[0].id
        row.arrive_at, row.start_at, row.end_at = at(9), at(9), at(10)
        row.state, row.technician_id, row.shift_id = VisitState.IN_PROGRESS, owner.id, shift
        row.place = 0
        work.commit()
        return row.id


@pytest.fixture
def phone(city: Service) -> Client:
    return city.technician("T1")


def ended(service: Service, visit: UUID, state: VisitState = VisitState.COMPLETED) -> None:
    with service.database.work(OWNER) as work:
        work.get(VisitRow, visit).state = state
        work.commit()


def told(service: Service, visit: UUID) -> tuple[dict[str, Any], str]:
    """The stop, the same however it is asked for; and all that is told of it."""
    phone = service.technician("T1")  # signed in anew, weeks later
    route = phone.get(f"/me/route?day={DAY}")
    one = phone.get(f"/me/visits/{visit}")
    (stop,) = route.json()["stops"]
    assert one.json() == stop
    paths = (f"/me/visits/{visit}/bill", f"/me/visits/{visit}/evidence")
    more = [phone.get(path) for path in paths]
    assert all(answer.status_code == 200 for answer in more)
    feed = phone.get("/me/calendar.ics").text.replace("\r\n ", "")
    return stop, "\n".join((route.text, one.text, feed, *(answer.text for answer in more)))


def test_all_is_told_until_two_weeks_after_the_end_and_then_what_pay_needs(
    city: Service,
    phone: Client,
    visit: UUID,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calendar, "BACK", timedelta(days=60))
    path = f"/me/visits/{visit}"
    (charge,) = phone.post(f"{path}/charges", LABOUR).json()["charges"]
    assert phone.post(f"{path}/charges/{charge['id']}/decide", YES).status_code == 200
    sent = phone.send(visit, photo(taken=TAKEN, position=spot(10)))
    assert sent.json()["lat"] is not None
    ended(city, visit)
    clock.now = at(10) + WHOLE_FOR - MOMENT
    whole, everything = told(city, visit)
    assert whole["whole"] is True
    assert [word for word in PRIVATE if word not in everything] == []
    assert "GEO:" in everything
    clock.now += MOMENT
    rest, everything = told(city, visit)
    assert rest["whole"] is False
    assert [word for word in PRIVATE if word in everything] == []
    assert "GEO:" not in everything
    for place in (whole["lat"], whole["lon"]):
        assert str(place) not in (str(rest["lat"]), str(rest["lon"]))
    kept = ("visit", "job", "type", "area", "start", "end", "arrive", "state", "promised_from")
    assert {name: rest[name] for name in kept} == {name: whole[name] for name in kept}
    assert (rest["job"], rest["area"], rest["contacts"], rest["assets"]) == (
        "J1",
        "harbour",
        [],
        [],
    )
    (entry,) = events(city.technician("T1").get("/me/calendar.ics").content)
    assert (entry["LOCATION"], entry["SUMMARY"].split()[0]) == ("harbour", "J1")
    bill = city.technician("T1").get(f"{path}/bill").json()
    assert (bill["due_minor"], bill["charges"][0]["customer"]) == (10_000, None)
    (file,) = city.technician("T1").get(f"{path}/evidence").json()["items"]
    assert (file["lat"], file["lon"], file["sha256"]) == (
        *(None, None),
        hashlib.sha256(photo(taken=TAKEN, position=spot(10))).hexdigest(),
    )


@pytest.mark.parametrize("state", [VisitState.NOT_DONE, VisitState.CANCELLED, VisitState.SUSPENDED])
def test_so_it_is_however_it_ended(
    city: Service, visit: UUID, clock: SetClock, state: VisitState
) -> None:
    ended(city, visit, state)
    clock.now = at(10) + WHOLE_FOR
    stop, _ = told(city, visit)
    assert (stop["whole"], stop["address"], stop["lat"]) == (False, "", None)


def test_what_has_not_ended_is_told_whole_however_old(
    city: Service, visit: UUID, clock: SetClock
) -> None:
    clock.now = at(10) + 3 * WHOLE_FOR
    stop, _ = told(city, visit)
    assert (stop["whole"], stop["address"]) == (True, "Harbour Street 7")


@pytest.mark.parametrize("zone", [None, "Asia/Urumqi"])
def test_a_stop_tells_by_whose_clocks_it_is(
    city: Service, visit: UUID, phone: Client, zone: str | None
) -> None:
    with city.database.work(OWNER) as work:
        work.get(VisitRow, visit).job.site.zone = zone
        work.commit()
    (stop,) = phone.get(f"/me/route?day={DAY}").json()["stops"]
    assert stop["zone"] == (zone or "Europe/Stockholm")
