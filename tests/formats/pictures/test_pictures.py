"""Pictures from strangers are known by what is in them, and drawn anew where they do no harm."""

from __future__ import annotations

import os
import subprocess
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.pictures import TAKEN, chunk, frame, jpeg_of, noise, photo, png

from dispatch import texts
from dispatch.domain.position import Position
from dispatch.errors import InvalidValue, Unavailable
from dispatch.formats.pictures import MOST_BYTES, Drawn, Header, apart, draw_anew, read_header
from dispatch.formats.pictures.header import MOST_SIDE

HERE = Position(57.7, -11.95)


def refused(content: bytes) -> str:
    with pytest.raises(InvalidValue) as found:
        draw_anew(content, read_header(content))
    return found.value.code


def drawn(content: bytes) -> Drawn:
    return draw_anew(content, read_header(content))


def outcome(content: bytes, *, decode: bool = True) -> str:
    """The size in which it is shown, or why it is not."""
    try:
        header = read_header(content)
        return str(opened(draw_anew(content, header).content).size if decode else header)
    except InvalidValue as error:
        return error.code


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def saved(form: str, **more: object) -> bytes:
    made = BytesIO()
    noise(31, 17).save(made, form, **more)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "media", "served"),
    [
        (saved("JPEG"), "image/jpeg", "image/jpeg"),
        (saved("JPEG", progressive=True), "image/jpeg", "image/jpeg"),
        (saved("PNG"), "image/png", "image/png"),
        (saved("WEBP"), "image/webp", "image/jpeg"),
        (saved("WEBP", lossless=True), "image/webp", "image/jpeg"),
        (saved("WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"), "image/webp", "image/jpeg"),
    ],
)
def test_each_kind_is_known_with_its_size(content: bytes, media: str, served: str) -> None:
    assert read_header(content) == Header(media, 31, 17)
    found = drawn(content)
    assert found.media == served
    assert opened(found.content).size == (31, 17)
    assert Image.MIME[opened(found.content).format or ""] == served


def test_what_the_camera_says_is_heard_and_not_passed_on() -> None:
    content = photo(taken=TAKEN, offset="+01:00", position=HERE, comment=b"a secret of mine")
    found = drawn(content)
    assert found.taken_at == datetime(2026, 3, 3, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    assert found.position == HERE
    assert b"Exif" in content
    for word in (b"Exif", b"2026", b"secret"):
        assert word not in found.content
    assert dict(opened(found.content).getexif()) == {}


def test_without_an_offset_the_camera_says_only_what_its_clock_shows() -> None:
    assert drawn(photo(taken=TAKEN)).taken_at == datetime(2026, 3, 3, 9, 30)  # noqa: DTZ001


@pytest.mark.parametrize(
    "taken", ["0000:00:00 00:00:00", "2026:13:03 09:30:00", "yesterday", "9999:01:01 00:00:00", ""]
)
def test_a_time_that_is_none_is_none(taken: str) -> None:
    assert drawn(photo(taken=taken)).taken_at is None


@pytest.mark.parametrize("where", [Position(0, 0), None])
def test_a_place_that_is_none_is_none(where: Position | None) -> None:
    assert drawn(photo(position=where)).position is None


def test_it_is_turned_as_the_camera_was_held() -> None:
    assert opened(drawn(photo(orientation=6)).content).size == (48, 64)


def test_a_large_one_is_shown_smaller() -> None:
    content = photo(size=(4_000, 3_000))
    assert max(opened(drawn(content).content).size) == 2_048


def test_a_signature_stays_clear_where_nobody_has_drawn() -> None:
    made = BytesIO()
    Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(made, "PNG")
    assert opened(drawn(made.getvalue()).content).getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a\1\0\1\0\0\0\0;",
        b"PK\3\4" + b"\0" * 100,
        b"%PDF-1.7\n",
        b"BM" + b"\0" * 60,
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"a\0b" * 20),
        b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 20,
        b"RIFF\0\0\0\0WAVE" + b"\0" * 40,
        jpeg_of(),
        jpeg_of(frame(8, 8), frame(9_000, 5_000)),
        b"\xff\xd8" + b"\xff\xe0\0\x02" * 100_000,
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refused(content) == "picture.kind"


