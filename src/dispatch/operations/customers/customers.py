"""Customers, and whom to call there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.errors import InvalidValue, Missing
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.keeping import add_keyed, own_outlet
from dispatch.store.rows.customers import ContactRow, CustomerRow
from dispatch.store.work import expect
from dispatch.texts import LANGUAGES

MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who orders and pays."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    """What is sent as one of these has no other fields."""

    name: str
    language: str = "en"
    """In which they are written to."""

    def __post_init__(self) -> None:
        checks.words("customer.name", self.name, MOST_NAME)
        if self.language not in LANGUAGES:
            raise InvalidValue("account.language", value=self.language, known=", ".join(LANGUAGES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person at a customer."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    """What is sent as one of these has no other fields."""

    name: str
    phone: str = ""
    email: str = ""

    def __post_init__(self) -> None:
        for field in ("name", "phone", "email"):
            checks.within(f"contact.{field}", len(getattr(self, field)), 0, MOST_NAME)


def create_customer(
    database: Database, actor: Actor, key: str, customer: Customer, *, outlet: str | None = None
) -> UUID:
    """Take in a customer.

    Raises
    ------
    InvalidValue, Missing, Refused
        The key is none; there is no such outlet; ``key.taken``.
    """
    checks.identifier("customer.id", key)
    with database.work(actor) as work:
        row = CustomerRow(
            id=new_id(), key=key, outlet_id=own_outlet(work, outlet), name=customer.name
        )
        row.language = customer.language
        return work.commit(add_keyed(work, row))


def change_customer(
    database: Database, actor: Actor, customer_id: UUID, customer: Customer, *, expected: int
) -> None:
    """Let a customer be called otherwise; raises Missing and Stale."""
    with database.work(actor) as work:
        row = work.get(CustomerRow, customer_id, lock=True)
        expect(row, expected)
        row.name, row.language = customer.name, customer.language
        work.note("customer.changed", row)
        work.commit()


def add_contact(database: Database, actor: Actor, customer_id: UUID, contact: Contact) -> UUID:
    """Write down whom to call; raises Missing."""
    with database.work(actor) as work:
        customer = work.get(CustomerRow, customer_id)
        row = ContactRow(
            id=new_id(),
            customer_id=customer.id,
            name=contact.name,
            phone=contact.phone,
            email=contact.email,
        )
        work.session.add(row)
        work.note("contact.added", row)
        return work.commit(row.id)


def remove_contact(database: Database, actor: Actor, customer_id: UUID, contact_id: UUID) -> None:
    """Forget somebody; raises Missing."""
    with database.work(actor) as work:
        row = work.get(ContactRow, contact_id, lock=True)
        if row.customer_id != customer_id:
            raise Missing("store.missing", kind="contact", id=str(contact_id))
        work.forget("contact.removed", row)
        work.commit()
