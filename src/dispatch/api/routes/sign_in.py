"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, status
from pydantic import BaseModel

from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.house import TheHouse
from dispatch.api.sent import Sent
from dispatch.api.texts import Name, Secret
from dispatch.operations.accounts.change import change_password
from dispatch.operations.accounts.refresh import refresh, sign_out
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.operations.accounts.tokens import Tokens
from dispatch.operations.accounts.who import Identity

router = APIRouter(tags=["signing in"])


class SignIn(Sent):
    """A login and its password."""

    login: Name
    password: Secret
    device: Name = ""


class Refresh(Sent):
    """The refresh token that came last."""

    refresh: Secret


class NewPassword(Sent):
    """The password there is, and the one that is to be."""

    old: Secret
    new: Secret


class Me(BaseModel):
    """Who stands behind a token."""

    id: str
    name: str
    role: str | None
    scopes: list[str]
    technician: str | None
    language: str

    @staticmethod
    def of(identity: Identity) -> Me:
        """As the record knows them."""
        return Me(
            id=identity.actor.id,
            name=identity.name,
            role=identity.role.value if identity.role else None,
            scopes=sorted(identity.scopes),
            technician=str(identity.technician) if identity.technician else None,
            language=identity.language,
        )


@router.post("/sign-in", name="sign_in", tags=[REPEATABLE])
def sign_in_(house: TheHouse, given: SignIn) -> Tokens:
    """Get tokens: one that opens everything for a quarter of an hour, one to get new ones with."""
    return sign_in(house.database, given.login, given.password, given.device)


@router.post("/refresh", name="sign_in.refresh", tags=[REPEATABLE])
def refresh_(house: TheHouse, given: Refresh) -> Tokens:
    """Get new tokens; the refresh token is good for one use."""
    return refresh(house.database, given.refresh)


@router.post(
    "/sign-out", name="sign_out", status_code=status.HTTP_204_NO_CONTENT, tags=[REPEATABLE]
)
def sign_out_(caller: TheCaller) -> None:
    """End the sign-in of this token."""
    if caller.identity.sign_in is not None:
        sign_out(caller.house.database, caller.actor, caller.identity.sign_in)


@router.get("/me", name="me")
def me(caller: TheCaller) -> Me:
    """Who this token belongs to."""
    return Me.of(caller.identity)


@router.post(
    "/me/password",
    name="me.password",
    status_code=status.HTTP_204_NO_CONTENT,
    tags=[REPEATABLE],
)
def password(caller: TheCaller, given: NewPassword) -> None:
    """Change one's own password; every device signs in anew."""
    change_password(caller.house.database, caller.actor, given.old, given.new)
