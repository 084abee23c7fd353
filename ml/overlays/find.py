"""All that is burned into a picture, by kind."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image

from ml.overlays.boxes import Box
from ml.overlays.marks import marks
from ml.overlays.text import text_boxes

CROSS_AND_RIM = 8.0  # a box this many times as large as a cross in it is the cross, not a line of print


class Overlays(NamedTuple):
    """Boxes in pixels of the picture."""

    text: list[Box]
    callipers: list[Box]
    bars: list[Box]

    @property
    def boxes(self) -> list[Box]:
        """Every box, whatever its kind."""
        return [*self.text, *self.callipers, *self.bars]


def find_overlays(image: Image.Image) -> Overlays:
    """Text, callipers and bars of one picture; a cross that the detector took for a letter is a calliper."""
    drawn = marks(image)
    text = [box for box in text_boxes(image) if not any(_is_only(box, cross) for cross in drawn.callipers)]
    return Overlays(text, drawn.callipers, drawn.bars)


def _is_only(box: Box, cross: Box) -> bool:
    return box.shared(cross) >= 0.5 * cross.area and box.area <= CROSS_AND_RIM * cross.area
