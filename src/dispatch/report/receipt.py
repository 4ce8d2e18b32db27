"""The receipt of a payment or a refund, as a PDF of one page."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from dispatch.domain.money import amount
from dispatch.domain.payment import PaymentReceipt
from dispatch.report.png import canvas
from dispatch.report.png.lettering import lettering
from dispatch.texts import say

A4_IN = (8.27, 11.69)
LEFT, MIDDLE, RIGHT = 0.1, 0.32, 0.9
TOP, STEP, GAP = 0.92, 0.024, 0.02
"""Parts of the page."""
MOST_LINES, LONGEST = 14, 120
"""Charges that are listed, and characters of a line that are looked at."""


def receipt_pdf(receipt: PaymentReceipt, *, lang: str = "en") -> bytes:
    """The receipt as a PDF; in English where this machine has no Chinese letters."""
    written = BytesIO()
    about = {"Title": receipt.number, "Creator": "dispatch", "CreationDate": receipt.at}
    receipt_page(receipt, canvas.spoken(lang)).savefig(written, format="pdf", metadata=about)
    return written.getvalue()


def receipt_page(receipt: PaymentReceipt, lang: str) -> Figure:
    """The page, as a figure."""
    page = _Page(Figure(figsize=A4_IN, facecolor="white"))
    title = "payment" if receipt.refund_of is None else "refund"
    page.line(receipt.organisation, size=11, color=canvas.QUIET)
    page.line(say(f"receipt.page.{title}", lang), size=22, weight="bold")
    page.gap()
    for name, value in _about(receipt):
        page.pair(say(f"receipt.page.{name}", lang), value)
    method = "method" if receipt.refund_of is None else "refund-method"
    page.pair(say(f"receipt.page.{method}", lang), say(f"receipt.method.{receipt.method}", lang))
    page.gap()
    money = amount(receipt.amount_minor, receipt.bill.currency)
    page.row(say("receipt.page.amount", lang), money, size=15, weight="bold")
    page.gap()
    _draw_bill(page, receipt, lang)
    return page.figure


def _about(receipt: PaymentReceipt) -> Iterator[tuple[str, str]]:
    yield "number", receipt.number
    if receipt.refund_of is not None:
        yield "refund-of", receipt.refund_of
    yield "date", receipt.at.strftime("%Y-%m-%d %H:%M %z")
    yield "job", receipt.job
    if receipt.site:
        yield "site", receipt.site
    if receipt.reference:
        yield "reference", receipt.reference


def _draw_bill(page: _Page, receipt: PaymentReceipt, lang: str) -> None:
    bill = receipt.bill
    page.line(say("receipt.page.charges", lang), size=12, weight="bold")
    for line in receipt.lines[:MOST_LINES]:
        page.row(f"{line.quantity} × {line.text}", amount(line.amount_minor, bill.currency))
    if len(receipt.lines) > MOST_LINES:
        page.line(say("receipt.page.more", lang, count=len(receipt.lines) - MOST_LINES))
    page.gap()
    sums = {
        "due": bill.due_minor,
        "paid": bill.paid_minor,
        "refunded": bill.refunded_minor,
        "waived": bill.waived_minor,
        "open": bill.open_minor,
    }
    for name, minor in sums.items():
        if minor or name in {"due", "open"}:
            page.row(say(f"receipt.page.{name}", lang), amount(minor, bill.currency))


TOLERANCE = 0.001


class _Page:
    """Writes line under line."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._canvas = FigureCanvasAgg(figure)
        self._at = TOP

    def line(self, text: str, **look: Any) -> None:
        """A line from the left."""
        self._text(LEFT, text, **look)
        self._at -= STEP * max(1.0, look.get("size", 10) / 12)

    def pair(self, name: str, value: str) -> None:
        """What something is called, and what it is."""
        self._text(LEFT, name, until=MIDDLE, color=canvas.QUIET)
        self._text(MIDDLE, value)
        self._at -= STEP

    def row(self, name: str, value: str, **look: Any) -> None:
        """A name at the left, an amount at the right."""
        called = self._text(LEFT, name, **look)
        sum_ = self._text(RIGHT, value, ha="right", **look)
        self._cut(called, self._place(sum_).x0 - GAP)
        self._at -= STEP

    def gap(self) -> None:
        """Some room."""
        self._at -= GAP

    def _text(self, x: float, text: str, *, until: float = RIGHT, **look: Any) -> Text:
        """Write a line, no further than so."""
        fonts = lettering()
        shown: canvas.Look = {
            "size": 10,
            "color": canvas.INK,
            "family": fonts.families,
            "va": "top",
            **look,
        }
        written = self.figure.text(x, self._at, fonts.printable(text[:LONGEST]), **shown)
        self._cut(written, until)
        return written

    def _cut(self, written: Text, until: float) -> None:
        """Let a text end before a place."""
        short = written.get_text()
        while short and self._place(written).x1 > until + TOLERANCE:
            short = short[:-1]
            written.set_text(f"{short.rstrip()}…")

    def _place(self, written: Text) -> Bbox:
        """Where it is, in parts of the page."""
        whole = written.get_window_extent(self._canvas.get_renderer())  # type: ignore[no-untyped-call]
        return whole.transformed(self.figure.transFigure.inverted())
