"""Pictures for the page: the stored image, a map, or the map laid over the image."""

import io

import numpy as np
from django.core.files.storage import default_storage
from PIL import Image

from backend.studies.models import UltrasoundImage
from backend.studies.room import pixel_room
from ml.colormap import overlay

ROWS_AT_ONCE = 512
PNG_COMPRESS_LEVEL = 1


def overlay_png(image: UltrasoundImage, map_key: str, colormap: str) -> bytes:
    """The map in colour over the image, as RGB PNG in the image's size."""
    with pixel_room().taken(2 * image.width * image.height):
        picture, levels = picture_read(image.key), picture_read(map_key)
        _blend(picture, levels, colormap)
        buffer = io.BytesIO()
        picture.save(buffer, "PNG", compress_level=PNG_COMPRESS_LEVEL)
    return buffer.getvalue()


def picture_read(key: str) -> Image.Image:
    """The stored pixels; OSError when the file can't be read, or there is none that may be (no key)."""
    if not key:
        raise FileNotFoundError("no file that may be read")
    with default_storage.open(key) as file:
        picture = Image.open(file, formats=["PNG"])
        picture.load()
    return picture


def _blend(picture: Image.Image, levels: Image.Image, colormap: str) -> None:
    """In place, in blocks of rows: colours of a large image would need several times its memory."""
    for top in range(0, picture.height, ROWS_AT_ONCE):
        box = (0, top, picture.width, min(top + ROWS_AT_ONCE, picture.height))
        picture.paste(overlay(picture.crop(box), np.asarray(levels.crop(box)), colormap), box)
