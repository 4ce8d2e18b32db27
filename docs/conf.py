"""How Sphinx builds these pages. Warnings are errors (`make docs`)."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent / "src")]

project = "dispatch"
author = "The dispatch maintainers"
release = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))["project"]["version"]

extensions = ["error_codes", "myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
smartquotes = False  # `--json` in a sentence stays as it is typed
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"dispatch {release}"
html_copy_source = False
html_show_copyright = False  # the licence says it
