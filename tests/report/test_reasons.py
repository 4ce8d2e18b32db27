from __future__ import annotations

import pytest
from tests.report.examples import small_day

from dispatch.domain.plan import Reason
from dispatch.errors import Value
from dispatch.report.reasons import for_customer, sentence
from dispatch.texts import LANGUAGES, say


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("code", "values", "named"),
    [
        ("job.busy", {"nearest": "ana", "people": 2}, {"nearest": "Ana Lind"}),
        ("technician.required", {"required": "ana, gone"}, {"required": "Ana Lind, gone"}),
        ("pin.technician", {"pinned": "ana"}, {"pinned": "Ana Lind"}),
        ("pin.shift", {"pinned": "ana", "shift": "ana"}, {}),
    ],
)
def test_technicians_are_called_by_their_names_and_nothing_else_is(
    code: str, values: dict[str, Value], named: dict[str, Value], lang: str
) -> None:
    told = sentence(Reason(code=code, values=values), small_day(), lang)
    assert told == say(f"reason.{code}", lang, **values | named)


def test_a_reason_that_the_catalogue_cannot_say_is_shown_as_it_is() -> None:
    day = small_day()
    assert sentence(Reason(code="nowhere", values={"by": 3}), day, "en") == "nowhere, by 3"
    assert sentence(Reason(code="job.busy"), day, "zh") == "job.busy"


def test_only_some_reasons_are_for_the_customer() -> None:
    day = small_day()
    assert for_customer(Reason(code="job.nobody-works"), day, "en") == say(
        "reason.job.nobody-works.customer", "en"
    )
    assert for_customer(Reason(code="shift.none"), day, "en") is None
