"""What the amounts of a bill say."""

from __future__ import annotations

import pytest

from dispatch.domain.states.payment import PaymentState, payment_state


@pytest.mark.parametrize(
    ("due", "paid", "refunded", "waived", "state"),
    [
        (10_000, 0, 0, False, PaymentState.DUE),
        (10_000, 4_000, 0, False, PaymentState.PARTLY_PAID),
        (10_000, 10_000, 0, False, PaymentState.PAID),
        (10_000, 12_000, 0, False, PaymentState.PAID),
        (10_000, 10_000, 3_000, False, PaymentState.PARTLY_PAID),
        (10_000, 10_000, 10_000, False, PaymentState.REFUNDED),
        (10_000, 4_000, 0, True, PaymentState.WAIVED),
        (0, 0, 0, False, PaymentState.DUE),
        (0, 4_000, 0, False, PaymentState.PAID),
    ],
)
def test_the_state_of_a_bill(
    due: int,
    paid: int,
    refunded: int,
    waived: bool,
    state: PaymentState,
) -> None:
    assert payment_state(due, paid, refunded, waived=waived) is state
