"""What a customer sees and says by their link: one job, and no more of it than they need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field, StringConstraints

from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.house import TheHouse
from dispatch.api.routes.jobs import GivenCode
from dispatch.api.routes.money import PDF
from dispatch.api.sent import Sent
from dispatch.api.texts import Moment, Secret
from dispatch.domain.customer_link import MOST_STARS, MOST_WORDS, WishKind
from dispatch.domain.payment import ApprovedHow, PaymentMethod
from dispatch.domain.states.charge import BY_CUSTOMER, ChargeAction, ChargeState, asked_of
from dispatch.domain.states.job import JobState
from dispatch.domain.states.payment import PaymentState
from dispatch.domain.states.wish import WishState
from dispatch.domain.window import Window
from dispatch.operations.links.code import ask_code
from dispatch.operations.links.exchange import LinkToken, exchange_link
from dispatch.operations.links.look import (
    CustomerJob,
    CustomerVisit,
    customer_receipt,
    look_at_job,
)
from dispatch.operations.links.rate import rate_job
from dispatch.operations.links.wish import make_wish
from dispatch.operations.money.decide import decide_charge
from dispatch.operations.money.held import check_charge
from dispatch.operations.money.look import JobAccount, bill_of
from dispatch.store.rows.links import RatingRow, WishRow

router = APIRouter(prefix="/link", tags=["customer link"])

Said = Annotated[str, StringConstraints(max_length=MOST_WORDS)]


class Exchange(Sent):
    """What stands behind the `#` of a link."""

    link: Secret


class NewWish(Sent):
    """To cancel, or for another window: it starts between these."""

    kind: WishKind
    window_from: Moment | None = None
    window_to: Moment | None = None
    words: Said = ""

    def window(self) -> Window | None:
        """The same, checked."""
        if self.window_from is None or self.window_to is None:
            return None
        return Window(start=self.window_from, end=self.window_to)


class NewRating(Sent):
    """One star to five, and why."""

    stars: Annotated[int, Field(ge=1, le=MOST_STARS)]
    words: Said = ""


class Say(Sent):
    """Yes or no to a charge, and who says so."""

    approve: bool
    customer: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class WishView(BaseModel):
    """What was wished for, and the answer."""

    id: UUID
    version: int
    kind: WishKind
    state: WishState
    window_from: datetime | None
    window_to: datetime | None
    words: str
    asked_at: datetime
    answer: str

    @staticmethod
    def of(row: WishRow) -> WishView:
        """As it is kept."""
        return WishView(
            id=row.id,
            version=row.version,
            kind=row.kind,
            state=row.state,
            window_from=row.window_from,
            window_to=row.window_to,
            words=row.words,
            asked_at=row.asked_at,
            answer=row.answer,
        )


class RatingView(BaseModel):
    """What a customer thinks of the work."""

    stars: int
    words: str
    at: datetime

    @staticmethod
    def of(row: RatingRow) -> RatingView:
        """As it is kept."""
        return RatingView(stars=row.stars, words=row.words, at=row.at)


class LinkJob(BaseModel):
    """The job of a link."""

    key: str
    name: str
    state: JobState
    zone: str = Field(description="By whose wall clocks its customer counts (IANA name).")
    takes_code: bool = Field(description="Whether `/link/code` tells what closes a visit.")
    visits: Sequence[CustomerVisit]
    wishes: list[WishView]
    rating: RatingView | None

    @staticmethod
    def of(job: CustomerJob) -> LinkJob:
        """As its customer may see it."""
        return LinkJob(
            key=job.key,
            name=job.name,
            state=job.state,
            zone=job.zone,
            takes_code=job.takes_code,
            visits=job.visits,
            wishes=[WishView.of(row) for row in job.wishes],
            rating=None if job.rating is None else RatingView.of(job.rating),
        )


class LinkCharge(BaseModel):
    """A charge, to be approved or not."""

    id: UUID
    state: ChargeState
    actions: list[ChargeAction]
    text: str
    quantity: int
    amount_minor: int


class LinkPayment(BaseModel):
    """Money that came in, or went back."""

    id: UUID
    method: PaymentMethod
    amount_minor: int
    at: datetime
    refund: bool


class LinkBill(BaseModel):
    """What the job costs, and what has come of it."""

    currency: str
    state: PaymentState
    due_minor: int
    open_minor: int
    charges: list[LinkCharge]
    payments: list[LinkPayment]

    @staticmethod
    def of(account: JobAccount) -> LinkBill:
        """Without who of us wrote it down."""
        return LinkBill(
            currency=account.bill.currency,
            state=account.bill.state,
            due_minor=account.bill.due_minor,
            open_minor=account.bill.open_minor,
            charges=[
                LinkCharge(
                    id=row.id,
                    state=row.state,
                    actions=[
                        action
                        for action in asked_of(row.state, settled=account.settled)
                        if action in BY_CUSTOMER
                    ],
                    text=row.text,
                    quantity=row.quantity,
                    amount_minor=row.amount_minor,
                )
                for row in account.charges
            ],
            payments=[
                LinkPayment(
                    id=row.id,
                    method=row.method,
                    amount_minor=row.amount_minor,
                    at=row.taken_at,
                    refund=row.reverses_id is not None,
                )
                for row in account.payments
            ],
        )


@router.post("/exchange", name="link.exchange", tags=[REPEATABLE])
def exchange(house: TheHouse, given: Exchange) -> LinkToken:
    """Get a token for a link: it opens the job of the link, for half an hour."""
    return exchange_link(house.database, given.link)


@router.get("", name="link.read")
def read(caller: TheCaller) -> LinkJob:
    """The job: its state, promised windows, who comes and roughly when, wishes and rating."""
    return LinkJob.of(look_at_job(caller.house.database, caller.actor, caller.job))


@router.post(
    "/code",
    name="link.code",
    status_code=status.HTTP_201_CREATED,
    tags=[REPEATABLE],  # a code is told once; asked again, there is another
)
def code(caller: TheCaller, response: Response) -> GivenCode:
    """The code to tell the technician when the work is done; one of before is good no longer."""
    response.headers["Cache-Control"] = "no-store"
    return GivenCode(code=ask_code(caller.house.database, caller.actor, caller.job))


@router.get("/bill", name="link.bill")
def bill(caller: TheCaller) -> LinkBill:
    """What it costs, what is to be approved and what was paid."""
    return LinkBill.of(bill_of(caller.house.database, caller.actor, caller.job))


@router.post("/charges/{charge}/decide", name="link.decide")
def decide(caller: TheCaller, charge: UUID, given: Say) -> LinkBill:
    """Say yes or no to a charge of this job."""
    database, actor = caller.house.database, caller.actor

    def decide() -> None:
        check_charge(database, actor, charge, caller.job)
        decide_charge(
            database,
            actor,
            charge,
            approve=given.approve,
            customer=given.customer,
            how=ApprovedHow.LINK,
        )

    caller.once(type(None), decide)
    return bill(caller)


@router.post("/wishes", name="link.wish", status_code=status.HTTP_201_CREATED)
def wish(caller: TheCaller, given: NewWish) -> LinkJob:
    """Wish to cancel, or for another window; a dispatcher decides."""
    caller.once(
        UUID,
        lambda: make_wish(
            caller.house.database,
            caller.actor,
            caller.job,
            caller.link,
            kind=given.kind,
            window=given.window(),
            words=given.words,
        ),
    )
    return read(caller)


@router.post("/rating", name="link.rate", status_code=status.HTTP_201_CREATED)
def rate(caller: TheCaller, given: NewRating) -> LinkJob:
    """Say what one thinks of the work, once it is done."""
    caller.once(
        UUID,
        lambda: rate_job(
            caller.house.database,
            caller.actor,
            caller.job,
            caller.link,
            stars=given.stars,
            words=given.words,
        ),
    )
    return read(caller)


@router.get(
    "/payments/{payment}/receipt",
    name="link.receipt",
    response_class=Response,
    responses={200: {"content": {PDF: {}}}},
)
def receipt(
    caller: TheCaller, payment: UUID, lang: Annotated[Literal["en", "zh"], Query()] = "en"
) -> Response:
    """The receipt of a payment for this job, as a PDF of one page."""
    from dispatch.report.receipt import receipt_pdf  # some 40 MB that most servers never need

    found = customer_receipt(caller.house.database, caller.actor, caller.job, payment)
    headers = {
        "Content-Disposition": f'inline; filename="{payment}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(receipt_pdf(found, lang=lang), media_type=PDF, headers=headers)
