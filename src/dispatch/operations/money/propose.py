"""Propose a charge to the customer of a job."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.states.charge import CHARGE
from dispatch.errors import InvalidValue
from dispatch.operations.money.held import unsettled_job
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.ledger import check_currency
from dispatch.store.organisation import currency_of
from dispatch.store.rows.job_types import ServiceItemRow
from dispatch.store.rows.money import ChargeRow
from dispatch.store.work import Work

MOST_QUANTITY = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A service item, or a text with a price of its own."""

    item: str | None = None
    """The key of a service item: its price counts, and its name where no text is given."""
    text: str = ""
    unit_minor: int | None = None
    quantity: int = 1

    def __post_init__(self) -> None:
        checks.within("charge.quantity", self.quantity, 1, MOST_QUANTITY)
        if (self.item is None) == (self.unit_minor is None) or not (
            self.item or checks.has_print(self.text)
        ):
            raise InvalidValue("charge.what")
        if self.unit_minor is not None:
            checks.within("charge.unit_minor", self.unit_minor, 1, checks.MOST_MINOR)


def propose_charge(
    database: Database,
    actor: Actor,
    job_id: UUID,
    proposal: Proposal,
    *,
    technician: UUID | None = None,
) -> UUID:
    """Write down what a job is to cost; it is owed once the customer has said yes.

    Parameters
    ----------
    technician
        Who proposes it on site.

    Raises
    ------
    InvalidValue
        The amount is nothing, or impossibly high.
    Missing
        There is no such job or service item.
    Refused
        ``job.settled``; ``money.currency``: the price of the service item is in another currency.
    """
    with database.work(actor) as work:
        job = unsettled_job(work, job_id)
        item = None if proposal.item is None else work.by_key(ServiceItemRow, proposal.item)
        row = ChargeRow(
            id=new_id(),
            outlet_id=job.outlet_id,
            job_id=job.id,
            item_id=None if item is None else item.id,
            text=proposal.text.strip() or (item.name if item else ""),
            quantity=proposal.quantity,
            amount_minor=_amount(work, proposal, item),
            currency=currency_of(work.session),
            state=CHARGE.first,
            proposed_at=work.now,
            proposed_by=actor.id,
            technician_id=technician,
        )
        work.session.add(row)
        work.note("charge.proposed", row)
        work.answer_for_good()
        return work.commit(row.id)


def _amount(work: Work, proposal: Proposal, item: ServiceItemRow | None) -> int:
    if item is not None:
        check_currency(work.session, item.currency)
    unit_minor = proposal.unit_minor if item is None else item.fee_minor
    amount_minor = proposal.quantity * (unit_minor or 0)
    checks.within("charge.amount_minor", amount_minor, 1, checks.MOST_MINOR)
    return amount_minor
