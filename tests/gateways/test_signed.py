"""Only what was signed with the secret, now, is heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.errors import Unauthenticated
from dispatch.gateways.signed import check_signature, sign

SECRET = "between us two"
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
BODY = b'{"amount_minor": 5}'
SIGNATURE = sign(SECRET, SECONDS, BODY)


def code(seconds: str, signature: str, body: bytes = BODY, *, now: datetime = NOW) -> str:
    try:
        check_signature(SECRET, seconds, signature, body, now=now)
    except Unauthenticated as refused:
        return refused.code
    return "heard"


def test_a_signature_is_that_of_rfc_2104() -> None:
    """What `printf '0.x' | openssl dgst -sha256 -hmac key` says."""
    expected = "01648d624c0b511b0449a63394418e2d5b018e4cc2f753e42127d445f3ca5dd0"
    assert sign("key", 0, b"x") == expected


def test_what_is_signed_now_is_heard() -> None:
    assert code(str(SECONDS), SIGNATURE) == "heard"


@pytest.mark.parametrize(
    ("seconds", "signature", "body"),
    [
        (SECONDS, "", BODY),
        (SECONDS, SIGNATURE[:-1], BODY),
        (SECONDS, SIGNATURE.upper(), BODY),
        (SECONDS, "é" * 64, BODY),
        (SECONDS, sign("another", SECONDS, BODY), BODY),
        (SECONDS, SIGNATURE, BODY + b" "),
        (SECONDS, SIGNATURE, b""),
        (SECONDS + 1, SIGNATURE, BODY),
        ("", SIGNATURE, BODY),
        ("soon", SIGNATURE, BODY),
        (f"{SECONDS}.0", SIGNATURE, BODY),
        (-SECONDS, SIGNATURE, BODY),
        ("9" * 40, SIGNATURE, BODY),
        ("٣", SIGNATURE, BODY),
    ],
)
def test_what_does_not_fit_is_not_heard(seconds: object, signature: str, body: bytes) -> None:
    assert code(str(seconds), signature, body) == "webhook.signature"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(-6, "webhook.time"), (-5, "heard"), (5, "heard"), (6, "webhook.time"), (9e6, "webhook.time")],
)
def test_what_was_signed_long_ago_is_not_heard(minutes: float, expected: str) -> None:
    assert code(str(SECONDS), SIGNATURE, now=NOW + timedelta(minutes=minutes)) == expected
