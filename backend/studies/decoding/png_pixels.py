"""Whether a PNG holds as many pixels as it claims: Pillow leaves rows black that never came."""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
BLOCK_BYTES = 1 << 20


def png_is_whole(stream: BinaryIO) -> bool:
    """Inflates the pixels once more, without keeping them and no further than the header claims."""
    stream.seek(8)
    chunks = _chunks(stream)
    _, header = next(chunks)
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", header[:13])
    missing = _claimed_bytes(width, height, depth * SAMPLES.get(colour, 1), interlaced=interlace == 1)
    inflater = zlib.decompressobj()
    for kind, data in chunks:
        waiting = data if kind == b"IDAT" else b""
        while waiting and missing > 0:
            missing -= len(inflater.decompress(waiting, BLOCK_BYTES))
            waiting = inflater.unconsumed_tail
        if missing <= 0 or inflater.eof:
            break
    return missing <= 0


def _claimed_bytes(width: int, height: int, bits: int, *, interlaced: bool) -> int:
    """Rows with their filter byte, of the one picture or of the seven of Adam7."""
    passes = [(0, 0, 1, 1)] if not interlaced else ADAM7
    total = 0
    for left, top, right, down in passes:
        columns, rows = -(-(width - left) // right), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    while len(head := stream.read(8)) == 8:
        yield head[4:], stream.read(int.from_bytes(head[:4], "big"))
        stream.seek(4, 1)  # the checksum: `verify` has looked at it
