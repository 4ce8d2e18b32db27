"""Accounts of people, and keys of programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select

from dispatch.api.access import scopes
from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.sent import Sent
from dispatch.api.texts import Key, Moment, Name, Secret
from dispatch.api.versions import Seen, tag
from dispatch.domain.role import Role
from dispatch.errors import InvalidValue
from dispatch.operations.accounts.change import AccountEdit, change_account, revoke_integration
from dispatch.operations.accounts.create import create_account, create_integration
from dispatch.store.rows.accounts import AccountRow, IntegrationRow

router = APIRouter(tags=["accounts"])


Outlets = Annotated[list[UUID], Field(max_length=100)]


class NewAccount(Sent):
    """Somebody who is to sign in."""

    login: Key
    role: Role
    password: Secret
    name: Name = ""
    language: Literal["en", "zh"] = "en"
    technician: UUID | None = None
    outlets: Outlets = Field(
        default=[], description="Whose things a manager or dispatcher sees, with all below."
    )
    whole_network: bool = Field(
        default=False, description="They see everything instead; one of the two has to be said."
    )
    email: Name | None = None


class AccountChange(Sent):
    """What is to be changed; what is left out stays."""

    name: Name | None = None
    language: Literal["en", "zh"] | None = None
    active: bool | None = None
    role: Role | None = None
    technician: UUID | None = None
    outlets: Outlets | None = None
    whole_network: bool | None = None
    email: Name | None = None
    password: Secret | None = None


class Account(BaseModel):
    """Somebody who signs in."""

    id: UUID
    version: int
    login: str
    name: str
    role: Role
    language: str
    active: bool
    technician: UUID | None
    outlets: list[UUID]
    whole_network: bool
    """Whether they see everything, and not these outlets."""
    email: str | None
    bound: bool
    """Whether an identity provider has vouched for them."""

    @staticmethod
    def of(row: AccountRow) -> Account:
        """As it is kept, without its password."""
        return Account(
            id=row.id,
            version=row.version,
            login=row.login,
            name=row.name,
            role=row.role,
            language=row.language,
            active=row.active,
            technician=row.technician_id,
            outlets=[outlet.id for outlet in row.outlets],
            whole_network=row.role is not Role.TECHNICIAN and not row.outlets,
            email=row.email,
            bound=row.subject is not None,
        )


class NewKey(Sent):
    """A program that is to be let in."""

    name: Key
    scopes: Annotated[list[Key], Field(min_length=1, max_length=50)]
    outlet: UUID | None = Field(default=None, description="Whose things it sees, with all below.")
    whole_network: bool = Field(
        default=False, description="It sees everything instead; one of the two has to be said."
    )
    expires_at: Moment | None = None


class GivenKey(BaseModel):
    """The key, told this once."""

    id: UUID
    key: str


class KeyView(BaseModel):
    """A program that is let in, or was; its key is told nobody again."""

    id: UUID
    name: str
    scopes: list[str]
    outlet: UUID | None
    """Whose things it sees, with all below."""
    whole_network: bool
    """Whether it sees everything, and not this outlet."""
    made_by: str | None
    """The account's id; none where that is not known."""
    last_used_at: datetime | None
    """To some ten minutes; none: never."""
    expires_at: datetime | None
    revoked_at: datetime | None

    @staticmethod
    def of(row: IntegrationRow) -> KeyView:
        """As it is kept, without its hash."""
        return KeyView(
            id=row.id,
            name=row.name,
            scopes=row.scopes,
            outlet=row.outlet_id,
            whole_network=row.outlet_id is None,
            made_by=row.made_by,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )


@router.get("/accounts", name="accounts.list")
def accounts(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[Account]:
    """Everybody who signs in."""
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, select(AccountRow), AccountRow, after, limit, Account.of)


@router.post("/accounts", name="accounts.create", status_code=status.HTTP_201_CREATED)
def create(caller: TheCaller, given: NewAccount, response: Response) -> Account:
    """Let somebody sign in."""
    account = caller.once(
        UUID,
        lambda: create_account(
            caller.house.database,
            caller.actor,
            login=given.login,
            role=given.role,
            password=given.password,
            name=given.name,
            language=given.language,
            technician=given.technician,
            outlets=given.outlets,
            whole_network=given.whole_network,
            email=given.email,
        ),
    )
    return read(caller, account, response)


@router.get("/accounts/{account}", name="accounts.read")
def read(caller: TheCaller, account: UUID, response: Response) -> Account:
    """One account."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(AccountRow, account)
        tag(response, row.version)
        return Account.of(row)


@router.patch("/accounts/{account}", name="accounts.change")
def change(
    caller: TheCaller, account: UUID, given: AccountChange, seen: Seen, response: Response
) -> Account:
    """Change an account; a new password, role or reach, or an end to it, ends all its sign-ins."""
    edit = AccountEdit(**given.model_dump())
    change_account(caller.house.database, caller.actor, account, edit, expected=seen)
    return read(caller, account, response)


@router.get("/integrations", name="integrations.list")
def keys(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[KeyView]:
    """Programs of the outlets that one sees, with what they may do and when they were here last."""
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, select(IntegrationRow), IntegrationRow, after, limit, KeyView.of)


@router.post(
    "/integrations",
    name="integrations.create",
    status_code=status.HTTP_201_CREATED,
    tags=[REPEATABLE],  # a second of one name is refused, and a key is told once
)
def give_key(caller: TheCaller, given: NewKey) -> GivenKey:
    """Let a program in; its key is told now and never again."""
    known = scopes()
    if strange := sorted(set(given.scopes) - known):
        raise InvalidValue("integration.scope", value=strange[0], known=", ".join(sorted(known)))
    made, key = create_integration(
        caller.house.database,
        caller.actor,
        name=given.name,
        scopes=given.scopes,
        outlet=given.outlet,
        whole_network=given.whole_network,
        expires_at=given.expires_at,
    )
    return GivenKey(id=made, key=key)


@router.delete(
    "/integrations/{integration}",
    name="integrations.revoke",
    status_code=status.HTTP_204_NO_CONTENT,
)
def revoke(caller: TheCaller, integration: UUID) -> None:
    """Let a program in no longer."""
    revoke_integration(caller.house.database, caller.actor, integration)
