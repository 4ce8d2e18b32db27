"""The child that decodes a picture from a stranger and draws it anew.

Started as ``python -I inside.py FORMAT WIDTH HEIGHT MEMORY_BYTES CPU_S ANSWER_BYTES``, with the
picture on standard input. On standard output it says a line of JSON (when and where the picture was
taken, as it says itself) and then the new picture: a JPEG, or a PNG where it was one. It imports
nothing of ours, has no environment, and may write no file but its answer.
"""

from __future__ import annotations

import json
import sys
import warnings
from contextlib import suppress
from io import BytesIO
from typing import Any

MOST_SIDE = 2_048
"""Of what people see."""
QUALITY = 85
GPS, EXIF = 0x8825, 0x8769
TAKEN, TAKEN_OFFSET = 0x9003, 0x9011
"""Tags of Exif 2.32 (CIPA DC-008)."""


def limit(memory_bytes: int, cpu_s: int, answer_bytes: int) -> None:
    """Be ended by the system rather than take more than this, where it can."""
    with suppress(ImportError):  # not a Unix
        import resource

        for what, most in (
            (resource.RLIMIT_AS, memory_bytes),
            (resource.RLIMIT_CPU, cpu_s),
            (resource.RLIMIT_FSIZE, answer_bytes),
            (resource.RLIMIT_CORE, 0),
        ):
            _, hard = resource.getrlimit(what)
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (least, least))


def main() -> None:
    """Draw what is on standard input anew; any failure ends in an exit code."""
    form, width, height, memory_bytes, cpu_s, answer_bytes = sys.argv[1:]
    limit(int(memory_bytes), int(cpu_s), int(answer_bytes))
    content = sys.stdin.buffer.read()

    from PIL import Image, ImageFile, ImageOps

    warnings.simplefilter("ignore")  # of Exif that is odd, for one
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = int(width) * int(height)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with Image.open(BytesIO(content), formats=[form]) as picture:
        if picture.size != (int(width), int(height)):
            raise ValueError("it says two sizes")
        said = told(picture.getexif())
        if form == "JPEG":  # decode no more than is shown
            picture.draft("RGB", (MOST_SIDE, MOST_SIDE))
        picture.load()
        picture.thumbnail((MOST_SIDE, MOST_SIDE))
        drawn: Any = ImageOps.exif_transpose(picture)
        answer = BytesIO()
        if form == "PNG":
            drawn = drawn.convert("RGBA" if drawn.has_transparency_data else "RGB")
            clean(Image, drawn).save(answer, "PNG")
        else:
            clean(Image, drawn.convert("RGB")).save(answer, "JPEG", quality=QUALITY)
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + answer.getvalue())
    sys.stdout.buffer.flush()


def clean(image: Any, drawn: Any) -> Any:
    """The pixels and nothing else: no profile, no comment, no text."""
    return image.frombytes(drawn.mode, drawn.size, drawn.tobytes())


def told(exif: Any) -> dict[str, Any]:
    """When and where it says that it was taken; what cannot be read is left out."""
    said: dict[str, Any] = {}
    with suppress(Exception):
        inner = exif.get_ifd(EXIF)
        said["taken"] = str(inner[TAKEN])[:40]
        said["offset"] = str(inner.get(TAKEN_OFFSET, ""))[:10]
    with suppress(Exception):
        where = exif.get_ifd(GPS)
        said["lat"] = degrees(where[2], where[1], "S")
        said["lon"] = degrees(where[4], where[3], "W")
    return said


def degrees(parts: Any, side: object, negative: str) -> float:
    """Degrees, minutes and seconds as one number."""
    whole = 0.0
    for power, part in enumerate(parts[:3]):
        whole += float(part) / 60.0**power
    return -whole if str(side).strip("\0 ").upper() == negative else whole


if __name__ == "__main__":
    main()
