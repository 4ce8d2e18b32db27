"""Passwords and tokens: made here, kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from dispatch.errors import InvalidValue, Unavailable

FEWEST, MOST = 10, 200
"""Characters of a password (NIST SP 800-63B asks for 8 at least and 64 allowed)."""
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
"""Argon2id (RFC 9106), 19 MiB: many sign in at once, and a server is small."""
AT_ONCE, WAITING, PATIENCE_S = 4, 12, 3.0
"""Each takes 19 MiB and a core for a while; who waits keeps a thread that others need."""
_TURNS, _ROOM = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE + WAITING)
_NOBODYS = _HASHER.hash(secrets.token_urlsafe(16))


def password_hash(password: str) -> str:
    """What is kept of a password.

    Raises
    ------
    InvalidValue
        ``password.length``: too short to be safe, or too long.
    """
    if not FEWEST <= len(password) <= MOST:
        raise InvalidValue("password.length", low=FEWEST, high=MOST)
    return secret_hash(password)


def secret_hash(secret: str) -> str:
    """What is kept of a secret that was made here, or found good."""
    return _HASHER.hash(secret)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password; takes as long where there is none."""
    try:
        _HASHER.verify(kept or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def fits_in_turn(password: str, kept: str | None) -> bool:
    """The same, for whoever comes from outside: some at a time, and some more who wait.

    Raises
    ------
    Unavailable
        ``sign-in.busy``: too many wait already, or it takes too long.
    """
    if not _ROOM.acquire(blocking=False):
        raise Unavailable("sign-in.busy")
    try:
        if not _TURNS.acquire(timeout=PATIENCE_S):
            raise Unavailable("sign-in.busy")
        try:
            return fits(password, kept)
        finally:
            _TURNS.release()
    finally:
        _ROOM.release()


def new_token() -> str:
    """A secret that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is kept of a token; it is random, so that one round is enough."""
    return hashlib.sha256(token.encode()).digest()
