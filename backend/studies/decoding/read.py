"""The one door: uploaded bytes in, a plain picture out, or an UnreadableImage that says why."""

from typing import BinaryIO

from backend.studies.decoding.dicom import DICOM_SHARE_OF_PIXELS, open_dicom, read_dicom
from backend.studies.decoding.errors import only_unreadable
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Picture
from backend.studies.decoding.raster import raster_size, read_raster
from backend.studies.decoding.sniff import HEAD_BYTES, sniff
from backend.studies.decoding.strip import Still, film_strip


def read_picture(stream: BinaryIO, *, limits: Limits, frame: int | None = None) -> Picture:
    """The upright RGB picture in a seekable stream. Every failure is an UnreadableImage."""
    source_format = _format_of(stream, limits)
    with only_unreadable(source_format):
        if source_format == "dicom":
            return read_dicom(stream, limits, frame)
        return read_raster(stream, source_format, limits, frame)


def read_film(
    stream: BinaryIO, *, limits: Limits, frame: int | None, stills: int
) -> tuple[Picture, list[Still]]:
    """The picture, and of a DICOM film up to `stills` small frames. Every failure is an UnreadableImage."""
    source_format = _format_of(stream, limits)
    with only_unreadable(source_format):
        if source_format != "dicom":
            return read_raster(stream, source_format, limits, frame), []
        film = open_dicom(stream, limits)
        picture = film.picture(frame)
        return picture, film_strip(film, stills) if stills and film.frame_count > 1 else []


def pixels_to_decode(stream: BinaryIO, *, limits: Limits) -> int:
    """How many pixels reading this stream will hold in memory, told from its header (the most, for DICOM)."""
    source_format = _format_of(stream, limits)
    if source_format == "dicom":
        return int(limits.max_pixels * DICOM_SHARE_OF_PIXELS)
    with only_unreadable(source_format):
        width, height = raster_size(stream, source_format, limits)
    return width * height


def _format_of(stream: BinaryIO, limits: Limits) -> str:
    limits.check_bytes(stream.seek(0, 2))
    stream.seek(0)
    return sniff(stream.read(HEAD_BYTES))
