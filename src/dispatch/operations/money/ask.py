"""Ask a customer for money, by way of a payment provider."""

from __future__ import annotations

import hashlib
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.payment import PaymentMethod
from dispatch.errors import Refused
from dispatch.gateways.payments import PaymentGateway, Wanted
from dispatch.operations.money.held import expect_unsettled
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.ids import new_id
from dispatch.store.ledger import bill
from dispatch.store.rows.jobs import JobRow


def ask_payment(
    database: Database,
    actor: Actor,
    gateway: PaymentGateway,
    job_id: UUID,
    *,
    method: PaymentMethod,
    amount_minor: int,
) -> str:
    """Let a provider ask for a part of what is open, or all of it.

    Nothing is paid by that: the provider tells of it when the money has arrived.

    Returns
    -------
    str
        The provider's reference.

    Raises
    ------
    InvalidValue
        The amount is not positive.
    Missing
        There is no such job.
    Refused
        ``job.settled``; ``payment.too-much``: less is open.
    Unavailable
        The provider does not answer, or refuses.
    """
    with database.work(actor) as work:
        job = work.get(JobRow, job_id)
        expect_unsettled(job)
        found = bill(work.session, job)
    if amount_minor > found.open_minor:
        raise Refused("payment.too-much", amount=amount_minor, open=max(0, found.open_minor))
    wanted = Wanted(
        key=_key(actor),
        job=job.key,
        method=method,
        amount_minor=amount_minor,
        currency=found.currency,
    )
    # In no transaction: a provider may take its time, and nobody is to wait for it.
    reference = gateway.begin(wanted)
    with database.work(actor) as work:
        after = {
            "method": method.value,
            "amount_minor": amount_minor,
            "currency": found.currency,
            "reference": reference,
        }
        work.record(
            Event(kind="job.payment_asked", subject=job.id, outlet=job.outlet_id, after=after)
        )
        work.answer_for_good()
        return work.commit(reference)


def _key(actor: Actor) -> str:
    """The same for a wish that comes twice, of one length, and of one actor alone."""
    if actor.receipt is None:
        return str(new_id())
    return hashlib.sha256(f"{actor.id} {actor.receipt.key}".encode()).hexdigest()[:40]
