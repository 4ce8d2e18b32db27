from __future__ import annotations

from pathlib import Path

import pytest

from dispatch import data_files
from dispatch.errors import Unavailable


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    wheel, checkout = tmp_path / "wheel", tmp_path / "checkout"
    monkeypatch.setattr(data_files, "ROOTS", (wheel, checkout))
    return wheel, checkout


def test_the_project_ships_its_data() -> None:
    assert data_files.data_path("README.md").is_file()


@pytest.mark.parametrize("kind", [0, 1], ids=["wheel", "checkout"])
def test_data_is_found_in_either_home(roots: tuple[Path, Path], kind: int) -> None:
    city = roots[kind] / "city"
    city.mkdir(parents=True)
    assert data_files.data_path("city") == city


def test_the_wheel_comes_first(roots: tuple[Path, Path]) -> None:
    for root in roots:
        (root / "city").mkdir(parents=True)
    assert data_files.data_path("city") == roots[0] / "city"


def test_missing_data_names_what_and_where(roots: tuple[Path, Path]) -> None:
    with pytest.raises(Unavailable) as caught:
        data_files.data_path("atlantis")
    assert caught.value.code == "data.missing"
    assert "atlantis" in str(caught.value)
    assert str(roots[1]) in str(caught.value)


@pytest.mark.parametrize("name", ["../secret", "/etc"])
def test_nothing_outside_the_data_folder_is_given(roots: tuple[Path, Path], name: str) -> None:
    for root in roots:
        root.mkdir()
    (roots[0].parent / "secret").touch()
    with pytest.raises(Unavailable):
        data_files.data_path(name)
