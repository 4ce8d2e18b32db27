"""Payment providers: whoever moves the money."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from dispatch.domain import checks
from dispatch.domain.payment import PaymentMethod
from dispatch.errors import Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Money that a customer is asked for."""

    key: str
    """Ours: asked for twice by the same key, it is asked for once."""
    job: str
    """The key of the job, by which the provider tells us of it when it has arrived."""
    method: PaymentMethod
    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        checks.identifier("payment.key", self.key)
        checks.identifier("payment.job", self.job)
        checks.within("payment.amount_minor", self.amount_minor, 1, checks.MOST_MINOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Money that a customer is given back."""

    key: str
    """Ours, as above."""
    reference: str
    """Of the payment."""
    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        checks.identifier("refund.key", self.key)
        checks.within("refund.amount_minor", self.amount_minor, 1, checks.MOST_MINOR)


@runtime_checkable
class PaymentGateway(Protocol):
    """A provider. Each call may be repeated with the same key, and then does nothing new."""

    def begin(self, wanted: Wanted) -> str:
        """Ask a customer for money; that it has arrived is told by a signed webhook.

        Returns
        -------
        str
            The provider's reference.

        Raises
        ------
        Unavailable
            The provider does not answer, or refuses.
        """
        ...

    def refund(self, back: Back) -> str:
        """Give money back; returns and raises as :meth:`begin`."""
        ...


@dataclass(slots=True)
class RecordingGateway:
    """Moves no money, and remembers what it was asked for: for demos, and to try out a set-up."""

    begun: dict[str, Wanted] = field(default_factory=dict)
    """By reference."""
    given_back: dict[str, Back] = field(default_factory=dict)

    def begin(self, wanted: Wanted) -> str:
        """Remember it."""
        reference = f"recorded-{wanted.key}"
        if self.begun.setdefault(reference, wanted) != wanted:
            raise Unavailable("gateway.refused", reason=f"the key {wanted.key} was used before")
        return reference

    def refund(self, back: Back) -> str:
        """Remember it, if it was paid here and so much of it is left."""
        reference = f"recorded-back-{back.key}"
        known = self.given_back.get(reference)
        if known is None and back.amount_minor > self._left(back.reference):
            raise Unavailable("gateway.refused", reason=f"not so much is left of {back.reference}")
        if known is not None and known != back:
            raise Unavailable("gateway.refused", reason=f"the key {back.key} was used before")
        self.given_back[reference] = back
        return reference

    def _left(self, reference: str) -> int:
        paid = self.begun.get(reference)
        before = (b.amount_minor for b in self.given_back.values() if b.reference == reference)
        return 0 if paid is None else paid.amount_minor - sum(before)
