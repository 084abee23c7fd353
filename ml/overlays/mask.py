"""Takes boxes out of a picture. No pixel outside the boxes changes."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.overlays.boxes import Box, covered

RADIUS_PX = 3  # of what cv2.inpaint looks at around a pixel
RIM_PX = 2  # around a box, from which `erase` takes its colour


class Strength(StrEnum):
    """`erase`: nothing inside can be recovered, for names. `inpaint`: as if print had never been there."""

    ERASE = "erase"
    INPAINT = "inpaint"


def masked(image: Image.Image, boxes: Iterable[Box], strength: Strength = Strength.INPAINT) -> Image.Image:
    """An RGB copy without what is in the boxes (pixels of `image`; parts outside it are ignored)."""
    pixels = np.array(image.convert("RGB"))
    inside = [box for one in boxes if (box := one.within(*image.size)).area]
    if not inside:
        return Image.fromarray(pixels)
    if strength is Strength.ERASE:
        _erase(pixels, inside)
        return Image.fromarray(pixels)
    mask = covered(inside, *image.size)
    filled = cv2.inpaint(pixels, mask.astype(np.uint8), RADIUS_PX, cv2.INPAINT_TELEA)
    return Image.fromarray(np.where(mask[:, :, None], filled, pixels))


def _erase(pixels: NDArray[np.uint8], boxes: list[Box]) -> None:
    """One colour a box, the median of its rim outside of every box: no pixel of the box has a say in it."""
    height, width = pixels.shape[:2]
    taken = covered(boxes, width, height)
    fills = []
    for box in boxes:
        around = box.grown(RIM_PX).within(width, height).slices
        rim = pixels[around][~taken[around]]
        fills.append(np.median(rim, axis=0).astype(np.uint8) if len(rim) else np.zeros(3, np.uint8))
    for box, fill in zip(boxes, fills, strict=True):
        pixels[box.slices] = fill
