"""What other services tell us, signed by them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel

from dispatch.api.bills import NewPayment
from dispatch.api.caller import REPEATABLE
from dispatch.api.house import TheHouse
from dispatch.api.texts import Key
from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.errors import Missing
from dispatch.gateways.signed import check_signature
from dispatch.operations.money.arrive import payment_arrived

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

PROVIDER = Actor(kind=ActorKind.INTEGRATION, id="payment-provider", source=Source.API)


class PaymentNotice(NewPayment):
    """A payment that has arrived at a provider."""

    event: Key
    """The provider's id of this event: told again, it counts once."""
    job: Key
    """The key of the job that it is for."""


class Noted(BaseModel):
    """The payment as we know it."""

    payment: UUID


async def signed(
    request: Request,
    house: TheHouse,
    dispatch_timestamp: Annotated[str, Header(max_length=40)] = "",
    dispatch_signature: Annotated[str, Header(max_length=200)] = "",
) -> None:
    """Hear nobody but the provider, before anything of what was sent is believed.

    Raises
    ------
    Missing
        ``webhook.none``: there is no provider.
    Unauthenticated
        As :func:`dispatch.gateways.signed.check_signature`.
    """
    if house.payment_secret is None:
        raise Missing("webhook.none")
    check_signature(
        house.payment_secret,
        dispatch_timestamp,
        dispatch_signature,
        await request.body(),
        now=house.database.clock(),
    )


@router.post(
    "/payments", name="webhooks.payments", tags=[REPEATABLE], dependencies=[Depends(signed)]
)
def payments(house: TheHouse, given: PaymentNotice, request: Request) -> Noted:
    """Write down a payment that a provider tells of, once however often it does."""
    actor = replace(PROVIDER, request=request.state.id)
    money = given.money()
    return Noted(
        payment=payment_arrived(house.database, actor, given.job, money, notice=given.event)
    )
