"""A provider does once what it is asked for twice, and gives back no more than came in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.bootstrap import payment_gateway
from dispatch.domain.payment import PaymentMethod
from dispatch.errors import InvalidValue, Unavailable
from dispatch.gateways.payments import Back, PaymentGateway, RecordingGateway, Wanted

WANTED = Wanted(
    key="k1", job="J1", method=PaymentMethod.WECHAT, amount_minor=10_000, currency="CNY"
)


def back(reference: str, key: str, amount_minor: int) -> Back:
    return Back(key=key, reference=reference, amount_minor=amount_minor, currency="CNY")


def test_what_is_asked_for_twice_is_asked_for_once() -> None:
    recording = RecordingGateway()
    gateway: PaymentGateway = recording
    reference = gateway.begin(WANTED)
    assert gateway.begin(WANTED) == reference
    assert gateway.begin(replace(WANTED, key="k2")) != reference
    assert len(recording.begun) == 2
    with pytest.raises(Unavailable) as refused:
        gateway.begin(replace(WANTED, amount_minor=1))
    assert refused.value.code == "gateway.refused"


def test_no_more_is_given_back_than_came_in() -> None:
    recording = RecordingGateway()
    gateway: PaymentGateway = recording
    reference = gateway.begin(WANTED)
    first = gateway.refund(back(reference, "r1", 6_000))
    assert gateway.refund(back(reference, "r1", 6_000)) == first
    for wrong in (
        back(reference, "r2", 4_001),
        back("nowhere", "r3", 1),
        back(reference, "r1", 1),
    ):
        with pytest.raises(Unavailable):
            gateway.refund(wrong)
    gateway.refund(back(reference, "r4", 4_000))
    assert [given.amount_minor for given in recording.given_back.values()] == [6_000, 4_000]


def test_nothing_is_asked_for_without_an_amount() -> None:
    with pytest.raises(InvalidValue):
        replace(WANTED, amount_minor=0)
    with pytest.raises(InvalidValue):
        back("x", "r1", -1)


NAMED = "dispatch.gateways.payments:RecordingGateway"


def test_a_gateway_of_ones_own_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPATCH_PAYMENT_GATEWAY", raising=False)
    assert payment_gateway() is None
    monkeypatch.setenv("DISPATCH_PAYMENT_GATEWAY", NAMED)
    assert isinstance(payment_gateway(), RecordingGateway)


@pytest.mark.parametrize(
    "named",
    ["nothing", "no.such:thing", "dispatch.gateways.payments:Nobody", "builtins:dict", "math:pi"],
)
def test_what_is_no_gateway_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCH_PAYMENT_GATEWAY", named)
    with pytest.raises(InvalidValue) as refused:
        payment_gateway()
    assert refused.value.code == "gateway.setting"
