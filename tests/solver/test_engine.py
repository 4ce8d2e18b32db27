from __future__ import annotations

from math import inf, nan

import pytest

from dispatch import texts
from dispatch.errors import InvalidValue
from dispatch.solver.engine import Stop


@pytest.mark.parametrize(
    ("seconds", "iterations", "code"),
    [
        (0.0, None, "stop.seconds"),
        (-1.0, None, "stop.seconds"),
        (nan, None, "stop.seconds"),
        (inf, 5, "stop.seconds"),
        (86_401.0, None, "stop.seconds"),
        (1.0, -1, "stop.iterations"),
    ],
)
def test_an_impossible_end_is_refused(seconds: float, iterations: int | None, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        Stop(seconds=seconds, iterations=iterations)
    finding = refused.value.finding()
    assert finding.code == code
    assert all(finding.cause(lang) and finding.cure(lang) for lang in texts.LANGUAGES)


def test_the_first_plan_may_be_the_last() -> None:
    assert Stop(seconds=86_400, iterations=0).iterations == 0
