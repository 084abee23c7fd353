"""The one door: uploaded bytes in, a plain picture out, or an UnreadableImage that says why."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from backend.studies.decoding.dicom import DICOM_SHARE_OF_PIXELS, read_dicom
from backend.studies.decoding.errors import CORRUPT, UnreadableImage
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Picture
from backend.studies.decoding.raster import raster_size, read_raster
from backend.studies.decoding.sniff import HEAD_BYTES, sniff

logger = logging.getLogger(__name__)


def read_picture(stream: BinaryIO, *, limits: Limits, frame: int | None = None) -> Picture:
    """The upright RGB picture in a seekable stream. Every failure is an UnreadableImage."""
    source_format = _format_of(stream, limits)
    with _nothing_else_raised(source_format):
        if source_format == "dicom":
            return read_dicom(stream, limits, frame)
        return read_raster(stream, source_format, limits, frame)


def pixels_to_decode(stream: BinaryIO, *, limits: Limits) -> int:
    """How many pixels reading this stream will hold in memory, told from its header (the most, for DICOM)."""
    source_format = _format_of(stream, limits)
    if source_format == "dicom":
        return int(limits.max_pixels * DICOM_SHARE_OF_PIXELS)
    with _nothing_else_raised(source_format):
        width, height = raster_size(stream, source_format, limits)
    return width * height


@contextmanager
def _nothing_else_raised(source_format: str) -> Iterator[None]:
    """Decoders raise anything on hostile bytes."""
    try:
        yield
    except UnreadableImage:
        raise
    except Exception as error:
        logger.warning("decoder failed on a %s file: %s", source_format, type(error).__name__)
        raise UnreadableImage(CORRUPT, "The file is damaged: its content can't be decoded.") from error


def _format_of(stream: BinaryIO, limits: Limits) -> str:
    limits.check_bytes(stream.seek(0, 2))
    stream.seek(0)
    return sniff(stream.read(HEAD_BYTES))
