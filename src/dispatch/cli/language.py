"""Which language the program speaks."""

from __future__ import annotations

from collections.abc import Mapping

from dispatch.texts import LANGUAGES

ENGLISH = LANGUAGES[0]
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order POSIX gives them (IEEE Std 1003.1, 8.2); the first one set decides."""


def from_environment(environment: Mapping[str, str]) -> str:
    """The language of the locale if it is one of ours, else English."""
    locale = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return matching(locale) or ENGLISH


def matching(name: str) -> str | None:
    """The language that ``zh``, ``zh-Hans`` or ``zh_CN.UTF-8`` asks for."""
    language = name.replace("_", "-").partition("-")[0].partition(".")[0].lower()
    return language if language in LANGUAGES else None
