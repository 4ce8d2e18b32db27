"""Signatures of what a provider sends: that it comes from them, now, and as they wrote it."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from dispatch.errors import Unauthenticated

TOLERANCE = timedelta(minutes=5)
"""How far the sender's clock may be off, and how long something may be on its way."""
LONGEST_SECOND = 12
"""Digits of a time in seconds: some 30,000 years."""


def sign(secret: str, seconds: int, body: bytes) -> str:
    """The signature of a body: HMAC-SHA256 (RFC 2104) in hexadecimal.

    Parameters
    ----------
    seconds
        When it is sent, since 1970 in UTC; signed too, so that nobody can send it again later.
    """
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def check_signature(
    secret: str, seconds: str, signature: str, body: bytes, *, now: datetime
) -> None:
    """See that a body was signed with the secret, a moment ago.

    The comparison takes as long however much of the signature is right.

    Raises
    ------
    Unauthenticated
        ``webhook.signature``; ``webhook.time``: it was signed too long ago, or in the future.
    """
    sent = _seconds(seconds)
    expected = sign(secret, sent, body).encode()
    if not hmac.compare_digest(expected, signature.encode("utf-8", "replace")):
        raise Unauthenticated("webhook.signature")
    tolerance_s = int(TOLERANCE.total_seconds())
    if abs(now.astimezone(UTC).timestamp() - sent) > tolerance_s:
        raise Unauthenticated("webhook.time", tolerance_s=tolerance_s)


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_SECOND):
        raise Unauthenticated("webhook.signature")
    return int(text)
