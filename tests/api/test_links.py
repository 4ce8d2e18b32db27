"""A customer looks after one job by a link: no more of it than they need, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests.api.clients import Client, Service
from tests.api.test_day import published
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE

from dispatch.domain.completion import Confirmation, Demands
from dispatch.domain.customer_link import FREE_TRIES, MOST_OPEN
from dispatch.domain.role import Role
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.links import LinkTokenRow
from dispatch.store.rows.receipts import ReceiptRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said

DAY = DATE.isoformat()
STREET = "17 Hidden Lane"


def job_id(city: Service, key: str = "J1") -> str:
    with city.database.work(OWNER) as work:
        return str(work.by_key(JobRow, key).id)


def made(city: Service, key: str = "J1", **body: int) -> dict[str, Any]:
    answer = city.dispatcher.post(f"/jobs/{job_id(city, key)}/links", body)
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


def exchange(city: Service, text: str) -> Any:
    return city.http.post("/v1/link/exchange", json={"link": text})


@pytest.fixture
def known(city: Service) -> Service:
    """Published and released; technicians have names, and a site an address."""
    with city.database.work(OWNER) as work:
        names = {"T1": "Tomas Lindqvist", "T2": "王伟"}
        for row in work.session.scalars(select(TechnicianRow)):
            row.name = names[row.key]
        for site in work.session.scalars(select(SiteRow)):
            site.address = STREET
        work.commit()
    published(city)
    return city


WHY = {"pause": {"pause": "break"}, "not_done": {"reason": "unsafe"}}


def do(city: Service, clock: SetClock, key: str, *kinds: str) -> None:
    """Let whoever has the job say that something has happened."""
    board = city.dispatcher.get(f"/boards/{DAY}").json()
    route, visit = next(
        (route, visit)
        for route in board["routes"]
        for visit in route["visits"]
        if visit["job_key"] == key
    )
    clock.now = max(clock.now, datetime.fromisoformat(visit["start"]))
    for number, kind in enumerate(kinds):
        clock.forward(minutes=1)
        action = {
            "sequence": 1000 + number,
            "kind": kind,
            "visit": visit["id"],
            "happened_at": clock.now.isoformat(),
            **WHY.get(kind, {}),
        }
        batch = {"device": f"{key}-{kind}", "sent_at": clock.now.isoformat(), "actions": [action]}
        (answer,) = city.technician(route["key"]).post("/me/actions", batch).json()
        assert answer["outcome"] == "applied", answer


def test_a_customer_sees_one_job_and_no_more_of_it_than_they_need(
    known: Service, clock: SetClock
) -> None:
    customer = known.by_link(job_id(known))
    told = customer.get("/link")
    assert told.status_code == 200, told.text
    job = told.json()
    assert (job["key"], job["state"]) == ("J1", "scheduled")
    (visit,) = job["visits"]
    assert visit["technician"] in {"Tomas", "王师傅"}
    arrives = [datetime.fromisoformat(visit[name]) for name in ("arrives_from", "arrives_to")]
    assert arrives[0].minute % 15 == 0
    assert arrives[1] - arrives[0] == timedelta(minutes=45)
    board = known.dispatcher.get(f"/boards/{DAY}").json()
    planned = next(
        each for route in board["routes"] for each in route["visits"] if each["job_key"] == "J1"
    )
    assert arrives[0] <= datetime.fromisoformat(planned["start"])
    for hidden in (STREET, "Lindqvist", "王伟", "57.", planned["technician"], "J2", '"T1"'):
        assert hidden not in told.text, hidden
    assert set(visit) == {
        *("state", "promised_from", "promised_to", "arrives_from", "arrives_to", "technician"),
    }


@pytest.mark.parametrize("last", [("pause",), ("suspend",), ("not_done",), ("complete",)])
def test_whoever_came_is_named_whatever_they_do(
    known: Service, clock: SetClock, last: tuple[str, ...]
) -> None:
    do(known, clock, "J1", "depart", "check_in", "start", *last)
    visits = known.by_link(job_id(known)).get("/link").json()["visits"]
    assert visits[0]["technician"] in {"Tomas", "王师傅"}


def test_what_nobody_was_told_of_yet_is_not_told_to_a_customer(city: Service) -> None:
    from tests.operations.boards import Desk

    desk = Desk(city.database)
    desk.publish(desk.plan())
    (visit,) = city.by_link(job_id(city)).get("/link").json()["visits"]
    assert (visit["state"], visit["technician"], visit["arrives_from"]) == (
        *("unscheduled", "", None),
    )


def test_charges_are_approved_by_the_customer_and_only_of_their_job(known: Service) -> None:
    desk, customer = known.dispatcher, known.by_link(job_id(known))
    charges = {
        key: desk.post(
            f"/jobs/{job_id(known, key)}/charges", {"text": "Valve", "unit_minor": 900}
        ).json()["charges"][0]["id"]
        for key in ("J1", "J2")
    }
    bill = customer.get("/link/bill").json()
    assert [charge["text"] for charge in bill["charges"]] == ["Valve"]
    assert bill["due_minor"] == 0
    other = customer.post(
        f"/link/charges/{charges['J2']}/decide", {"approve": True, "customer": "Li"}
    )
    assert other.status_code == 404
    yes = {"approve": True, "customer": "Li"}
    headers = {"Idempotency-Key": "yes"}
    for _ in range(2):
        said = customer.post(f"/link/charges/{charges['J1']}/decide", yes, headers=headers)
        assert said.json()["due_minor"] == 900
    again = customer.post(f"/link/charges/{charges['J1']}/decide", yes)
    assert (again.status_code, again.json()["code"]) == (409, "state.charge")
    (kept,) = desk.get(f"/jobs/{job_id(known)}/bill").json()["charges"]
    assert (kept["how"], kept["customer"]) == ("link", "Li")
    assert desk.get(f"/jobs/{job_id(known, 'J2')}/bill").json()["due_minor"] == 0


def test_a_customer_gets_the_code_that_closes_the_visit(known: Service, clock: SetClock) -> None:
    """Each time they ask there is a new one, and the newest is good."""
    customer = known.by_link(job_id(known))
    assert customer.get("/link").json()["takes_code"] is False
    assert customer.post("/link/code").json()["code"] == "link.no-code"
    with known.database.work(OWNER) as work:
        asked = Demands(confirmation=Confirmation.CODE)
        work.by_key(JobRow, "J1").type.demands = said(asked)
        work.commit()
    assert customer.get("/link").json()["takes_code"] is True
    old, new = (customer.post("/link/code").json()["code"] for _ in range(2))
    do(known, clock, "J1", "depart", "check_in", "start")
    with known.database.work(OWNER) as work:
        visit = work.by_key(JobRow, "J1").visits[0]
        who, at = str(visit.id), work.get(TechnicianRow, visit.technician_id or visit.id).key
    phone, outcomes = known.technician(at), []
    for number, code in enumerate((old, new), start=1):
        action = {"sequence": number, "kind": "complete", "visit": who, "code": code}
        batch = {
            "device": "other phone",
            "sent_at": clock.now.isoformat(),
            "actions": [action | {"happened_at": clock.now.isoformat()}],
        }
        outcomes += [answer["outcome"] for answer in phone.post("/me/actions", batch).json()]
    assert outcomes == (["applied"] if old == new else ["rejected", "applied"])
    later = known.by_link(job_id(known))
    assert later.get("/link").json()["takes_code"] is False


def test_a_receipt_is_there_for_payments_of_this_job_and_names_no_address(
    known: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, customer = known.dispatcher, known.by_link(job_id(known))
    seen: list[Any] = []
    monkeypatch.setattr(
        "dispatch.report.receipt.receipt_pdf",
        lambda receipt, lang: seen.append(receipt) or b"%PDF-1.4",
    )
    payments = {}
    for key in ("J1", "J2"):
        job = job_id(known, key)
        (charge,) = desk.post(f"/jobs/{job}/charges", {"text": "Valve", "unit_minor": 900}).json()[
            "charges"
        ]
        yes = {"approve": True, "customer": "Li", "how": "phone"}
        desk.post(f"/charges/{charge['id']}/decide", yes)
        money = {"method": "cash", "amount_minor": 900, "currency": "EUR"}
        (payment,) = desk.post(f"/jobs/{job}/payments", money).json()["payments"]
        payments[key] = payment["id"]
    (told,) = customer.get("/link/bill").json()["payments"]
    assert told["id"] == payments["J1"]
    pdf = customer.get(f"/link/payments/{payments['J1']}/receipt")
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    assert seen[0].site == ""
    assert seen[0].amount_minor == 900
    assert customer.get(f"/link/payments/{payments['J2']}/receipt").status_code == 404


def test_a_wish_to_cancel_is_decided_by_a_dispatcher(known: Service) -> None:
    customer, desk = known.by_link(job_id(known)), known.dispatcher
    asked = customer.post("/link/wishes", {"kind": "cancel", "words": "We have moved."})
    assert asked.status_code == 201, asked.text
    assert asked.json()["state"] == "scheduled"
    again = customer.post("/link/wishes", {"kind": "cancel"})
    assert (again.status_code, again.json()["code"]) == (409, "wish.asked")
    (wish,) = desk.get("/wishes").json()["items"]
    assert (wish["job_key"], wish["actions"]) == ("J1", ["grant", "decline"])
    stale = desk.post(f"/wishes/{wish['id']}/decide", {"grant": True}, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    done = desk.post(f"/wishes/{wish['id']}/decide", {"grant": True, "answer": "Done."})
    assert done.json()["state"] == "granted"
    job = customer.get("/link").json()
    assert (job["state"], job["visits"]) == ("cancelled", [])
    assert job["wishes"][0]["answer"] == "Done."
    late = desk.post(f"/wishes/{wish['id']}/decide", {"grant": False})
    assert (late.status_code, late.json()["code"]) == (409, "state.wish")
    assert desk.get("/wishes").json()["items"] == []


def test_a_customer_sees_that_a_wish_is_closed_with_the_work(
    known: Service, clock: SetClock
) -> None:
    known.by_link(job_id(known)).post("/link/wishes", {"kind": "cancel"})
    do(known, clock, "J1", "depart", "check_in", "start", "complete")
    desk = known.dispatcher
    (told,) = known.by_link(job_id(known)).get("/link").json()["wishes"]
    assert (told["state"], told["answer"]) == ("closed", "")
    assert desk.get("/wishes").json()["items"] == []
    (wish,) = desk.get("/wishes?state=closed").json()["items"]
    assert (wish["id"], wish["actions"]) == (told["id"], [])
    late = desk.post(f"/wishes/{wish['id']}/decide", {"grant": True})
    assert (late.status_code, late.json()["code"]) == (409, "state.wish")


def test_a_wish_for_another_window_is_promised_when_it_is_granted(known: Service) -> None:
    customer, desk = known.by_link(job_id(known)), known.dispatcher
    window = {"window_from": f"{DAY}T13:00:00Z", "window_to": f"{DAY}T15:00:00Z"}
    for wrong in (
        {"kind": "window"},
        {"kind": "cancel", **window},
        {"kind": "window", "window_from": window["window_from"]},
        {"kind": "window", "window_from": "2020-01-01T08:00:00Z", **dict([*window.items()][1:])},
    ):
        refused = customer.post("/link/wishes", wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "wish.window"), wrong
    assert customer.post("/link/wishes", {"kind": "window", **window}).status_code == 201
    (wish,) = desk.get(f"/wishes?job={job_id(known)}").json()["items"]
    before = desk.get(f"/boards/{DAY}").json()["version"]
    assert desk.post(f"/wishes/{wish['id']}/decide", {"grant": True}).status_code == 200
    assert desk.get(f"/boards/{DAY}").json()["version"] == before + 1
    job = desk.get(f"/jobs/{job_id(known)}").json()
    (kept,) = job["said"]["windows"]
    assert datetime.fromisoformat(kept["start"]) == datetime.fromisoformat(window["window_from"])
    (visit,) = customer.get("/link").json()["visits"]
    told = [datetime.fromisoformat(visit[name]) for name in ("promised_from", "promised_to")]
    assert told == [datetime.fromisoformat(moment) for moment in window.values()]


def test_wishes_come_too_late_and_ratings_too_early(known: Service, clock: SetClock) -> None:
    job = job_id(known)
    early = known.by_link(job).post("/link/rating", {"stars": 5})
    assert (early.status_code, early.json()["code"]) == (409, "rating.too-early")
    do(known, clock, "J1", "depart")
    late = known.by_link(job).post("/link/wishes", {"kind": "cancel"})
    assert (late.status_code, late.json()["code"]) == (409, "wish.too-late")
    do(known, clock, "J1", "check_in", "start", "complete")
    customer = known.by_link(job)
    rated = customer.post("/link/rating", {"stars": 4, "words": "Quick."})
    assert rated.status_code == 201, rated.text
    again = customer.post("/link/rating", {"stars": 1})
    assert (again.status_code, again.json()["code"]) == (409, "rating.given")
    told = known.dispatcher.get(f"/jobs/{job}/rating").json()
    assert (told["stars"], told["words"]) == (4, "Quick.")


def test_a_wish_less_than_two_hours_before_is_too_late(known: Service, clock: SetClock) -> None:
    board = known.dispatcher.get(f"/boards/{DAY}").json()
    first = min(
        datetime.fromisoformat(visit["promised_from"] or visit["start"])
        for route in board["routes"]
        for visit in route["visits"]
        if visit["job_key"] == "J1"
    )
    clock.now = first - timedelta(hours=2, minutes=-1)
    late = known.by_link(job_id(known)).post("/link/wishes", {"kind": "cancel"})
    assert late.json()["code"] == "wish.too-late"
    clock.now = first - timedelta(hours=2)
    assert known.by_link(job_id(known)).post("/link/wishes", {"kind": "cancel"}).status_code == 201


def test_the_secret_is_in_no_address_and_kept_nowhere(city: Service) -> None:
    link = made(city)
    page, _, text = link["path"].partition("#")
    assert page == "/link"
    assert len(text.partition(".")[2]) >= 43
    customer = city.opened(link["path"])
    secrets = (text.partition(".")[2], customer.token)
    with city.database.connect() as connection:
        from sqlalchemy import text as sql

        for table in ("customer_link", "link_token", "event", "receipt"):
            rows = connection.execute(sql(f"SELECT {table}::text FROM {table}")).scalars()  # noqa: S608
            told = "\n".join(rows)
            for secret in secrets:
                assert secret not in told, table
                assert secret.encode().hex() not in told, table
    openapi = city.http.get("/openapi.json").json()
    assert not [path for path in openapi["paths"] if "token" in path or "secret" in path]


@pytest.mark.parametrize("how", ["expired", "revoked", "wrong", "other", "no link"])
def test_a_link_that_is_not_good_opens_nothing(city: Service, clock: SetClock, how: str) -> None:
    link = made(city, days=3)
    text = link["path"].partition("#")[2]
    if how == "expired":
        assert exchange(city, text).status_code == 200
        clock.forward(days=3)
    elif how == "revoked":
        assert city.dispatcher.ask("DELETE", f"/links/{link['id']}").status_code == 204
    elif how == "wrong":
        text = text[:-4] + "AAAA"
    elif how == "other":
        other = made(city, "J2")["path"].partition("#")[2]
        text = f"{other.partition('.')[0]}.{text.partition('.')[2]}"
    else:
        text = "no link"
    refused = exchange(city, text)
    assert (refused.status_code, refused.json()["code"]) == (401, "link.wrong")


def test_guessing_makes_a_link_wait(city: Service, clock: SetClock) -> None:
    text = made(city)["path"].partition("#")[2]
    wrong = text.partition(".")[0] + ".guess"
    codes = [exchange(city, wrong).json()["code"] for _ in range(FREE_TRIES + 1)]
    assert codes == ["link.wrong"] * FREE_TRIES + ["link.wait"]
    assert exchange(city, text).json()["code"] == "link.wait"
    clock.forward(minutes=2)
    assert exchange(city, text).status_code == 200
    assert exchange(city, wrong).json()["code"] == "link.wrong"


def test_a_link_has_so_many_tokens_at_a_time(city: Service) -> None:
    path = made(city)["path"]
    clients = [city.opened(path) for _ in range(MOST_OPEN + 1)]
    assert [client.get("/link").status_code for client in clients] == [401] + [200] * MOST_OPEN
    with city.database.work(OWNER) as work:
        assert len(work.session.scalars(select(LinkTokenRow)).all()) == MOST_OPEN


def test_revoking_ends_who_came_in_by_it(city: Service) -> None:
    link = made(city)
    customer, stays = city.opened(link["path"]), city.by_link(job_id(city))
    assert city.dispatcher.ask("DELETE", f"/links/{link['id']}").status_code == 204
    assert customer.get("/link").status_code == 401
    assert stays.get("/link").status_code == 200
    listed = city.dispatcher.get(f"/jobs/{job_id(city)}/links").json()["items"]
    assert [item["revoked_at"] is not None for item in listed] == [True, False]


def test_links_of_another_outlet_are_not_there(city: Service) -> None:
    from dispatch.store.reach import renew_reach, root_of
    from dispatch.store.rows.outlets import OutletRow

    with city.database.work(OWNER) as work:
        other = OutletRow(key="other", name="Other", parent_id=root_of(work.session).id)
        work.session.add(other)
        renew_reach(work.session)
        work.commit()
    stranger = city.signed_in(Role.DISPATCHER, login="stranger", outlets=(other.id,))
    link, job = made(city), job_id(city)
    city.opened(link["path"]).post("/link/wishes", {"kind": "cancel"})
    (wish,) = city.dispatcher.get("/wishes").json()["items"]
    asks: tuple[Callable[[Client], Any], ...] = (
        lambda client: client.post(f"/jobs/{job}/links", {}),
        lambda client: client.get(f"/jobs/{job}/links"),
        lambda client: client.ask("DELETE", f"/links/{link['id']}"),
        lambda client: client.post(f"/wishes/{wish['id']}/decide", {"grant": True}),
        lambda client: client.get(f"/jobs/{job}/rating"),
    )
    assert [ask(stranger).status_code for ask in asks] == [404] * len(asks)
    assert stranger.get("/wishes").json()["items"] == []
    assert city.opened(link["path"]).get("/link").json()["state"] != "cancelled"


def test_what_customers_do_is_in_the_log_by_the_link_they_came_by(known: Service) -> None:
    link = made(known)
    known.opened(link["path"]).post("/link/wishes", {"kind": "cancel"})
    with known.database.work(OWNER) as work:
        query = select(EventRow).where(EventRow.actor_kind == "customer")
        events = work.session.scalars(query.order_by(EventRow.number)).all()
        assert [event.kind for event in events] == ["customer_link.opened", "wish.asked"]
        assert {event.actor for event in events} == {link["id"]}
        assert work.session.scalars(select(ReceiptRow.actor)).all().count(link["id"]) == 1
    assert "secret" not in json.dumps([event.after for event in events])


def test_a_server_does_not_load_what_only_receipts_need() -> None:
    script = "import sys, dispatch.api.app; print('matplotlib' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_a_customer_is_told_by_whose_clocks_it_is(city: Service) -> None:
    client = city.opened(made(city)["path"])
    assert client.get("/link").json()["zone"] == "Europe/Stockholm"
    with city.database.work(OWNER) as work:
        work.by_key(JobRow, "J1").site.zone = "Asia/Urumqi"
        work.commit()
    assert client.get("/link").json()["zone"] == "Asia/Urumqi"
