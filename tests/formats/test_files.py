from __future__ import annotations

import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from dispatch.errors import Unavailable
from dispatch.formats.files import expect_writable, write_atomically


def test_a_file_is_replaced_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for content in (b"old", b"new"):
        write_atomically(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.touch(mode=0o600)
    write_atomically(path, b"secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_goes_on_leading_to_the_file(tmp_path: Path) -> None:
    path, link = tmp_path / "plan.json", tmp_path / "latest.json"
    link.symlink_to(path)
    for content in (b"first", b"second"):
        write_atomically(link, content)
        assert link.is_symlink()
        assert path.read_bytes() == content


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    expect_writable(pipe)
    reader = Thread(target=lambda: heard.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_atomically(pipe, b"content")
    reader.join(timeout=60)
    assert heard == [b"content"]
    assert pipe.is_fifo()


@pytest.mark.parametrize("write", [expect_writable, lambda path: write_atomically(path, b"x")])
@pytest.mark.parametrize("name", [".", "missing/plan.json", "file/plan.json", "nul\0.json"])
def test_what_cannot_be_written_says_so(tmp_path: Path, name: str, write: object) -> None:
    assert callable(write)
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable) as refused:
        write(tmp_path / name)
    assert refused.value.code == "file.unwritable"


def test_looking_ahead_leaves_no_trace(tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_bytes(b"old")
    for path in (old, tmp_path / "new.json"):
        expect_writable(path)
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_bytes() == b"old"
