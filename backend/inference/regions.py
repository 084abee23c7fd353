"""A region of interest: the model sees the crop, the map is put back into the whole image."""

import numpy as np
from django.core.files.storage import default_storage
from numpy.typing import NDArray
from PIL import Image

from backend.studies.models import UltrasoundImage

Region = list[int] | None


def region_read(image: UltrasoundImage) -> Image.Image:
    """The stored pixels that the model sees; OSError when the file can't be read."""
    return region_crop(image_read(image), image.region)


def image_read(image: UltrasoundImage) -> Image.Image:
    """The stored pixels; OSError when the file can't be read."""
    with default_storage.open(image.key) as file:
        stored = Image.open(file, formats=["PNG"])
        stored.load()
    return stored


def region_crop(image: Image.Image, region: Region) -> Image.Image:
    """The part that the model sees; the whole image without a region."""
    if region is None:
        return image
    x, y, width, height = region
    return image.crop((x, y, x + width, y + height))


def map_uncrop(levels: NDArray[np.uint8], region: Region, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A map of the region as one of the image's (width, height); zero outside the region."""
    if region is None:
        return levels
    x, y, width, height = region
    whole = np.zeros((size[1], size[0]), dtype=np.uint8)
    whole[y : y + height, x : x + width] = levels
    return whole
