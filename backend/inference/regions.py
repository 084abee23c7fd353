"""A region of interest: the model sees the crop, the map is put back into the whole image."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.inference.media import picture_read
from backend.studies.models import UltrasoundImage

Region = list[int] | None


def region_read(image: UltrasoundImage) -> Image.Image:
    """The stored pixels that the model sees; OSError when the file can't be read."""
    return region_crop(picture_read(image.key), image.region)


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
