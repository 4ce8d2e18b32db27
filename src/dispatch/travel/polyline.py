"""Route lines as routing servers send them: the encoded polyline format, with six digits."""

from __future__ import annotations

from dispatch.domain.position import Position

PRECISION = 1_000_000


def decoded(text: str) -> tuple[Position, ...]:
    """The positions of a line.

    Source: *Encoded Polyline Algorithm Format*. Each number is the difference to the one before,
    in units of a millionth of a degree, its sign in the lowest bit, five bits to a character.

    Raises
    ------
    ValueError
        The text ends within a number or a position, or leaves the Earth.
    """
    numbers = differences(text)
    if len(numbers) % 2:
        raise ValueError("the line ends with half a position")
    positions: list[Position] = []
    lat = lon = 0
    for north, east in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + north, lon + east
        positions.append(Position(lat / PRECISION, lon / PRECISION))
    return tuple(positions)


def differences(text: str) -> list[int]:
    """The signed numbers of the text."""
    numbers: list[int] = []
    number = shift = 0
    for character in text:
        bits = ord(character) - 63
        if not 0 <= bits < 64:
            raise ValueError(f"{character!r} does not belong in a line")
        number |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            numbers.append(~(number >> 1) if number & 1 else number >> 1)
            number = shift = 0
    if shift:
        raise ValueError("the line ends within a number")
    return numbers
