"""A look at a file before it is sent for good: decoded as an upload would be, shown, and forgotten."""

import base64
import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageChops

from backend.studies.decoding.picture import Picture
from backend.studies.decoding.read import pixels_to_decode, read_film
from backend.studies.decoding.strip import Still
from backend.studies.room import pixel_room
from backend.studies.validation import upload_limits

PICTURE_MAX_SIDE = 1024
STILL_QUALITY = 80


@dataclass(frozen=True)
class Preview:
    """What the page shows of a file: `width` and `height` are the file's, the pictures in here are small."""

    picture: Picture
    width: int
    height: int
    stills: list[Still]


def preview_make(stream: BinaryIO, *, frame: int | None, stills: int) -> Preview:
    """Decoded within the bounds of an upload; UnreadableImage says why not. Nothing is stored."""
    limits = upload_limits()
    with pixel_room().taken(pixels_to_decode(stream, limits=limits)):
        picture, strip = read_film(stream, limits=limits, frame=frame, stills=stills)
        width, height = picture.image.size
        limits.check_size(width, height)
        picture.image.thumbnail((PICTURE_MAX_SIDE, PICTURE_MAX_SIDE), Image.Resampling.LANCZOS)
        return Preview(picture, width, height, strip)


def picture_data_uri(image: Image.Image) -> str:
    """PNG; a grey picture in one channel instead of three."""
    return _data_uri(image.convert("L") if is_grey(image) else image, "PNG", compress_level=1)


def still_data_uri(image: Image.Image) -> str:
    """JPEG: there are many of them, and each is looked at for a moment."""
    return _data_uri(image, "JPEG", quality=STILL_QUALITY)


def is_grey(image: Image.Image) -> bool:
    """True when red, green and blue are the same everywhere."""
    red, green, blue = image.split()
    return not (ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox())


def _data_uri(image: Image.Image, file_format: str, **options: int) -> str:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return f"data:image/{file_format.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"
