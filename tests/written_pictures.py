"""Pictures with a name burned in, as scanners do it."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ml.overlays.boxes import Box
from ml.overlays.text import text_boxes
from tests.pictures import picture

NAME = "DOE JANE 1970-JD"
CORNER = (24, 16)  # where scanners put it
SIZE = (480, 360)
BRIGHT = 200  # of 255; the picture around the name is dimmer


def written_picture(name: str = NAME) -> Image.Image:
    """A dim random picture with the name in white."""
    image = Image.fromarray(np.asarray(picture(7, *SIZE)) // 4)
    write(image, name)
    return image


def write(image: Image.Image, name: str, size: int = 24) -> None:
    """In white, into the corner."""
    ImageDraw.Draw(image).text(CORNER, name, fill="white", font=ImageFont.load_default(size))


def is_covered(image: Image.Image, name: str = NAME, size: int = 24) -> bool:
    """Nothing of what `write` wrote is left: nothing bright, and nothing that the finder takes for text."""
    left, top, right, bottom = ImageFont.load_default(size).getbbox(name)
    place = Box(CORNER[0] + int(left), CORNER[1] + int(top), int(right - left), int(bottom - top))
    found = [box for box in text_boxes(image) if box.shared(place)]
    return int(np.asarray(image)[place.slices].max()) < BRIGHT and not found
