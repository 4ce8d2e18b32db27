"""Libraries leave Ctrl-C to whoever runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch.solver.engines import engine_names
from dispatch.solver.portfolio.parameters import IN_PARTS
from dispatch.solver.run import PORTFOLIO

ROOT = Path(__file__).parents[2]
SCRIPT = """
import signal, sys
from dispatch.solver.child.rehearsal import rehearse
from dispatch.solver.engines import load_engine

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
rehearse(load_engine(sys.argv[1]))
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("heard")
signal.signal(signal.SIGINT, signal.SIG_IGN)
rehearse(load_engine(sys.argv[1]))
signal.raise_signal(signal.SIGINT)
print("ignored")
"""


@pytest.mark.parametrize("engine", sorted(set(engine_names()) - {PORTFOLIO, IN_PARTS}))
def test_an_engine_leaves_it_as_it_was(engine: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, engine],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout.split()) == (0, ["heard", "ignored"]), ended.stderr


KEPT = """
import ctypes, signal
from dispatch.solver.ctrl_c import ctrl_c_kept

signal.signal(signal.SIGINT, signal.default_int_handler)
with ctrl_c_kept():
    ctypes.CDLL(None).signal(int(signal.SIGINT), None)  # the system's default, as native code may
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("heard")
"""


def test_what_native_code_made_of_it_does_not_stay() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", KEPT], env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout.split()) == (0, ["heard"]), ended.stderr
