"""How the hot kernels are compiled.

numba counts references to arrays, with an atomic instruction each time a field of a tuple or a row
is taken: several times what the arithmetic on it costs. These kernels make no arrays and keep none
beyond the call, so they are compiled without the counting. A kernel that makes arrays, or is called
from Python, is an ordinary one.
"""

from __future__ import annotations

from typing import Any

from numba import njit

_UNCOUNTED: dict[str, Any] = {"_nrt": False}

kernel = njit(cache=True, error_model="numpy", **_UNCOUNTED)
"""For kernels that are called from kernels."""
