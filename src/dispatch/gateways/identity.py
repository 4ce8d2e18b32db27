"""Identity providers: whoever knows the people that sign in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as a provider knows them, and has signed."""

    issuer: str
    subject: str
    """Never given to anybody else there."""
    email: str | None
    """In small letters; None unless the provider has verified it."""
    nonce: str
    """What we gave them on their way, to be compared."""


class IdentityProvider(Protocol):
    """A provider, asked by way of the browser of whoever signs in."""

    def address(self, *, state: str, nonce: str, challenge: str) -> str:
        """Where to send a browser.

        Parameters
        ----------
        state
            Comes back with the browser.
        nonce
            Comes back in what the provider signs.
        challenge
            The SHA-256 of a verifier (PKCE, RFC 7636), in URL-safe base64 without padding.

        Raises
        ------
        Unavailable
            The provider does not answer as it should.
        """
        ...

    def redeem(self, code: str, *, verifier: str, now: datetime) -> Person:
        """Who has come back with a code.

        Raises
        ------
        Unauthenticated
            The provider does not take the code, or what it signs does not hold.
        Unavailable
            It does not answer as it should.
        """
        ...
