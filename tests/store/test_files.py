"""A file of evidence is whole or not there, whoever writes it and whenever that ends."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE

import pytest

from dispatch.errors import Unavailable
from dispatch.store import files as store_files
from dispatch.store.files import Files

CONTENT = b"a photo" * 1_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def there(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "not" / "there" / "yet")


def test_what_is_kept_is_read_again(files: Files) -> None:
    assert files.keep(CONTENT) == DIGEST == files.keep(CONTENT)
    assert files.read(DIGEST) == CONTENT
    assert there(files.folder) == [DIGEST]


def test_nobody_else_on_the_machine_reads_it(files: Files) -> None:
    files.keep(CONTENT)
    path = files.folder / DIGEST[:2] / DIGEST
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert S_IMODE(path.parent.stat().st_mode) == S_IMODE(files.folder.stat().st_mode) == 0o700


def test_many_at_once_write_one_file(files: Files) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: files.keep(CONTENT), range(40))) == {DIGEST}
    assert there(files.folder) == [DIGEST]


def test_it_is_on_the_disk_before_anybody_is_told(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file itself, then its name, and the names of all folders above it."""
    synced: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").resolve().name)
        real(handle)

    monkeypatch.setattr(store_files.os, "fsync", fsync)
    files.keep(CONTENT)
    folders = ["not", "there", "yet", DIGEST[:2]]
    assert synced[:4] == [files.folder.parents[2].name, *folders[:3]]
    assert synced[4].startswith(".new.")
    assert synced[5:] == [DIGEST[:2]]
    synced.clear()
    files.keep(CONTENT)  # who comes second cannot know how far the first one was
    assert synced == [DIGEST[:2]]


def test_where_nothing_can_be_written_it_is_told(
    files: Files, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "not").write_text("a file where a folder should be")
    with pytest.raises(Unavailable) as told:
        files.keep(CONTENT)
    assert told.value.code == "files.unwritable"


def test_a_full_disk_leaves_nothing_behind(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    files.keep(b"before")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store_files.os, "fsync", full)
    with pytest.raises(Unavailable):
        files.keep(CONTENT)
    assert there(files.folder) == [hashlib.sha256(b"before").hexdigest()]


def test_a_damaged_file_is_never_read_and_is_mended_by_who_sends_it_again(files: Files) -> None:
    files.keep(CONTENT)
    path = files.folder / DIGEST[:2] / DIGEST
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(Unavailable) as told:
        files.read(DIGEST)
    assert told.value.code == "files.damaged"
    files.keep(CONTENT)
    assert files.read(DIGEST) == CONTENT


@pytest.mark.parametrize("name", ["", "../../etc/passwd", DIGEST.upper(), "0" * 64, DIGEST + "\n"])
def test_only_hashes_name_files(files: Files, name: str) -> None:
    files.keep(CONTENT)
    with pytest.raises(Unavailable) as told:
        files.read(name)
    assert told.value.code == "files.missing"


@pytest.mark.slow
def test_who_is_killed_while_writing_leaves_no_half_of_a_file(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from dispatch.store.files import Files\n"
        "files = Files(Path(sys.argv[1])); print('at it', flush=True)\n"
        "for number in range(10**6): files.keep(bytes([number % 251]) * (200_000 + number))\n"
    )
    for pause in (0.0, 0.005, 0.02, 0.05, 0.1):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"at it\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    files = Files(tmp_path)
    whole = [name for name in there(tmp_path) if not name.startswith(".new.")]
    assert whole
    for name in whole:
        assert files.read(name)
