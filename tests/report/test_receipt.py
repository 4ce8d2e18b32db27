"""The receipt says what was paid, what for, and what is still open; on one page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from dispatch import texts
from dispatch.domain.payment import Bill, BilledLine, PaymentMethod, PaymentReceipt
from dispatch.report.receipt import MOST_LINES, receipt_page, receipt_pdf

BILL = Bill(currency="CNY", due_minor=150_000, paid_minor=120_050, refunded_minor=0, waived_minor=0)
RECEIPT = PaymentReceipt(
    number="0195-7",
    organisation="Demo & Sons $",
    job="J1",
    site="1 Harbour Road",
    at=datetime(2026, 3, 2, 6, tzinfo=UTC),
    method=PaymentMethod.WECHAT,
    reference="wx-1",
    amount_minor=120_050,
    refund_of=None,
    lines=(BilledLine(text="Labour", quantity=2, amount_minor=150_000),),
    bill=BILL,
)


def shown(receipt: PaymentReceipt, lang: str = "en") -> list[str]:
    return [text.get_text() for text in receipt_page(receipt, lang).texts]


def test_a_receipt_says_what_was_paid_and_what_for() -> None:
    said = shown(RECEIPT)
    assert said[:2] == [r"Demo & Sons \$", "Receipt"]
    for words in ("0195-7", "J1", "1 Harbour Road", "WeChat Pay", "wx-1", "2 × Labour"):
        assert words in said
    assert said[said.index("Amount") + 1] == "1,200.50 CNY"
    assert said[said.index("Due in all") + 1] == "1,500.00 CNY"
    assert said[said.index("Still open") + 1] == "299.50 CNY"
    assert "Given back" not in said


def test_a_refund_says_of_what() -> None:
    bill = replace(BILL, refunded_minor=50)
    said = shown(replace(RECEIPT, refund_of="0195-6", amount_minor=50, bill=bill))
    assert said[1] == "Receipt of a refund"
    assert said[said.index("Refund of") + 1] == "0195-6"
    assert said[said.index("Given back by") + 1] == "WeChat Pay"
    assert said[said.index("Given back") + 1] == "0.50 CNY"


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_a_receipt_is_a_pdf_of_one_page(lang: str) -> None:
    long = BilledLine(text="很长 $x^2$ " * 60, quantity=1, amount_minor=1)
    receipt = replace(RECEIPT, lines=(long,) * (MOST_LINES + 9), site="x" * 500)
    pdf = receipt_pdf(receipt, lang=lang)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page ") == 1
    assert receipt_pdf(receipt, lang=lang) == pdf


def test_what_does_not_fit_is_counted_and_nothing_leaves_the_page() -> None:
    lines = RECEIPT.lines * (MOST_LINES + 9)
    bill = replace(BILL, refunded_minor=1, waived_minor=1)
    figure = receipt_page(replace(RECEIPT, lines=lines, refund_of="x", bill=bill), "en")
    said = [text.get_text() for text in figure.texts]
    assert said.count("2 × Labour") == MOST_LINES
    assert "9 more" in said
    assert min(text.get_position()[1] for text in figure.texts) > 0.05


@pytest.mark.parametrize("letter", ["W", "i", "修"])
def test_a_long_line_ends_before_its_amount(letter: str) -> None:
    (line,) = RECEIPT.lines
    long = replace(RECEIPT, lines=(replace(line, text=200 * letter),), site=200 * letter)
    figure = receipt_page(long, "en")
    renderer = FigureCanvasAgg(figure).get_renderer()
    places = [text.get_window_extent(renderer) for text in figure.texts]
    edge = figure.bbox.x1
    assert all(place.x1 < 0.95 * edge for place in places)
    for one, other in combinations(places, 2):
        assert not (one.y0 < other.y1 and other.y0 < one.y1 and one.overlaps(other))


def test_a_receipt_speaks_chinese() -> None:
    from dispatch.report.png.lettering import lettering

    said = shown(RECEIPT, "zh")
    assert ("收据" in said) is lettering().chinese
    assert len(said) == len(shown(RECEIPT))
