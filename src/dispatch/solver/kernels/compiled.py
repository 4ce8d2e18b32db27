"""How the hot kernels are compiled.

numba counts references to arrays, with an atomic instruction each time a field of a tuple or a row
is taken: several times what the arithmetic on it costs. These kernels make no arrays and keep none
beyond the call, so they are compiled without the counting. Nothing that they call may make arrays
either: what makes them, and hands them in as room to work in, is an ordinary kernel. To assign an
array to another makes one, in case they overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

_UNCOUNTED: dict[str, Any] = {"_nrt": False}


def kernel(function: Kernel) -> Kernel:
    """Compile a kernel that makes no arrays."""
    compiled: Kernel = njit(cache=True, error_model="numpy", **_UNCOUNTED)(function)
    return compiled


def inlined(function: Kernel) -> Kernel:
    """Compile a kernel into each that calls it.

    Handing over many arrays takes longer than a short kernel does.
    """
    compiled: Kernel = njit(cache=True, error_model="numpy", forceinline=True, **_UNCOUNTED)(
        function
    )
    return compiled
