"""PNG, JPEG, BMP, TIFF and WebP through Pillow, opened by exactly one plug-in each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from backend.studies.decoding.errors import (
    ANIMATED,
    CORRUPT,
    FRAME_NOT_OFFERED,
    TOO_COMPLEX,
    TOO_MANY_PIXELS,
    TRUNCATED,
    UNSUPPORTED_FORMAT,
    UnreadableImage,
)
from backend.studies.decoding.greyscale import grey_to_uint8
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Picture
from backend.studies.decoding.png_pixels import png_is_whole

PLUGINS = {"png": "PNG", "jpeg": "JPEG", "bmp": "BMP", "tiff": "TIFF", "webp": "WEBP"}
MAX_JPEG_SCANS = 120  # a progressive JPEG has about ten; each costs a pass over the whole picture
MAX_SCANNED_PIXELS = 1_000_000_000  # scans × pixels: a few seconds of decoding
DEEP_GREY_MODES = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N", "F"})
TAIL_BYTES = 4096
TILE_WIDTH, TILE_LENGTH = 322, 323


def read_raster(stream: BinaryIO, source_format: str, limits: Limits, frame: int | None) -> Picture:
    """The upright RGB picture in a stream that `sniff` called one of PLUGINS."""
    if frame is not None:
        raise UnreadableImage(FRAME_NOT_OFFERED, "A frame can be chosen for DICOM cine only.")
    if source_format == "jpeg":
        _check_scans(stream, *raster_size(stream, source_format, limits))
    with _named_failures(stream, source_format):
        if source_format == "png":
            _open(stream, source_format, limits).verify()  # checksums of every chunk, IDAT included
        image = _open(stream, source_format, limits)
        _check_single(image, source_format)
        image.load()
        if source_format == "png":
            _check_png_pixels(image, stream)
    return Picture(image=_to_rgb(_upright(image)), source_format=source_format)


def raster_size(stream: BinaryIO, source_format: str, limits: Limits) -> tuple[int, int]:
    """(width, height) that the header claims, within the limits."""
    with _named_failures(stream, source_format):
        return _open(stream, source_format, limits).size


def _check_png_pixels(image: Image.Image, stream: BinaryIO) -> None:
    """Palette and rows are there. Only a black last row is looked into: a missing one would be black."""
    if image.mode == "P" and image.palette is None:
        raise UnreadableImage(CORRUPT, "The PNG names colours of a palette that it does not have.")
    last_row = image.crop((0, image.height - 1, image.width, image.height))
    may_lack_rows = last_row.getbbox(alpha_only=False) is None or "interlace" in image.info
    if may_lack_rows and not png_is_whole(stream):
        raise UnreadableImage(TRUNCATED, "The PNG holds fewer pixels than it claims.")


@contextmanager
def _named_failures(stream: BinaryIO, source_format: str) -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError:
        raise UnreadableImage(TOO_MANY_PIXELS, "The image claims far too many pixels.") from None
    except ValueError as error:
        if "too large" not in str(error).lower():  # Pillow's bound on compressed texts and profiles
            raise
        raise UnreadableImage(TOO_COMPLEX, "The image carries far too much besides its pixels.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, EOFError) as error:
        raise _unreadable(stream, source_format, error) from error


def _open(stream: BinaryIO, source_format: str, limits: Limits) -> Image.Image:
    """Reads the header only; nothing is decoded before the claimed size is within the limits."""
    stream.seek(0)
    image = Image.open(stream, formats=[PLUGINS[source_format]])
    limits.check_size(*image.size)
    if source_format == "tiff":
        _check_tiles(image, limits)
    return image


def _check_tiles(image: Image.Image, limits: Limits) -> None:
    """A tile is decoded whole, however small the picture is that it claims to be part of."""
    tags = image.tag_v2  # type: ignore[attr-defined]
    width, length = (tags.get(tag, 0) for tag in (TILE_WIDTH, TILE_LENGTH))
    if int(width) * int(length) > limits.max_pixels:
        raise UnreadableImage(TOO_MANY_PIXELS, f"The TIFF claims tiles of {width} × {length} pixels.")


def _check_scans(stream: BinaryIO, width: int, height: int) -> None:
    stream.seek(0)
    scans, carry = 0, b""
    while block := stream.read(1 << 20):
        scans += (carry + block).count(b"\xff\xda")
        carry = block[-1:] if block.endswith(b"\xff") else b""
    if scans > MAX_JPEG_SCANS or scans * width * height > MAX_SCANNED_PIXELS:
        raise UnreadableImage(TOO_COMPLEX, f"The JPEG has {scans} scans, an image has about ten.")


def _check_single(image: Image.Image, source_format: str) -> None:
    """One picture a file. A phone's MPO counts as the JPEG it begins with."""
    if source_format == "tiff" and _has_second_page(image):
        raise UnreadableImage(ANIMATED, "The TIFF has several pages. Export the one page to analyse.")
    if source_format in ("png", "webp") and getattr(image, "is_animated", False):
        raise UnreadableImage(ANIMATED, "The image is animated. Export the one frame to analyse.")


def _has_second_page(image: Image.Image) -> bool:
    try:
        image.seek(1)
    except EOFError:
        return False
    finally:
        image.seek(0)
    return True


def _upright(image: Image.Image) -> Image.Image:
    """EXIF orientation applied; an EXIF block too broken to read says nothing about it."""
    try:
        return ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, ArithmeticError):
        return image


def _to_rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB without metadata: deep grey scaled, transparency put on black, profiles not applied."""
    if image.mode in DEEP_GREY_MODES:
        return Image.fromarray(grey_to_uint8(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        return _on_black(image.convert("RGBA"))
    try:
        rgb = image.convert("RGB")
    except ValueError:
        raise UnreadableImage(UNSUPPORTED_FORMAT, f"{image.mode} colours are not read. Send RGB.") from None
    if rgb is image:
        rgb = image.copy()
    rgb.info.clear()
    return rgb


def _on_black(image: Image.Image) -> Image.Image:
    black = Image.new("RGB", image.size)
    black.paste(image, mask=image.getchannel("A"))
    return black


def _unreadable(stream: BinaryIO, source_format: str, error: Exception) -> UnreadableImage:
    if "truncated" in str(error) or isinstance(error, EOFError) or _is_cut(stream, source_format):
        return UnreadableImage(TRUNCATED, "The file ends too early: it was not copied or sent completely.")
    return UnreadableImage(CORRUPT, "The file is damaged or of a rare kind. Export it again.")


def _is_cut(stream: BinaryIO, source_format: str) -> bool:
    """Whether the end that the format asks for is missing."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - TAIL_BYTES))
    tail = stream.read()
    stream.seek(0)
    head = stream.read(16)
    if source_format == "png":
        return b"IEND" not in tail
    if source_format == "jpeg":
        return b"\xff\xd9" not in tail
    if source_format == "webp":
        return int.from_bytes(head[4:8], "little") + 8 > size
    return source_format == "bmp" and int.from_bytes(head[2:6], "little") > size