@pytest.mark.parametrize(
    "content",
    [
        png(10_000, 10_000),
        png(2**31 - 1, 1),
        png(1, MOST_SIDE + 1),
        png(0, 5),
        jpeg_of(frame(65_535, 65_535)),
        jpeg_of(frame(10, 0)),
        b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6,
        png(10_000, 10_000, zlib.compress(b"\0" * 10**7)),
    ],
)
def test_one_that_is_too_large_is_refused_before_anybody_decodes_it(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    assert refused(content) == "picture.pixels"


def test_a_file_of_too_many_bytes_or_of_none_is_refused() -> None:
    assert refused(photo() + b"\0" * MOST_BYTES) == "picture.size"
    assert refused(b"") == "picture.size"


def puffed_up(kind: bytes, before: bytes) -> bytes:
    """A small picture with much text behind it, packed."""
    return png(
        64,
        64,
        zlib.compress(b"\0" * 64 * 193),
        chunk(kind, before + zlib.compress(b"x" * 200_000_000)),
    )


BOMBS: dict[str, Callable[[], bytes]] = {
    "hardly anything behind it": lambda: png(7_000, 7_000, zlib.compress(b"\0" * 100)),
    "not packed": lambda: png(64, 64, b"no deflate at all"),
    "pixels": lambda: png(1, 1, zlib.compress(b"\0" * 50_000_000)[:-9]),
    "text": lambda: puffed_up(b"zTXt", b"k\0\0"),
    "profile": lambda: puffed_up(b"iCCP", b"p\0\0"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_harms_nobody(name: str) -> None:
    assert outcome(BOMBS[name]()) in {"picture.damaged", "(64, 64)", "(1, 1)"}


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_one_that_is_cut_off_is_refused(form: str, part: float) -> None:
    content = photo(form=form, size=(400, 300))
    cut = content[: int(len(content) * part)]
    assert refused(cut) in {"picture.damaged", "picture.kind"}


@pytest.mark.parametrize(
    "behind", [b"<script>alert(1)</script>", b"PK\3\4evil", b"<?php system($_GET[0]);"]
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_what_is_two_things_at_once_is_served_as_one(form: str, behind: bytes) -> None:
    content = photo(form=form) + behind
    assert behind not in drawn(content).content


def test_two_sizes_are_one_too_many() -> None:
    content = photo()
    with pytest.raises(InvalidValue, match="read to its end"):
        draw_anew(content, Header("image/jpeg", 65, 48))
    with pytest.raises(InvalidValue, match="read to its end"):
        draw_anew(content, Header("image/png", 64, 48))


@pytest.mark.parametrize("limits", [{"memory_bytes": 120 * 2**20}, {"wall_s": 0.01}], ids=str)
def test_a_child_that_takes_too_much_is_ended(limits: dict[str, int]) -> None:
    content = png(7_000, 7_000, zlib.compress(b"\0" * 7_000 * 21_001))
    assert opened(drawn(content).content).size == (2_048, 2_048)
    with pytest.raises(InvalidValue) as found:
        draw_anew(content, read_header(content), **limits)
    assert found.value.code == "picture.damaged"


@pytest.mark.parametrize("harm", ["while True: pass", "sys.stdout.write('x' * 10**6)"])
def test_a_child_that_goes_on_and_on_is_ended_by_the_system(
    harm: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin = f"import runpy, sys; inside = runpy.run_path({str(apart.INSIDE)!r}, run_name='it')"
    spy = tmp_path / "spy.py"
    spy.write_text(f"{begin}\ninside['limit'](2**30, 1, 1_000)\n{harm}\n")
    monkeypatch.setattr(apart, "INSIDE", spy)
    with pytest.raises(InvalidValue):
        draw_anew(b"", Header("image/jpeg", 1, 1))


def test_the_child_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It has neither our environment nor our code, and can write no file."""
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import os, sys\n"
        "sys.stdout.buffer.write(b'{}\\n\\xff\\xd8\\xff')\n"
        "sys.stdout.buffer.write(repr((dict(os.environ), sys.path)).encode())"
    )
    monkeypatch.setenv("DISPATCH_DATABASE_URL", "postgresql://lena:secret@host/record")
    monkeypatch.setattr(apart, "INSIDE", spy)
    found = draw_anew(b"", Header("image/jpeg", 1, 1)).content.decode("latin-1")
    assert "secret" not in found
    assert os.environ.get("PYTHONPATH", "nothing") not in found


@pytest.mark.parametrize(
    "answer",
    [b"", b"{}\n", b"nothing", b"[" * 10_000, b"{}", b"{}\n<script>", b"{}\n\x89PNG\r\n\x1a\n"],
)
def test_a_child_that_says_nothing_has_failed(
    answer: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(f"import sys; sys.stdout.buffer.write({answer!r})")
    monkeypatch.setattr(apart, "INSIDE", spy)
    with pytest.raises(InvalidValue):
        draw_anew(b"", Header("image/jpeg", 1, 1))


@pytest.mark.parametrize(
    "said",
    [
        '{"lat": 1e999, "lon": 5.5}',
        '{"lat": NaN, "lon": 5.5}',
        '{"lat": 91.0, "lon": 5.5}',
        '{"lat": "57", "lon": null}',
        '{"taken": {}, "offset": []}',
        '{"taken": "2026:03:03 09:30:00", "offset": "+99:99"}',
        "[]",
        "7",
    ],
)
def test_what_a_child_says_is_believed_only_where_it_can_be(
    said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(
        f"import sys; sys.stdout.write('{said}\\n'); sys.stdout.flush();"
        "sys.stdout.buffer.write(b'\\xff\\xd8\\xff')"
    )
    monkeypatch.setattr(apart, "INSIDE", spy)
    found = draw_anew(b"", Header("image/jpeg", 1, 1))
    assert found.position is None
    assert found.taken_at is None or found.taken_at.year == 2026


def test_no_more_than_two_are_at_it_and_others_wait_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = photo()
    header = read_header(content)
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda _: draw_anew(content, header).content, range(6)))
    assert len(set(found)) == 1
    monkeypatch.setattr(apart, "PATIENCE_S", 0.01)
    with apart._turn, apart._turn, pytest.raises(Unavailable) as busy:
        draw_anew(content, header)
    assert busy.value.code == "picture.busy"
    assert draw_anew(content, header).content == found[0]


def test_where_many_wait_the_next_is_sent_away_at_once() -> None:
    content = photo()
    with ExitStack() as stack:
        for _ in range(apart.WAITING):
            stack.enter_context(apart._room)
        with pytest.raises(Unavailable) as busy:
            draw_anew(content, read_header(content))
        assert busy.value.code == "picture.busy"


@pytest.mark.parametrize(
    ("mode", "form", "more"),
    [
        ("L", "JPEG", {}),
        ("CMYK", "JPEG", {}),
        ("RGB", "JPEG", {"progressive": True}),
        ("RGB", "MPO", {"save_all": True, "append_images": [noise(31, 17, seed=2)]}),
        ("1", "PNG", {}),
        ("L", "PNG", {}),
        ("LA", "PNG", {}),
        ("P", "PNG", {}),
        ("I;16", "PNG", {}),
        ("RGBA", "PNG", {}),
        ("RGB", "PNG", {"save_all": True, "append_images": [noise(31, 17, seed=2)]}),
        ("RGBA", "WEBP", {}),
        ("RGB", "WEBP", {"save_all": True, "append_images": [noise(31, 17, seed=2)]}),
    ],
    ids=lambda given: given if isinstance(given, str) else "-".join(given) or "as usual",
)
def test_whatever_colours_a_camera_has_it_is_drawn(
    mode: str, form: str, more: dict[str, Any]
) -> None:
    made = BytesIO()
    noise(31, 17).convert("L" if mode == "I;16" else "RGB").convert(mode).save(made, form, **more)
    found = opened(drawn(made.getvalue()).content)
    assert (found.size, getattr(found, "n_frames", 1)) == ((31, 17), 1)


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"])
)
def test_no_bytes_make_the_reader_fail(content: bytes, start: bytes) -> None:
    said = outcome(start + content, decode=False)
    assert said.startswith("Header(") or texts.say(
        f"{said}.cause", size=0, most=0, width=0, height=0
    )


@given(st.data())
def test_no_change_of_a_good_one_makes_the_reader_fail(data: st.DataObject) -> None:
    content = bytearray(photo(form=data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, min(200, len(content) - 1)))] = data.draw(
            st.integers(0, 255)
        )
    assert outcome(bytes(content), decode=False).startswith(("picture.", "Header("))
