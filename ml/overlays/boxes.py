"""Rectangles in pixels of a picture, and plain geometry on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Box(NamedTuple):
    """Left, top, width, height in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array of the picture."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def grown(self, pixels: int) -> Box:
        """The box with a rim of `pixels` on every side; it may leave the picture."""
        return Box(self.x - pixels, self.y - pixels, self.width + 2 * pixels, self.height + 2 * pixels)

    def within(self, width: int, height: int) -> Box:
        """The part inside a width × height picture; without area where there is none."""
        left, top = max(0, self.x), max(0, self.y)
        right, bottom = min(width, self.x + self.width), min(height, self.y + self.height)
        return Box(left, top, max(0, right - left), max(0, bottom - top))

    def shared(self, other: Box) -> int:
        """Area in common, in pixels."""
        wide = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        tall = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0, wide) * max(0, tall)


def covered(boxes: Iterable[Box], width: int, height: int) -> NDArray[np.bool_]:
    """Which pixels of a width × height picture lie in a box, as rows × columns."""
    mask = np.zeros((height, width), dtype=np.bool_)
    for box in boxes:
        mask[box.within(width, height).slices] = True
    return mask
