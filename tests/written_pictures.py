"""Pictures with a name burned in, as scanners do it."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ml.overlays import text_boxes
from tests.pictures import picture

NAME = "DOE JANE 1970-JD"
NAME_PLACE = (24, 16, 300, 50)  # left, top, right, bottom of what is written, in pixels
SIZE = (480, 360)


def written_picture(name: str = NAME) -> Image.Image:
    """A dim random picture with the name in white."""
    image = Image.fromarray(np.asarray(picture(7, *SIZE)) // 4)
    write(image, name)
    return image


def write(image: Image.Image, name: str) -> None:
    """Into the corner where scanners put it."""
    ImageDraw.Draw(image).text(NAME_PLACE[:2], name, fill="white", font=ImageFont.load_default(24))


def is_covered(image: Image.Image) -> bool:
    """Nothing of the letters is left: nothing white, and nothing that the finder takes for text."""
    corner = np.asarray(image.crop(NAME_PLACE))
    return bool(corner.max() < 200) and not text_boxes(image)
