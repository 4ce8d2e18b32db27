"""Payments and the ledger as lists and tables: whole, in scope, and as the bills have it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.api.clients import Client, Service
from tests.api.test_day import DAY, published
from tests.api.test_exports import HOSTILE, START, csv_rows, xlsx_rows
from tests.api.test_lists import keys
from tests.databases import OWNER, SetClock

from dispatch.domain.role import Role
from dispatch.store.ledger import bill
from dispatch.store.listed_money import bill_state
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import PaymentRow
from dispatch.store.rows.outlets import OutletRow

LABOUR = {"text": "Labour", "unit_minor": 10_000}
YES = {"approve": True, "customer": "Li", "how": "phone"}
FIRST, SECOND = "2026-03-02", "2026-03-04"


def jobs(service: Service) -> dict[str, str]:
    return {job["key"]: job["id"] for job in service.dispatcher.get("/jobs").json()["items"]}


def owe(desk: Client, job: str) -> None:
    charge = desk.post(f"/jobs/{job}/charges", LABOUR).json()["charges"][-1]["id"]
    assert desk.post(f"/charges/{charge}/decide", YES).status_code == 200


def pay(
    desk: Client, job: str, amount_minor: int, method: str = "cash", reference: str = ""
) -> str:
    said = {"method": method, "amount_minor": amount_minor, "currency": "EUR"}
    told = desk.post(f"/jobs/{job}/payments", said | {"reference": reference})
    assert told.status_code == 201, told.text
    return str(told.json()["payments"][-1]["id"])


def two_outlets(service: Service) -> list[UUID]:
    with service.database.work(OWNER) as work:
        top = root_of(work.session).id
        rows = [OutletRow(key=key, parent_id=top) for key in ("south", "north")]
        work.session.add_all(rows)
        renew_reach(work.session)
        work.commit()
        return [row.id for row in rows]


def move(service: Service, outlet: UUID) -> None:
    """Give a job to another outlet."""
    with service.database.work(OWNER) as work:
        work.by_key(JobRow, "J1").outlet_id = outlet
        work.commit()


@pytest.fixture
def money(city: Service, clock: SetClock) -> dict[str, str]:
    """Four jobs: paid, partly paid two days later, refunded, waived; one more only due."""
    manager, known = city.signed_in(Role.MANAGER), jobs(city)
    for key in known:
        owe(manager, known[key])
    found = {
        "whole": pay(manager, known["J1"], 10_000),
        "back": pay(manager, known["J3"], 2_000, "card", "slip 1"),
    }
    manager.post(f"/payments/{found['back']}/refund", {"why": "broken"})
    clock.forward(days=2)
    manager = city.signed_in(Role.MANAGER)
    found["part"] = pay(manager, known["J2"], 4_000, "wechat", "wx 1")
    manager.post(f"/jobs/{known['J4']}/waive", {"why": "late"})
    rows = manager.get("/payments").json()["items"]
    found["refund"] = next(row["id"] for row in rows if row["refund_of"] == found["back"])
    return found


def test_payments_by_what_they_are(city: Service, money: dict[str, str]) -> None:
    manager, known = city.signed_in(Role.MANAGER), jobs(city)
    whole, back, refund, part = (money[name] for name in ("whole", "back", "refund", "part"))
    top = manager.get("/outlets").json()["items"][0]["id"]
    for query, expected in (
        ({}, [whole, back, refund, part]),
        ({"first": FIRST, "last": FIRST}, [whole, back, refund]),
        ({"first": "2026-03-03"}, [part]),
        ({"last": "2026-03-01"}, []),
        ({"first": FIRST, "last": SECOND, "method": ["cash", "wechat"]}, [whole, part]),
        ({"job": known["J3"]}, [back, refund]),
        ({"state": "paid"}, [whole]),
        ({"state": ["refunded", "partly_paid"]}, [back, refund, part]),
        ({"state": "waived"}, []),
        ({"outlet": top, "method": "card"}, [back, refund]),
        ({"outlet": str(UUID(int=7))}, []),
        ({"technician": str(UUID(int=7))}, []),
    ):
        for limit in (1, 200):
            assert keys(manager, "/payments", limit=limit, **query) == expected, query
    (row,) = manager.get("/payments", params={"state": "partly_paid"}).json()["items"]
    assert (row["job_key"], row["currency"], row["amount_minor"]) == ("J2", "EUR", 4_000)
    assert (row["state"], row["taken_by"]) == ("partly_paid", manager.get("/me").json()["id"])


def test_what_a_technician_has_taken_on_site(city: Service) -> None:
    published(city)
    for key in ("T1", "T2"):
        phone = city.technician(key)
        stops = phone.get(f"/me/route?day={DAY}").json()["stops"]
        for stop in stops[:1]:
            path = f"/me/visits/{stop['visit']}"
            told = phone.post(f"{path}/charges", LABOUR).json()["charges"][0]
            phone.post(f"{path}/charges/{told['id']}/decide", YES)
            cash = {"method": "cash", "amount_minor": 500, "currency": "EUR"}
            assert phone.post(f"{path}/payments", cash).status_code == 201
            manager = city.signed_in(Role.MANAGER)
            (row,) = manager.get("/payments", params={"technician": told["technician"]}).json()[
                "items"
            ]
            assert (row["technician"], row["job_key"]) == (told["technician"], stop["job"])
            lines = manager.get("/ledger", params={"technician": told["technician"]}).json()
            assert sorted(line["amount_minor"] for line in lines["items"]) == [
                *(-10_000, -500),
                *(500, 10_000),
            ]


def test_the_ledger_is_read_whole_and_sums_to_zero(city: Service, money: dict[str, str]) -> None:
    manager = city.signed_in(Role.MANAGER)
    found, after = [], None
    while True:
        page = manager.get("/ledger", params={"limit": 3} | ({"after": after} if after else {}))
        found += page.json()["items"]
        after = page.json()["next"]
        if after is None:
            break
    assert len({line["id"] for line in found}) == len(found) == 2 * (4 + 3 + 1 + 1)
    entries: dict[str, int] = {}
    for line in found:
        entries[line["entry"]] = entries.get(line["entry"], 0) + line["amount_minor"]
    assert set(entries.values()) == {0}
    for query, expected in (
        ({"account": "card"}, [("payment", 2_000), ("refund", -2_000)]),
        ({"method": "wechat", "account": "wechat"}, [("payment", 4_000)]),
        ({"state": "waived", "account": ["waived"]}, [("waiver", 10_000)]),
        ({"first": SECOND, "account": "cash"}, []),
    ):
        told = manager.get("/ledger", params=query).json()["items"]
        assert [(line["posting"], line["amount_minor"]) for line in told] == expected, query
    assert {line["payment"] for line in found if line["payment"]} == set(money.values())


def test_where_a_bill_stands_is_told_as_the_bill_tells_it(
    city: Service, money: dict[str, str]
) -> None:
    manager = city.signed_in(Role.MANAGER)
    for job in jobs(city).values():
        state = manager.get(f"/jobs/{job}/bill").json()["state"]
        lines = manager.get("/ledger", params={"job": job}).json()["items"]
        assert {line["state"] for line in lines} == {state}
    with city.database.work(OWNER) as work:
        for row, state in work.session.execute(select(PaymentRow, bill_state(PaymentRow))):
            assert state == bill(work.session, row.job, row.currency).state


def test_who_does_not_run_the_money_does_not_list_it(city: Service, money: dict[str, str]) -> None:
    paths = ("/payments", "/ledger", "/exports/payments", "/exports/ledger")
    for client in (city.dispatcher, city.technician("T1"), city.program("bills.read")):
        for path in paths:
            assert client.get(path).status_code == 403, path
    program = city.program("payments.read")
    assert keys(program, "/payments")[0] == money["whole"]
    assert all(program.get(path).status_code == 200 for path in paths)
    for job in jobs(city).values():
        assert program.get(f"/jobs/{job}/bill").status_code == 403
        assert city.program("bills.read").get(f"/jobs/{job}/bill").status_code == 200


def test_money_of_another_outlet_is_not_listed(city: Service, money: dict[str, str]) -> None:
    other, _ = two_outlets(city)
    top = city.signed_in(Role.MANAGER).get("/outlets").json()["items"][0]["id"]
    stranger = city.signed_in(Role.MANAGER, login="stranger", outlets=(other,))
    for path in ("/payments", "/ledger"):
        assert keys(stranger, path) == [], path
        assert keys(stranger, path, outlet=top) == [], path
        assert csv_rows(stranger.get(f"/exports{path}")) == [], path


def test_money_is_told_with_its_job_also_when_that_has_moved(city: Service) -> None:
    south, north = two_outlets(city)
    move(city, south)
    owe(city.dispatcher, jobs(city)["J1"])
    paid = pay(city.dispatcher, jobs(city)["J1"], 10_000)
    move(city, north)
    manager = city.signed_in(Role.MANAGER, login="south", outlets=(south,))
    (row,) = manager.get("/payments").json()["items"]
    assert (row["id"], row["job_key"], row["state"]) == (paid, "J1", "paid")
    assert {line["job_key"] for line in manager.get("/ledger").json()["items"]} == {"J1"}
    for path, count in (("/payments", 1), ("/ledger", 4)):
        assert [line["Job"] for line in csv_rows(manager.get(f"/exports{path}"))] == ["J1"] * count
    assert manager.get(f"/jobs/{row['job']}").status_code == 404


@pytest.mark.parametrize("reference", HOSTILE, ids=range(len(HOSTILE)))
def test_no_cell_of_a_payment_is_run(city: Service, reference: str) -> None:
    if len(reference) > 200:
        reference = reference[:200]
    manager, job = city.signed_in(Role.MANAGER), jobs(city)["J1"]
    owe(manager, job)
    paid = pay(manager, job, 3_000, "card", reference)
    why = {"why": reference, "amount_minor": 1_000, "reference": reference}
    assert manager.post(f"/payments/{paid}/refund", why).status_code == 201
    for row in csv_rows(manager.get("/exports/payments")):
        amounts = [cell for heading, cell in row.items() if "Amount" in heading]
        assert amounts in (["3000"], ["-1000"])
        for heading, cell in row.items():
            assert "Amount" in heading or not cell or cell[:1] not in START, heading
            assert not any(f"{end}=" in cell for end in ";\t\r\n"), heading
    rows = xlsx_rows(manager.get("/exports/payments?format=xlsx"))
    assert sum(row["Amount in minor units"] for row in rows) == 2_000


def test_what_is_exported_is_what_is_listed(city: Service, money: dict[str, str]) -> None:
    manager = city.signed_in(Role.MANAGER)
    for path in ("/payments", "/ledger"):
        for query in ({}, {"first": FIRST, "last": FIRST}, {"state": "refunded"}):
            listed = keys(manager, path, **query)
            rows = csv_rows(manager.get(f"/exports{path}", params=query))
            assert [row["Id"] for row in rows] == listed, (path, query)
    rows = csv_rows(manager.get("/exports/ledger"))
    assert sum(int(row["Amount in minor units"]) for row in rows) == 0
    ids = [row["Id"] for row in rows]
    assert all(one < two for one, two in pairwise(ids))


def test_days_the_wrong_way_round_are_refused(city: Service) -> None:
    manager = city.signed_in(Role.MANAGER)
    wrong: dict[str, Any] = {"first": SECOND, "last": FIRST}
    for path in ("/payments", "/ledger", "/exports/payments", "/exports/ledger"):
        answer = manager.get(path, params=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "days.reversed"), path
    assert manager.get("/payments", params={"limit": 201}).status_code == 422
    assert manager.get("/payments", params={"method": "gold"}).status_code == 422
