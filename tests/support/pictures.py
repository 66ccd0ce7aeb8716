"""A PNG, made from scratch: bars on white, so that somebody who looks sees whether it is shown."""

import struct
import zlib

BAR, BACKGROUND = b"\x2f\x6f\xd0", b"\xff\xff\xff"


def png(width: int = 240, height: int = 120, bars: tuple[int, ...] = (3, 7, 4, 9, 6)) -> bytes:
    """Return a picture of `bars`, each of 0 to 10 tenths of its height."""
    step = max(1, width // len(bars))
    rows = b"".join(b"\0" + _row(width, step, bars, 10 - 10 * y // height) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _row(width: int, step: int, bars: tuple[int, ...], level: int) -> bytes:
    return b"".join(BAR if bars[min(x // step, len(bars) - 1)] >= level and x % step > 8 else BACKGROUND for x in range(width))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
