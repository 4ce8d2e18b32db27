"""The page on the record says what works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "record.md"


def test_the_example_runs_twice_and_finds_its_data_again(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    plain = {name: value for name, value in os.environ.items() if name != "DISPATCH_DATABASE_URL"}
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=plain,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for _ in range(2)
    ]
    assert said[0] == ["Merged(added=60, changed=0, same=0, late=(), left=())", "1 ()"]
    assert said[1] == ["Merged(added=0, changed=0, same=60, late=(), left=())", "2 ()"]
