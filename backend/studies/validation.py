"""An uploaded file becomes a validated image: decoded, upright, without metadata, encoded anew as PNG."""

import hashlib
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from django.conf import settings
from PIL import Image

from backend.studies.decoding.errors import UnreadableImage
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Box
from backend.studies.decoding.read import pixels_to_decode, read_picture
from backend.studies.room import pixel_room

SPOOL_BYTES = 4 * 1024 * 1024
HASHED_ROWS = 512
PNG_COMPRESS_LEVEL = 1

INVALID_FRAME = "invalid_frame"
INVALID_REGION = "invalid_region"
REGION_OUTSIDE = "region_outside"
REGION_TOO_SMALL = "region_too_small"


@dataclass(frozen=True)
class ValidatedImage:
    """Everything a row and a file are made from; `png` is positioned at its start."""

    modality: str
    png: IO[bytes]
    sha256: str
    width: int
    height: int
    source_format: str
    frame: int
    frame_count: int
    region: Box | None
    scanner_region: Box | None


def upload_limits() -> Limits:
    """The site's bounds."""
    return Limits(settings.MAX_UPLOAD_BYTES, settings.MAX_PIXELS, settings.MIN_SIDE)


def image_validate(
    stream: BinaryIO, *, modality: str, frame: int | None = None, region: Box | None = None
) -> ValidatedImage:
    """Decode, check and encode one upload; UnreadableImage says why not."""
    limits = upload_limits()
    with pixel_room().taken(pixels_to_decode(stream, limits=limits)):
        picture = read_picture(stream, limits=limits, frame=frame)
        width, height = picture.image.size
        limits.check_size(width, height)
        if region is not None:
            _check_region(region, width, height)
        return ValidatedImage(
            modality=modality,
            png=png_encode(picture.image),
            sha256=pixels_sha256(picture.image),
            width=width,
            height=height,
            source_format=picture.source_format,
            frame=picture.frame,
            frame_count=picture.frame_count,
            region=region,
            scanner_region=picture.ultrasound_region,
        )


def frame_parse(text: str) -> int:
    """A frame number, counted from 0."""
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise UnreadableImage(INVALID_FRAME, "Give the frame as a whole number, counted from 0.")
    return int(text)


def region_parse(text: str) -> Box:
    """`x,y,w,h` in pixels of the upright image."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) <= 6 for part in parts):
        raise UnreadableImage(INVALID_REGION, "Give the region in whole pixels as x,y,w,h.")
    return Box(*(int(part) for part in parts))


def pixels_sha256(image: Image.Image) -> str:
    """Over the RGB bytes, row by row; in blocks, so that a large image is never copied whole."""
    digest = hashlib.sha256()
    for top in range(0, image.height, HASHED_ROWS):
        digest.update(image.crop((0, top, image.width, min(top + HASHED_ROWS, image.height))).tobytes())
    return digest.hexdigest()


def _check_region(region: Box, width: int, height: int) -> None:
    if not region.fits(width, height):
        raise UnreadableImage(
            REGION_OUTSIDE, f"The region does not lie inside the image, which has {width} × {height} pixels."
        )
    if min(region.width, region.height) < settings.MIN_SIDE:
        raise UnreadableImage(
            REGION_TOO_SMALL, f"Each side of the region needs at least {settings.MIN_SIDE} pixels."
        )


def png_encode(image: Image.Image) -> IO[bytes]:
    """Without metadata, positioned at its start; closed by its reader."""
    spool = cast(IO[bytes], SpooledTemporaryFile(max_size=SPOOL_BYTES))  # noqa: SIM115 (closed by its reader)
    image.save(spool, "PNG", compress_level=PNG_COMPRESS_LEVEL)
    spool.seek(0)
    return spool
