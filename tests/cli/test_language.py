from __future__ import annotations

import pytest

from dispatch.cli.global_options import arrange
from dispatch.cli.language import from_environment, matching


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
        ({"LANG": "sv_SE.UTF-8"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], lang: str) -> None:
    assert from_environment(environment) == lang


@pytest.mark.parametrize(
    ("name", "lang"), [("zh-Hans", "zh"), ("ZH", "zh"), ("en_GB.UTF-8", "en"), ("fr", None)]
)
def test_a_language_is_known_by_its_first_part(name: str, lang: str | None) -> None:
    assert matching(name) == lang


@pytest.mark.parametrize(
    ("words", "arranged"),
    [
        (["demo", "--lang", "zh", "--seed", "1"], ["--lang", "zh", "demo", "--seed", "1"]),
        (["demo", "--lang=zh", "--debug"], ["--lang=zh", "--debug", "demo"]),
        (["show", "--", "--lang", "zh"], ["show", "--", "--lang", "zh"]),
        (["demo", "--lang"], ["demo", "--lang"]),
    ],
)
def test_global_options_move_to_the_front(words: list[str], arranged: list[str]) -> None:
    assert list(arrange(words, {}).words) == arranged


def test_an_option_wins_over_the_locale() -> None:
    assert arrange(["demo", "--lang", "en"], {"LANG": "zh_CN"}).lang == "en"
    assert arrange(["demo"], {"LANG": "zh_CN"}).lang == "zh"
