from __future__ import annotations

import subprocess
import sys

import pytest

from dispatch.errors import InvalidValue
from dispatch.solver.engines import engine_names, engine_path, load_engine


@pytest.mark.parametrize("name", engine_names())
def test_an_engine_bears_the_name_it_is_known_by(name: str) -> None:
    assert load_engine(name).name == name


def test_an_unknown_name_is_refused_with_those_known() -> None:
    with pytest.raises(InvalidValue) as caught:
        engine_path("nonesuch")

    assert caught.value.code == "engine.unknown"
    assert all(name in str(caught.value.finding().cure()) for name in engine_names())


def test_a_name_costs_no_import_of_the_engine() -> None:
    script = "import sys, dispatch.solver.engines; print('ortools' in sys.modules)"

    said = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        check=True,
    )

    assert said.stdout.strip() == b"False"
