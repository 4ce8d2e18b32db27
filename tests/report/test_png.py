from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from tests.report.examples import HOSTILE, roads, small_day, small_plan

from dispatch.report.palette import COLOURS
from dispatch.report.png import canvas, lettering, write_gantt_png, write_map_png
from dispatch.report.png.gantt import AXIS_PX, FOOT_PX, HEAD_PX, ROW_PX
from dispatch.report.png.lettering import LATIN, Lettering


def pixels(path: Path) -> np.ndarray:
    """(height, width, 3): 0 to 255."""
    return np.rint(imread(path)[..., :3] * 255).astype(int)


def count(picture: np.ndarray, colour: str) -> int:
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((abs(picture - wanted).max(axis=2) <= 2).sum())


@pytest.fixture(params=["installed", "latin only"])
def fonts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the fonts of this machine, and as if it had none for Chinese."""
    if request.param == "latin only":
        monkeypatch.setattr(lettering, "CHINESE", ())
    lettering.lettering.cache_clear()
    yield
    lettering.lettering.cache_clear()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_map_shows_streets_routes_and_jobs_left_out(
    lang: str, fonts: None, tmp_path: Path
) -> None:
    path = tmp_path / "map.png"
    write_map_png(
        small_day("星期二"),
        small_plan(),
        path,
        lang=lang,
        streets=roads(),
        attribution="© OpenStreetMap contributors",
        width_px=800,
        height_px=600,
    )
    picture = pixels(path)
    assert picture.shape == (600, 800, 3)
    assert count(picture, canvas.GROUND) > 100_000
    for colour in (*COLOURS[:2], canvas.ALERT, canvas.STREETS["major"][0]):
        assert count(picture, colour) > 30, colour
    assert [found.name for found in tmp_path.iterdir()] == ["map.png"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_gantt_chart_is_as_high_as_its_rows(lang: str, fonts: None, tmp_path: Path) -> None:
    path = tmp_path / "gantt.png"
    write_gantt_png(small_day(), small_plan(), path, lang=lang, width_px=1000)
    picture = pixels(path)
    assert picture.shape == (HEAD_PX + AXIS_PX + 2 * ROW_PX + FOOT_PX, 1000, 3)
    for colour in (*COLOURS[:2], canvas.ALERT, canvas.OVERTIME, canvas.QUIET):
        assert count(picture, colour) > 30, colour


def test_longer_work_is_a_longer_bar(tmp_path: Path) -> None:
    plan, path = small_plan(), tmp_path / "gantt.png"
    write_gantt_png(small_day(), plan, path)
    whole = count(pixels(path), COLOURS[0])
    ana = next(route for route in plan.routes if route.technician == "ana")
    shorter = replace(ana, visits=ana.visits[:2])
    write_gantt_png(small_day(), replace(plan, routes=(shorter,)), path)
    assert count(pixels(path), COLOURS[0]) < 0.75 * whole


def test_a_plan_without_routes_can_be_drawn(tmp_path: Path) -> None:
    plan = replace(small_plan(), routes=(), unassigned=(), costs_minor={})
    write_map_png(small_day(), plan, tmp_path / "map.png", width_px=400, height_px=300)
    write_gantt_png(small_day(), plan, tmp_path / "gantt.png")
    assert pixels(tmp_path / "map.png").shape == (300, 400, 3)
    assert pixels(tmp_path / "gantt.png").shape[1] == 1600


@pytest.mark.parametrize("name", [HOSTILE, "$\\frac{", "🛠 repair", "\x00\n"])
def test_no_name_upsets_a_picture(name: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_gantt_png(small_day(name), small_plan(), tmp_path / "gantt.png")


def test_what_cannot_be_drawn_is_replaced() -> None:
    latin = Lettering((LATIN,), frozenset(map(ord, "abc$?")))
    assert latin.printable("abc") == "abc"
    assert latin.printable("李博", "bo") == "??"
    assert latin.printable("李", "cab") == "cab"
    assert latin.printable("$a") == r"\$a"
    assert not latin.chinese
