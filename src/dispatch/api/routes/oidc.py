"""Signing in by way of an identity provider (OpenID Connect), where one is set up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints

from dispatch.api.caller import REPEATABLE
from dispatch.api.house import House, TheHouse
from dispatch.api.sent import Sent
from dispatch.api.texts import Name, Secret
from dispatch.errors import Missing
from dispatch.gateways.identity import IdentityProvider
from dispatch.operations.accounts.provider import Begun, begin_sign_in, finish_sign_in
from dispatch.operations.accounts.tokens import Tokens

router = APIRouter(prefix="/sign-in/oidc", tags=["signing in"])

MOST_CODE = 4_000
"""Characters of a code; some providers put much into it."""


class ComeBack(Sent):
    """What the provider gave the browser, and what the browser kept to itself."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=MOST_CODE)]
    state: Secret
    keep: Secret
    device: Name = ""


@router.post("", name="sign_in.oidc_begin", tags=[REPEATABLE])
def begin(house: TheHouse) -> Begun:
    """Begin: send the browser to `url`, and let it keep `keep` to itself until it comes back."""
    return begin_sign_in(house.database, _provider(house))


@router.post("/finish", name="sign_in.oidc_finish", tags=[REPEATABLE])
def finish(house: TheHouse, given: ComeBack) -> Tokens:
    """Get tokens for the code that the browser came back with; good for one use."""
    return finish_sign_in(
        house.database,
        _provider(house),
        code=given.code,
        state=given.state,
        keep=given.keep,
        device=given.device,
    )


def _provider(house: House) -> IdentityProvider:
    if house.identity is None:
        raise Missing("oidc.none")
    return house.identity
