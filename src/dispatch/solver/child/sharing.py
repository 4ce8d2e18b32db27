"""Big arrays in memory that processes share: there once, however many work on them.

A shared array lies in a file without a name that only lives in memory. What is sent to a child
names the place in that file instead of the content (pickle's out-of-band buffers, PEP 574).
"""

from __future__ import annotations

import mmap
import os
import pickle
import sys
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

SMALLEST_BYTES = 2**16
"""Smaller arrays are sent as they are."""
ALIGNED_BYTES = 64
CAN_SHARE = os.name == "posix"
"""Elsewhere a child inherits no file by its number, and everything is sent."""

Anything = TypeVar("Anything")


class SharedBlock(mmap.mmap):
    """Memory to read in, of a file by whose number a child finds it again."""

    descriptor: int

    @classmethod
    def of(cls, descriptor: int) -> SharedBlock:
        """The content of a file that is closed when nobody looks into the block any more."""
        block = cls(descriptor, 0, prot=mmap.PROT_READ)
        block.descriptor = descriptor
        weakref.finalize(block, os.close, descriptor)
        return block


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a shared block."""

    descriptor: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """An object without its shared arrays, and where those are."""

    content: bytes
    spans: tuple[Span, ...]

    @property
    def descriptors(self) -> tuple[int, ...]:
        """The files that whoever unpacks it must have."""
        return tuple(sorted({span.descriptor for span in self.spans}))


def shared(thing: Anything) -> Anything:
    """The same with all its big arrays in shared memory, to read only.

    It is the thing itself where all are there already, or where the system cannot share.
    """
    if not CAN_SHARE:
        return thing
    buffers: list[pickle.PickleBuffer] = []

    def keep(buffer: pickle.PickleBuffer) -> bool:
        if buffer.raw().nbytes < SMALLEST_BYTES:
            return True
        buffers.append(buffer)
        return False

    content = pickle.dumps(thing, protocol=5, buffer_callback=keep)
    if all(_span(buffer) is not None for buffer in buffers):
        return thing
    block = _in_a_block([buffer.raw() for buffer in buffers])
    same: Anything = pickle.loads(content, buffers=block)  # noqa: S301 - just made
    return same


def pack(thing: object) -> Parcel:
    """Make ready for sending; shared arrays stay where they are."""
    spans: list[Span] = []

    def keep(buffer: pickle.PickleBuffer) -> bool:
        span = _span(buffer)
        if span is None:
            return True
        spans.append(span)
        return False

    content = pickle.dumps(thing, protocol=5, buffer_callback=keep)
    return Parcel(content, tuple(spans))


def unpack(parcel: Parcel) -> Any:
    """What was packed, from a parent of ours, once in a process: the files are its own now."""
    blocks = {descriptor: SharedBlock.of(descriptor) for descriptor in parcel.descriptors}
    views = [
        memoryview(blocks[span.descriptor])[span.start : span.start + span.length]
        for span in parcel.spans
    ]
    return pickle.loads(parcel.content, buffers=views)  # noqa: S301 - see above


def _in_a_block(buffers: Sequence[memoryview]) -> list[memoryview]:
    """Copies side by side in one new block."""
    starts = np.cumsum([0, *(-(-view.nbytes // ALIGNED_BYTES) for view in buffers)]) * ALIGNED_BYTES
    descriptor = _file_in_memory()
    os.ftruncate(descriptor, int(starts[-1]))
    with mmap.mmap(descriptor, 0) as room:
        for start, view in zip(starts.tolist(), buffers, strict=False):
            room[start : start + view.nbytes] = view
    block = memoryview(SharedBlock.of(descriptor))
    return [
        block[start : start + view.nbytes]
        for start, view in zip(starts.tolist(), buffers, strict=False)
    ]


def _file_in_memory() -> int:
    if sys.platform == "linux":
        return os.memfd_create("dispatch")
    with tempfile.TemporaryFile() as file:  # it has no name either
        return os.dup(file.fileno())


def _span(buffer: pickle.PickleBuffer) -> Span | None:
    """Where an array lies in a shared block, if it does."""
    view = buffer.raw()
    owner: object = view.obj
    while isinstance(owner, np.ndarray | memoryview):
        owner = owner.base if isinstance(owner, np.ndarray) else owner.obj
    if not isinstance(owner, SharedBlock):
        return None
    start = _address(view) - _address(memoryview(owner))
    return Span(owner.descriptor, start, view.nbytes)


def _address(view: memoryview) -> int:
    return int(np.frombuffer(view, np.uint8).ctypes.data)
