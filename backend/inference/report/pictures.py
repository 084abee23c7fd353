"""The report's pictures: the stored image and its map, small enough for paper."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from backend.inference.media import picture_read
from backend.studies.models import UltrasoundImage
from backend.studies.room import pixel_room
from ml.colormap import overlay

LONGEST_SIDE = 640  # pixels: about 220 dots an inch in the widest column


@dataclass(frozen=True)
class Pictures:
    """RGB, at most LONGEST_SIDE pixels a side; None: there is no map, or the file is gone.

    Where the site keeps no images, the map lies over black."""

    image: Image.Image | None
    overlay: Image.Image | None


def pictures_read(image: UltrasoundImage, map_key: str | None) -> Pictures:
    """The image, and the map over it where a key is given."""
    with pixel_room().taken(2 * image.width * image.height):
        picture = _small(image.key)
        levels = _small(map_key) if map_key else None
    if levels is None or (picture is None and image.kept):
        return Pictures(picture, None)
    ground = picture or Image.new("RGB", levels.size)
    return Pictures(picture, overlay(ground, np.asarray(levels)))


def _small(key: str) -> Image.Image | None:
    try:
        picture = picture_read(key)
    except FileNotFoundError:
        return None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return picture
