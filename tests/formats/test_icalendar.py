"""Calendars, read back by a small parser of their own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.position import Position
from dispatch.formats.icalendar import MOST_OCTETS, Entry, write_calendar

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
EIGHT = datetime(2026, 3, 3, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
ENTRY = Entry(id="v-1", version=3, start=EIGHT, end=EIGHT + timedelta(hours=1), summary="安装")
UNESCAPED = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}
LOST = "\N{REPLACEMENT CHARACTER}"
CHINESE = "上海市徐汇区漕溪北路空调安装与检修"


def text(value: str) -> str:
    return re.sub(r"\\.", lambda found: UNESCAPED[found[0]], value)


def content_lines(calendar: bytes) -> list[tuple[str, str]]:
    """Names and values, unfolded; every physical line is looked at on the way."""
    assert calendar.endswith(b"\r\n")
    physical = calendar.removesuffix(b"\r\n").split(b"\r\n")
    for line in physical:
        assert len(line) <= MOST_OCTETS
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode()  # no character is cut
    unfolded = calendar.replace(b"\r\n ", b"").decode()
    pairs = [line.partition(":") for line in unfolded.removesuffix("\r\n").split("\r\n")]
    assert all(colon for _, colon, _ in pairs)
    return [(name, value) for name, _, value in pairs]


def events(calendar: bytes) -> list[dict[str, str]]:
    lines = content_lines(calendar)
    assert lines[:3] == [
        ("BEGIN", "VCALENDAR"),
        ("PRODID", "-//dispatch//dispatch-engine//EN"),
        ("VERSION", "2.0"),
    ]
    assert lines[-1] == ("END", "VCALENDAR")
    found: list[dict[str, str]] = []
    for name, value in lines:
        if (name, value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif found and name not in {"BEGIN", "END"}:
            assert name not in found[-1]
            found[-1][name] = value
    return found


def test_an_entry_says_what_a_program_needs() -> None:
    (event,) = events(write_calendar([replace(ENTRY, location="Quay 1, gate 2")], NOW))
    assert event == {
        "UID": "v-1",
        "SEQUENCE": "3",
        "DTSTAMP": "20260302T060000Z",
        "DTSTART": "20260303T000000Z",
        "DTEND": "20260303T010000Z",
        "SUMMARY": "安装",
        "LOCATION": "Quay 1\\, gate 2",
        "STATUS": "CONFIRMED",
    }


def test_what_is_cancelled_says_so_and_a_place_has_a_position() -> None:
    entry = replace(ENTRY, cancelled=True, position=Position(57.7, -11.97))
    (event,) = events(write_calendar([entry], NOW))
    assert event["STATUS"] == "CANCELLED"
    assert event["GEO"] == "57.700000;-11.970000"


def test_without_entries_it_is_still_a_calendar() -> None:
    assert events(write_calendar([], NOW)) == []


@pytest.mark.parametrize("before", range(9))
def test_long_chinese_is_folded_between_characters(before: int) -> None:
    summary = "x" * before + CHINESE * 8
    calendar = write_calendar([replace(ENTRY, summary=summary)], NOW)
    assert text(events(calendar)[0]["SUMMARY"]) == summary
    lines = [line for line in calendar.split(b"\r\n") if line[:1] == b" "]
    assert len(lines) == len(f"SUMMARY:{summary}".encode()) // 74
    assert all(len(line) > MOST_OCTETS - 4 for line in lines[:-1])


@pytest.mark.parametrize("length", [66, 67, 68, 140, 141, 142])
def test_no_fold_is_made_before_it_is_needed(length: int) -> None:
    calendar = write_calendar([replace(ENTRY, summary="x" * length)], NOW)
    assert calendar.count(b"\r\n ") == (length > 67) + (length > 67 + 74)
    assert text(events(calendar)[0]["SUMMARY"]) == "x" * length


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("a,b;c\\d", "a\\,b\\;c\\\\d"),
        ("a\nb\r\nc\rd", "a\\nb\\nc\\nd"),
        ("\\n", "\\\\n"),
        ("\\", "\\\\"),
        ("x\nEND:VEVENT\nBEGIN:VEVENT", "x\\nEND:VEVENT\\nBEGIN:VEVENT"),
        ("a:b\"c'", "a:b\"c'"),
        ("bell\a null\0 half \ud800", f"bell{LOST} null{LOST} half {LOST}"),
        ("tab\there", "tab\there"),
    ],
)
def test_what_would_end_a_text_is_escaped(said: str, written: str) -> None:
    (event,) = events(write_calendar([replace(ENTRY, summary=said)], NOW))
    assert event["SUMMARY"] == written


@given(said=st.text(), place=st.text(st.sampled_from("\\;,\n\rn中😀 :"), max_size=200))
def test_any_text_comes_back(said: str, place: str) -> None:
    (event,) = events(write_calendar([replace(ENTRY, summary=said, location=place)], NOW))
    told = place.replace("\r\n", "\n").replace("\r", "\n")
    assert text(event.get("LOCATION", "")) == told
    assert len(event) == 7 + bool(place)
