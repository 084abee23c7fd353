"""The one door: uploaded bytes in, a plain picture out, or an UnreadableImage that says why."""

import logging
import threading
from typing import BinaryIO

from backend.studies.decoding.dicom import read_dicom
from backend.studies.decoding.errors import CORRUPT, UnreadableImage
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Picture
from backend.studies.decoding.raster import read_raster
from backend.studies.decoding.sniff import HEAD_BYTES, sniff

logger = logging.getLogger(__name__)
one_at_a_time = threading.Lock()  # two 40-megapixel images decoded together would need too much memory


def read_picture(stream: BinaryIO, *, limits: Limits, frame: int | None = None) -> Picture:
    """The upright RGB picture in a seekable stream. Every failure is an UnreadableImage."""
    limits.check_bytes(stream.seek(0, 2))
    stream.seek(0)
    source_format = sniff(stream.read(HEAD_BYTES))
    try:
        if source_format == "dicom":
            return read_dicom(stream, limits, frame)
        return read_raster(stream, source_format, limits, frame)
    except UnreadableImage:
        raise
    except Exception as error:
        logger.warning("decoder failed on a %s file: %s", source_format, type(error).__name__)
        raise UnreadableImage(CORRUPT, "The file is damaged: its content can't be decoded.") from error
