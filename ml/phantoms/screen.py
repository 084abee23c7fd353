"""The scanner's screen: where the field lies in the frame, how large the print is, where print may go."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ml.phantoms.geometry import Field

Box = tuple[int, int, int, int]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Layout:
    """Frame size, the field's place in it (x, y, width, height in px) and the print of one machine."""

    width: int
    height: int
    place: Box
    font_px: int
    ink: Colour
    cropped: bool
    curved: bool
    bar_left: bool
    header: tuple[str, str]  # made-up number and date of the examination

    def field(self, width_mm: float) -> Field:
        """The pixel grid of the field when the probe sees `width_mm`."""
        _, _, width, height = self.place
        curve = 0.9 * width_mm if self.curved else None
        return Field(width, height, width_mm / width, curve)


def layout_of(rng: np.random.Generator, size: tuple[int, int]) -> Layout:
    """Draw the screen of one machine for a frame of `size` (width, height) px."""
    width, height = size
    cropped = bool(rng.random() < 0.35)
    spans = ((0.05, 0.10), (0.07, 0.13), (0.07, 0.11), (0.02, 0.07))
    left, right, top, bottom = (0.0 if cropped else float(rng.uniform(*span)) for span in spans)
    x, y = round(left * width), round(top * height)
    place = (x, y, round((1 - right) * width) - x, round((1 - bottom) * height) - y)
    day, month, hour, minute = (int(rng.integers(1, top)) for top in (29, 13, 24, 60))
    inks = ((235, 235, 235), (190, 200, 205), (240, 225, 120), (120, 220, 225))
    return Layout(
        width=width,
        height=height,
        place=place,
        font_px=max(7, round(height * float(rng.uniform(0.024, 0.032)))),
        ink=inks[int(rng.integers(len(inks)))],
        cropped=cropped,
        curved=bool(rng.random() < 0.16),
        bar_left=bool(rng.random() < 0.6),
        header=(
            f"ID {int(rng.integers(1000, 99999)):05d}",
            f"{day:02d}.{month:02d}.2021 {hour:02d}:{minute:02d}",
        ),
    )


@dataclass
class Canvas:
    """A frame being drawn on; it keeps the boxes (x, y, width, height in px) of what was burned in."""

    image: Image.Image
    layout: Layout
    keep_clear: Box
    text_boxes: list[Box] = field(default_factory=list)
    calliper_boxes: list[Box] = field(default_factory=list)

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def text(
        self,
        x: int,
        y: int,
        words: str,
        *,
        ink: Colour | None = None,
        font_px: int | None = None,
        anchor: str = "la",
    ) -> bool:
        """Burn in one line unless it leaves the frame, touches the node or overprints; whether it did."""
        font = font_of(font_px or self.layout.font_px)
        left, top, right, bottom = (
            round(v) for v in self.draw.textbbox((x, y), words, font=font, anchor=anchor)
        )
        box = (left, top, right - left, bottom - top)
        outside = left < 0 or top < 0 or right > self.layout.width or bottom > self.layout.height
        if outside or touches(box, self.keep_clear) or any(touches(box, other) for other in self.text_boxes):
            return False
        self.draw.text((x, y), words, font=font, fill=ink or self.layout.ink, anchor=anchor)
        self.text_boxes.append(box)
        return True


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font, so that every machine prints the same."""
    return ImageFont.load_default(size)


def touches(a: Box, b: Box, gap: int = 1) -> bool:
    """Whether two boxes come closer than `gap` px."""
    return (
        a[0] < b[0] + b[2] + gap
        and b[0] < a[0] + a[2] + gap
        and a[1] < b[1] + b[3] + gap
        and b[1] < a[1] + a[3] + gap
    )
