"""What hostile files are put together from."""

import struct
import zlib

from tests.pictures import encoded, picture


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG chunk with its true checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, *, depth: int = 8, colour: int = 2, pixels: bytes = b"") -> bytes:
    """A PNG that claims a size and holds the pixels given."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def cut(content: bytes, share: float = 0.5) -> bytes:
    """The first part of a file."""
    return content[: int(len(content) * share)]


def jpeg(**options: object) -> bytes:
    """An ordinary JPEG."""
    return encoded(picture(width=300, height=200), "JPEG", **options)


def tiff(entries: dict[int, int], tail: bytes = bytes(100)) -> bytes:
    """A TIFF of one directory with the given long values."""
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(entries.items()))
    return b"II*\x00" + struct.pack("<IH", 8, len(entries)) + body + bytes(4) + tail
