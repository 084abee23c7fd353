"""A PNG with fewer pixels than it claims is refused, where Pillow would leave the rest black."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from backend.studies.decoding.errors import CORRUPT, TRUNCATED, UnreadableImage
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Picture
from backend.studies.decoding.png_pixels import _claimed_bytes
from backend.studies.decoding.read import read_picture
from tests.hostile.parts import chunk, png_of
from tests.pictures import encoded


def _read(content: bytes) -> Picture:
    return read_picture(io.BytesIO(content), limits=Limits(), frame=None)


def _code(content: bytes) -> str:
    with pytest.raises(UnreadableImage) as refusal:
        _read(content)
    return refusal.value.code


@pytest.mark.parametrize("rows", [1, 10, 63])
@pytest.mark.parametrize("colour", [(0, 1), (2, 3), (6, 4)])
def test_a_png_whose_pixels_end_early_is_never_half_an_image(rows: int, colour: tuple[int, int]) -> None:
    kind, samples = colour
    row = b"\x00" + b"\xc8" * (64 * samples)
    assert _code(png_of(64, 64, colour=kind, pixels=row * rows)) == TRUNCATED
    assert _read(png_of(64, 64, colour=kind, pixels=row * 64)).image.size == (64, 64)


def test_a_png_that_is_black_below_is_read() -> None:
    image = Image.new("RGB", (64, 64))
    image.paste((200, 10, 10), (0, 0, 64, 20))
    assert np.array_equal(np.asarray(_read(encoded(image)).image), np.asarray(image))


@pytest.mark.parametrize("size", [(33, 40), (64, 64), (35, 37)])
def test_an_interlaced_png_is_read_whole_and_refused_in_part(size: tuple[int, int]) -> None:
    """Adam7 sends seven pictures: that one is missing shows in the number of bytes alone."""
    whole = _claimed_bytes(*size, 8, interlaced=True)
    assert _read(_interlaced(size, bytes(whole))).image.size == size
    assert _code(_interlaced(size, bytes(whole - 1))) == TRUNCATED


def _interlaced(size: tuple[int, int], pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 1)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_png_without_the_palette_it_names_is_refused() -> None:
    assert _code(png_of(64, 64, colour=3, pixels=bytes(65 * 64))) == CORRUPT
