"""Where the data that the product ships lies: in the wheel, or in a checkout of the project."""

from __future__ import annotations

from pathlib import Path

from dispatch.errors import Unavailable

PACKAGE = Path(__file__).resolve().parent
ROOTS = (PACKAGE / "data", PACKAGE.parents[1] / "data")
"""The wheel carries ``data/`` inside the package; an editable install leaves it in the checkout."""


def data_path(name: str) -> Path:
    """The path of a file or folder of the shipped data.

    Parameters
    ----------
    name
        Relative to the data folder, with ``/`` between parts: ``gothenburg``.

    Raises
    ------
    Unavailable
        ``data.missing``: no data folder has it.
    """
    for root in ROOTS:
        path = (root / name).resolve()
        if path.is_relative_to(root) and path.exists():
            return path
    raise Unavailable("data.missing", name=name, folders=", ".join(str(root) for root in ROOTS))
