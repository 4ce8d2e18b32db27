"""A technician's calendar through the service."""

from __future__ import annotations

from sqlalchemy import select, text
from tests.api.clients import Service
from tests.api.test_day import DAY, published
from tests.databases import OWNER, SetClock
from tests.formats.test_icalendar import events

from dispatch.store.rows.jobs import JobRow, VisitRow

PATH = "/me/calendar.ics"


def test_what_is_released_is_in_the_calendar_of_who_does_it(city: Service) -> None:
    assert events(city.technician("T1").get(PATH).content) == []
    published(city)
    seen = {}
    for key in ("T1", "T2"):
        phone = city.technician(key)
        answer = phone.get(PATH)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        found = events(answer.content)
        stops = phone.get(f"/me/route?day={DAY}").json()["stops"]
        assert [event["UID"] for event in found] == [stop["visit"] for stop in stops]
        assert [int(event["SEQUENCE"]) for event in found] == [stop["version"] for stop in stops]
        seen.update({event["UID"]: event for event in found})
    assert len(seen) == 4
    for event in seen.values():
        words = event["SUMMARY"].split()
        assert words[0].startswith("J")
        assert len(set(words)) == len(words)
        assert event["STATUS"] == "CONFIRMED"
        assert event["DTSTART"].startswith("20260303T")


def test_only_released_visits_of_these_weeks_are_told(city: Service, clock: SetClock) -> None:
    published(city)
    told = len(events(city.technician("T1").get(PATH).content))
    clock.forward(days=7)
    assert len(events(city.technician("T1").get(PATH).content)) == told
    clock.forward(days=3)
    assert events(city.technician("T1").get(PATH).content) == []
    clock.forward(days=-42)
    assert events(city.technician("T1").get(PATH).content) == []


def test_a_calendar_has_what_was_said_escaped_and_nobodys_number(city: Service) -> None:
    published(city)
    with city.database.work(OWNER) as work:
        visits = work.session.scalars(select(VisitRow).order_by(VisitRow.id)).all()
        job = work.get(JobRow, visits[0].job_id)
        assert visits[0].technician is not None
        key = visits[0].technician.key
        job.name = "换机; 带梯, 二楼\nBEGIN:VEVENT"
        job.site.address = "漕溪北路" * 20
        work.session.execute(
            text(
                "INSERT INTO customer (id, key, name, language, version)"
                " VALUES (:id, 'C1', 'Li', 'zh', 1)"
            ),
            {"id": visits[0].id},
        )
        work.session.execute(
            text(
                "INSERT INTO contact (id, customer_id, name, phone, email, version)"
                " VALUES (:id, :id, 'Li', '+86 21 5555 0100', '', 1)"
            ),
            {"id": visits[0].id},
        )
        job.site.customer_id = visits[0].id
        work.commit()
    answer = city.technician(key).get(PATH)
    found = {event["UID"]: event for event in events(answer.content)}
    event = found[str(visits[0].id)]
    assert event["SUMMARY"].endswith("换机\\; 带梯\\, 二楼\\nBEGIN:VEVENT")
    assert "漕溪北路" * 20 in event["LOCATION"]
    assert b"5555" not in answer.content


def test_a_token_in_the_address_lets_nobody_in(city: Service) -> None:
    token = city.technician("T1").token
    assert city.http.get(f"/v1{PATH}?token={token}").status_code == 401
    assert city.dispatcher.get(PATH).status_code == 403
