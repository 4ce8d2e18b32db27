"""Who asks: shown by a token, let in by the table, known again by a key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from dispatch.api.access import expect_may, is_open, may
from dispatch.api.house import House
from dispatch.domain.actor import Actor, Receipt
from dispatch.errors import InvalidValue, Missing, Unauthenticated, Unavailable
from dispatch.operations.accounts.who import Identity, identify
from dispatch.store.once import once

T = TypeVar("T")

REPEATABLE = "repeatable"
"""Tag of a POST that may come twice by itself, so that it needs no key."""
MOST_KEY = 120


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is let in."""

    identity: Identity
    actor: Actor
    house: House

    @property
    def technician(self) -> UUID:
        """Who they are on the road."""
        if self.identity.technician is None:
            raise Missing("store.missing", kind="technician", id="")
        return self.identity.technician

    @property
    def link(self) -> UUID:
        """By which customer link they came."""
        if self.identity.link is None:
            raise Missing("store.missing", kind="customer_link", id="")
        return self.identity.link

    @property
    def job(self) -> UUID:
        """The job of that link, and the only one they may ask for."""
        if self.identity.job is None:
            raise Missing("store.missing", kind="job", id="")
        return self.identity.job

    def is_over(self) -> bool:
        """Whether their token is good for nothing any more, by its time."""
        until = self.identity.until
        return until is not None and until <= self.house.database.clock()

    def patience_s(self, most: float) -> float:
        """So many seconds, or until their token is over if that is sooner."""
        if self.identity.until is None:
            return most
        left = self.identity.until - self.house.database.clock()
        return min(most, max(0.0, left.total_seconds()))

    def once(self, kind: type[T], do: Callable[[], T]) -> T:
        """Do what the request asks for, unless it was done when the request came first."""
        return once(self.house.database, self.actor, kind, do)


async def admit(
    request: Request,
    authorization: Annotated[str | None, Header(max_length=500)] = None,
    idempotency_key: Annotated[str | None, Header(max_length=MOST_KEY)] = None,
) -> Caller | None:
    """Let somebody in, or nobody where anybody may come.

    Raises
    ------
    Unauthenticated, Denied
        ``access.token``; ``access.denied``: the table does not have them for this route.
    InvalidValue
        ``request.no-key``: a POST needs one.
    """
    route: Route = request.scope["route"]
    if is_open(route.name):
        return None
    house: House = request.app.state.house
    identity = await _identity(house, authorization)
    request.state.actor = identity.actor.id
    expect_may(identity, route.name)
    actor = replace(identity.actor, request=request.state.id)
    if request.method == "POST" and REPEATABLE not in getattr(route, "tags", ()):
        if not idempotency_key or not idempotency_key.isprintable():
            raise InvalidValue("request.no-key", most=MOST_KEY)
        actor = replace(actor, receipt=Receipt(idempotency_key, await _wish(request)))
    return Caller(identity, actor, house)


async def is_known(house: House, authorization: str | None) -> bool:
    """Whether somebody has this token, whatever it opens; yes if that cannot be seen now."""
    try:
        await _identity(house, authorization)
    except Unauthenticated:
        return False
    except Unavailable:
        return True  # who lets them in will say so
    return True


class Watch:
    """Sees, for as long as a stream goes on, whether its reader may still be let in."""

    def __init__(self, request: Request, caller: Caller, every_s: float) -> None:
        self._request, self._caller, self._every_s = request, caller, every_s
        self._seen = monotonic()

    async def lets_in(self) -> bool:
        """Whether the token is good for what its owner came for; asked anew now and then."""
        if self._caller.is_over():
            return False
        if monotonic() - self._seen < self._every_s:
            return True
        self._seen = monotonic()
        try:
            identity = await _identity(
                self._caller.house, self._request.headers.get("authorization")
            )
        except Unauthenticated:
            return False
        return may(identity, self._request.scope["route"].name)


async def _identity(house: House, authorization: str | None) -> Identity:
    kind, _, token = (authorization or "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated("access.token")
    return await run_in_threadpool(identify, house.database, token)


async def _wish(request: Request) -> bytes:
    line = f"{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(line.encode() + await request.body()).digest()


def _known(caller: Annotated[Caller | None, Depends(admit)]) -> Caller:
    if caller is None:
        raise Unauthenticated("access.token")
    return caller


TheCaller = Annotated[Caller, Depends(_known)]
