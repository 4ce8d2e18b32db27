"""Money over HTTP: whoever may, once, for their own visits; and a provider that signs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx
import pytest
from tests.api.clients import Client, Service
from tests.api.direct import direct_client
from tests.api.test_day import DAY, published
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL

from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.bootstrap import PAYMENT_SECRET, payment_secret
from dispatch.domain.role import Role
from dispatch.errors import Unavailable
from dispatch.gateways.payments import RecordingGateway, Wanted
from dispatch.gateways.signed import sign
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.outlets import OutletRow

ASKED = {"method": "wechat", "amount_minor": 10_000}
SECRET = "between us two"
LABOUR = {"text": "Labour", "unit_minor": 5_000, "quantity": 2}
YES = {"approve": True, "customer": "Mrs Li", "how": "signature"}


def cash(amount_minor: int, currency: str = "EUR") -> dict[str, Any]:
    return {"method": "cash", "amount_minor": amount_minor, "currency": currency}


def job_of(city: Service) -> str:
    found: str = city.dispatcher.get("/jobs").json()["items"][0]["id"]
    return found


def owed(city: Service, job: str) -> str:
    """Propose 100.00 for a job, and let the customer say yes; the charge."""
    desk = city.dispatcher
    told = desk.post(f"/jobs/{job}/charges", LABOUR)
    assert told.status_code == 201, told.text
    charge: str = told.json()["charges"][-1]["id"]
    assert desk.post(f"/charges/{charge}/decide", YES).status_code == 200
    return charge


def test_a_job_is_billed_paid_and_given_back(city: Service) -> None:
    desk, owner, job = city.dispatcher, city.signed_in(Role.OWNER), job_of(city)
    assert desk.get(f"/jobs/{job}/bill").json()["due_minor"] == 0
    proposed = desk.post(f"/jobs/{job}/charges", LABOUR).json()
    (charge,) = proposed["charges"]
    assert (charge["state"], charge["actions"]) == ("proposed", ["approve", "decline"])
    assert (proposed["due_minor"], charge["amount_minor"]) == (0, 10_000)
    decided = desk.post(f"/charges/{charge['id']}/decide", YES).json()
    assert (decided["state"], decided["open_minor"]) == ("due", 10_000)
    assert decided["charges"][0]["customer"] == "Mrs Li"
    again = desk.post(f"/charges/{charge['id']}/decide", YES)
    assert (again.status_code, again.json()["code"]) == (409, "state.charge")

    too_much = desk.post(f"/jobs/{job}/payments", cash(10_001))
    assert (too_much.status_code, too_much.json()["code"]) == (409, "payment.too-much")
    other = desk.post(f"/jobs/{job}/payments", cash(5, "SEK"))
    assert other.json()["code"] == "money.currency"
    nameless = desk.post(f"/jobs/{job}/payments", cash(5) | {"method": "transfer"})
    assert (nameless.status_code, nameless.json()["code"]) == (422, "payment.reference")
    paid = desk.post(f"/jobs/{job}/payments", cash(9_000)).json()
    assert (paid["state"], paid["open_minor"]) == ("partly_paid", 1_000)

    payment = paid["payments"][0]["id"]
    body = {"why": "a scratch", "amount_minor": 500}
    assert desk.post(f"/payments/{payment}/refund", body).status_code == 403
    back = owner.post(f"/payments/{payment}/refund", body).json()
    assert (back["refunded_minor"], back["payments"][1]["refund_of"]) == (500, payment)
    more = owner.post(f"/payments/{payment}/refund", {"why": "x", "amount_minor": 8_501})
    assert more.json()["code"] == "refund.too-much"
    reversing = f"/charges/{charge['id']}/reverse"
    assert desk.post(reversing, {"why": "twice"}).status_code == 403
    assert desk.post(f"/jobs/{job}/waive", {"why": "sorry"}).status_code == 403
    waived = owner.post(f"/jobs/{job}/waive", {"why": "sorry"}).json()
    assert (waived["state"], waived["waived_minor"], waived["open_minor"]) == ("waived", 1_500, 0)
    again = owner.post(reversing, {"why": "twice"})
    assert (again.status_code, again.json()["code"]) == (409, "charge.waived")


def test_a_payment_that_comes_twice_is_taken_once(city: Service) -> None:
    desk, job = city.dispatcher, job_of(city)
    owed(city, job)
    headers = {"Idempotency-Key": "tap"}
    first = desk.post(f"/jobs/{job}/payments", cash(4_000), headers=headers)
    again = desk.post(f"/jobs/{job}/payments", cash(4_000), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.json()["paid_minor"] == 4_000
    other = desk.post(f"/jobs/{job}/payments", cash(1), headers=headers)
    assert other.json()["code"] == "receipt.other-wish"


def test_a_receipt_is_a_pdf(city: Service) -> None:
    desk, job = city.dispatcher, job_of(city)
    owed(city, job)
    paid = desk.post(f"/jobs/{job}/payments", cash(4_000)).json()
    for lang in ("en", "zh"):
        told = desk.get(f"/payments/{paid['payments'][0]['id']}/receipt?lang={lang}")
        assert told.headers["content-type"] == "application/pdf"
        assert told.content.startswith(b"%PDF-")
    assert desk.get(f"/payments/{paid['payments'][0]['id']}/receipt?lang=de").status_code == 422
    assert desk.get(f"/payments/{job}/receipt").status_code == 404


def test_a_technician_takes_money_for_their_own_visits_only(city: Service) -> None:
    published(city)
    phones = [city.technician(key) for key in ("T1", "T2")]
    days = [phone.get(f"/me/route?day={DAY}").json()["stops"] for phone in phones]
    own, other = phones if days[0] else phones[::-1]
    visit = (days[0] or days[1])[0]["visit"]

    told = own.post(f"/me/visits/{visit}/charges", LABOUR)
    assert told.status_code == 201, told.text
    (charge,) = told.json()["charges"]
    assert charge["technician"] is not None
    decide = f"/me/visits/{visit}/charges/{charge['id']}/decide"
    assert other.post(decide, YES).status_code == 404
    assert own.post(decide, YES).json()["open_minor"] == 10_000
    paid = own.post(f"/me/visits/{visit}/payments", cash(10_000)).json()
    assert (paid["state"], paid["payments"][0]["technician"]) == ("paid", charge["technician"])
    assert own.get(f"/me/visits/{visit}/bill").json() == paid

    assert other.get(f"/me/visits/{visit}/bill").status_code == 404
    assert other.post(f"/me/visits/{visit}/charges", LABOUR).status_code == 404
    assert other.post(f"/me/visits/{visit}/payments", cash(1)).status_code == 404
    jobs = [job["id"] for job in city.dispatcher.get("/jobs").json()["items"]]
    for job in jobs:
        charges = city.dispatcher.post(f"/jobs/{job}/charges", LABOUR).json()["charges"]
        if charges[0]["id"] != charge["id"]:
            decide = f"/me/visits/{visit}/charges/{charges[0]['id']}/decide"
            assert own.post(decide, YES).status_code == 404
    for path, body in (
        (f"/jobs/{jobs[0]}/payments", cash(1)),
        (f"/jobs/{jobs[0]}/charges", LABOUR),
        (f"/charges/{charge['id']}/decide", YES),
        (f"/jobs/{jobs[0]}/waive", {"why": "x"}),
    ):
        assert own.post(path, body).status_code == 403, path


def test_a_repeat_is_answered_when_the_visit_has_gone_to_somebody_else(city: Service) -> None:
    published(city)
    phones = [city.technician(key) for key in ("T1", "T2")]
    days = [phone.get(f"/me/route?day={DAY}").json()["stops"] for phone in phones]
    own, visit = phones[0 if days[0] else 1], (days[0] or days[1])[0]["visit"]
    path = f"/me/visits/{visit}"

    def said(key: str, path: str, body: dict[str, Any]) -> httpx.Response:
        return own.post(path, body, headers={"Idempotency-Key": key})

    charge = said("charge", f"{path}/charges", LABOUR).json()["charges"][0]["id"]
    decide, pay = f"{path}/charges/{charge}/decide", f"{path}/payments"
    assert said("decide", decide, YES).status_code == 200
    assert said("pay", pay, cash(4_000)).status_code == 201
    assert city.dispatcher.edit(f"/visits/{visit}/unassign", {"why": "ill"}).status_code == 200

    assert said("new", pay, cash(4_000)).status_code == 404
    assert said("pay", pay, cash(3_999)).json()["code"] == "receipt.other-wish"
    for key, where, body, status in (
        ("charge", f"{path}/charges", LABOUR, 201),
        ("decide", decide, YES, 200),
        ("pay", pay, cash(4_000), 201),
    ):
        again = said(key, where, body)
        assert again.status_code == status, again.text
        assert (again.json()["paid_minor"], len(again.json()["payments"])) == (4_000, 1)


def test_a_technician_is_not_told_of_a_visit_before_it_is_released(city: Service) -> None:
    visit = city.dispatcher.get(f"/boards/{DAY}").json()["unassigned"][0]["id"]
    assert city.technician("T1").get(f"/me/visits/{visit}/bill").status_code == 404


def test_money_of_another_outlet_is_not_there(city: Service) -> None:
    job = job_of(city)
    charge = owed(city, job)
    paid = city.dispatcher.post(f"/jobs/{job}/payments", cash(1)).json()
    payment = paid["payments"][0]["id"]
    with city.database.work(OWNER) as work:
        row = OutletRow(key="other", name="Other", parent_id=root_of(work.session).id)
        work.session.add(row)
        renew_reach(work.session)
        work.commit()
    stranger = city.signed_in(Role.MANAGER, login="stranger", outlets=(row.id,))
    assert stranger.get(f"/jobs/{job}/bill").status_code == 404
    assert stranger.get(f"/payments/{payment}/receipt").status_code == 404
    for path, body in (
        (f"/jobs/{job}/charges", LABOUR),
        (f"/jobs/{job}/payments", cash(1)),
        (f"/jobs/{job}/waive", {"why": "x"}),
        (f"/charges/{charge}/decide", YES),
        (f"/charges/{charge}/reverse", {"why": "x"}),
        (f"/payments/{payment}/refund", {"why": "x"}),
    ):
        assert stranger.post(path, body).status_code == 404, path
    assert city.dispatcher.get(f"/jobs/{job}/bill").json() == paid


@dataclass
class Provider:
    """Tells of payments, with a secret."""

    http: httpx.Client
    clock: SetClock

    def tell(self, *, secret: str = SECRET, ago_s: int = 0, **more: Any) -> httpx.Response:
        notice = {
            "event": "e-1",
            "job": "J1",
            "method": "wechat",
            "reference": "wx-1",
            "amount_minor": 10_000,
            "currency": "EUR",
        }
        body = json.dumps(notice | more).encode()
        seconds = int(self.clock.now.timestamp()) - ago_s
        headers = {
            "Content-Type": "application/json",
            "Dispatch-Timestamp": str(seconds),
            "Dispatch-Signature": sign(secret, seconds, body),
        }
        return self.http.post("/v1/webhooks/payments", content=body, headers=headers)


@pytest.fixture
def provider(city: Service, clock: SetClock) -> Provider:
    app = create_app(House(city.database, TRAVEL, SECRET))
    return Provider(direct_client(app), clock)


def test_a_provider_tells_of_a_payment(city: Service, provider: Provider, clock: SetClock) -> None:
    job = job_of(city)
    owed(city, job)
    told = provider.tell()
    assert told.status_code == 200, told.text
    clock.forward(minutes=10)
    assert provider.tell().json() == told.json()
    assert provider.tell(amount_minor=1).json()["code"] == "payment.known"
    bill = city.dispatcher.get(f"/jobs/{job}/bill").json()
    assert (bill["state"], len(bill["payments"])) == ("paid", 1)
    assert bill["payments"][0]["id"] == told.json()["payment"]
    assert bill["payments"][0]["reference"] == "wx-1"
    owner = city.signed_in(Role.OWNER)
    (event,) = [
        event
        for event in owner.get("/events?limit=200").json()["items"]
        if event["kind"] == "payment.taken"
    ]
    assert event["actor"] == "payment-provider"


def test_a_provider_asks_once_and_tells_when_it_is_paid(city: Service, clock: SetClock) -> None:
    gateway = RecordingGateway()
    app = create_app(House(city.database, TRAVEL, SECRET, gateway))
    http = direct_client(app)
    desk, job = Client(http, city.dispatcher.token), job_of(city)
    early = desk.post(f"/jobs/{job}/payments/ask", ASKED)
    assert (early.status_code, early.json()["code"]) == (409, "payment.too-much")
    assert gateway.begun == {}
    owed(city, job)
    headers = {"Idempotency-Key": "tap"}
    asked = [desk.post(f"/jobs/{job}/payments/ask", ASKED, headers=headers) for _ in range(2)]
    assert [told.status_code for told in asked] == [202, 202], asked[0].text
    assert asked[0].json() == asked[1].json()
    ((reference, wanted),) = gateway.begun.items()
    assert (reference, wanted.job, wanted.amount_minor) == (
        asked[0].json()["reference"],
        "J1",
        10_000,
    )
    assert desk.get(f"/jobs/{job}/bill").json()["state"] == "due"
    assert Provider(http, clock).tell(reference=reference).status_code == 200
    assert desk.get(f"/jobs/{job}/bill").json()["state"] == "paid"


def test_a_provider_that_does_not_answer_changes_nothing(city: Service) -> None:
    class Silent(RecordingGateway):
        def begin(self, wanted: Wanted) -> str:
            raise Unavailable("gateway.refused", reason=wanted.job)

    app = create_app(House(city.database, TRAVEL, SECRET, Silent()))
    desk = Client(direct_client(app), city.dispatcher.token)
    job = job_of(city)
    owed(city, job)
    owner = city.signed_in(Role.OWNER)
    before = owner.get("/events?limit=200").json()["items"]
    told = desk.post(f"/jobs/{job}/payments/ask", ASKED)
    assert (told.status_code, told.json()["code"]) == (503, "gateway.refused")
    assert owner.get("/events?limit=200").json()["items"] == before


def test_without_a_provider_nobody_asks(city: Service) -> None:
    told = city.dispatcher.post(f"/jobs/{job_of(city)}/payments/ask", ASKED)
    assert (told.status_code, told.json()["code"]) == (404, "gateway.none")


def test_nobody_else_is_heard(city: Service, provider: Provider) -> None:
    owed(city, job_of(city))
    for told, code in (
        (provider.tell(secret="another"), "webhook.signature"),
        (provider.tell(ago_s=301), "webhook.time"),
        (provider.tell(ago_s=-301), "webhook.time"),
        (provider.http.post("/v1/webhooks/payments", json={}), "webhook.signature"),
    ):
        assert (told.status_code, told.json()["code"]) == (401, code)
    assert provider.tell(job="nowhere").status_code == 404
    assert provider.tell(amount_minor=0).status_code == 422
    assert provider.tell(currency="SEK").json()["code"] == "money.currency"
    assert city.dispatcher.get(f"/jobs/{job_of(city)}/bill").json()["payments"] == []


def test_without_a_secret_there_is_no_provider(city: Service, clock: SetClock) -> None:
    told = Provider(city.http, clock).tell()
    assert (told.status_code, told.json()["code"]) == (404, "webhook.none")


def test_the_secret_comes_from_outside_and_is_not_told(
    city: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given, expected in (("", None), (SECRET, SECRET)):
        monkeypatch.setenv(PAYMENT_SECRET, given)
        assert payment_secret() == expected
    monkeypatch.delenv(PAYMENT_SECRET)
    assert payment_secret() is None
    assert SECRET not in repr(House(city.database, TRAVEL, SECRET))


def test_signing_in_opens_no_webhook(city: Service, provider: Provider) -> None:
    owner = Client(provider.http, city.signed_in(Role.OWNER).token)
    assert owner.post("/webhooks/payments", {}).json()["code"] == "webhook.signature"


def test_only_customers_say_that_they_did_it_by_their_link(city: Service) -> None:
    desk = city.dispatcher
    job = desk.get("/jobs").json()["items"][0]["id"]
    price = {"text": "Labour", "unit_minor": 100}
    charge = desk.post(f"/jobs/{job}/charges", price).json()["charges"][0]["id"]
    said = desk.post(f"/charges/{charge}/decide", {**YES, "how": "link"})
    assert (said.status_code, said.json()["code"]) == (422, "request.field")
    assert desk.post(f"/charges/{charge}/decide", {**YES, "how": "phone"}).status_code == 200
