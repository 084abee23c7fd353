"""Callipers and colour bars, by colour and shape alone."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.overlays.boxes import Box

WHITE = 235  # of 0..255: every channel of full white
BRIGHT, COLOURED = 200, 100  # of 0..255: the brightest channel, and how far it is above the darkest
# Crosses: arms as a share of the picture's height.
ARM_SHARES, LEAST_ARM_PX = (0.006, 0.03), 2
CROSS_FILL = 0.9  # share of the arms that is drawn
CLEAR_FILL = 0.2  # share of the corners between them that may be drawn
# Bars: a narrow upright strip, every row of one colour, the colour going smoothly from one end to the other,
# and another colour beside it.
BAR_WIDTHS, BAR_HEIGHTS = (3, 0.05), (0.12, 0.9)  # least px and most share of width; shares of height
ROW_SPREAD, ROW_STEP, LEAST_RANGE = 5, 45, 120  # of 0..255
EDGE, EDGE_ROWS = 20, 0.6  # what a bar differs from its neighbour by, in this share of its rows
LEAST_LIGHT = 12  # of 0..255: black areas are flat too


class Marks(NamedTuple):
    """Boxes by kind."""

    callipers: list[Box]
    bars: list[Box]


def marks(image: Image.Image) -> Marks:
    """Callipers' crosses, and colour or grey bars."""
    pixels = np.asarray(image.convert("RGB"))
    return Marks(calliper_boxes(pixels), bar_boxes(pixels))


def calliper_boxes(pixels: NDArray[np.uint8]) -> list[Box]:
    """Upright crosses of a pure bright colour or full white (rows × columns × RGB, 0..255)."""
    ink = _ink(pixels)
    count, _, found, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    boxes = [Box(*(int(value) for value in found[number, :4])) for number in range(1, count)]
    return [box for box in boxes if _is_cross(ink, box)]


def _ink(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Drawn, not seen: full white, or bright and clearly coloured."""
    brightest, darkest = pixels.max(axis=2).astype(np.int16), pixels.min(axis=2).astype(np.int16)
    return (darkest >= WHITE) | ((brightest >= BRIGHT) & (brightest - darkest >= COLOURED))


def _is_cross(ink: NDArray[np.bool_], box: Box) -> bool:
    """Two thin arms that meet in the middle, and nothing between them."""
    least = max(2 * LEAST_ARM_PX + 1, 2 * ARM_SHARES[0] * ink.shape[0])
    most = max(least, 2 * ARM_SHARES[1] * ink.shape[0] + 2)
    if not (least <= box.width <= most and least <= box.height <= most):
        return False
    if abs(box.width - box.height) > 2:
        return False
    inside = ink[box.slices]
    row, column = box.height // 2, box.width // 2
    corners = [inside[:row - 1, :column - 1], inside[:row - 1, column + 2 :],
               inside[row + 2 :, :column - 1], inside[row + 2 :, column + 2 :]]  # fmt: skip
    clear = np.concatenate([part.ravel() for part in corners])
    drawn = inside[row].mean() >= CROSS_FILL and inside[:, column].mean() >= CROSS_FILL
    return bool(drawn and (not clear.size or clear.mean() <= CLEAR_FILL))


def bar_boxes(pixels: NDArray[np.uint8]) -> list[Box]:
    """Narrow upright strips with a smooth gradient (rows × columns × RGB, 0..255)."""
    height, width = pixels.shape[:2]
    values = pixels.astype(np.int16)
    flat = np.abs(np.diff(values, axis=1)).max(axis=2) <= ROW_SPREAD
    flat &= values.max(axis=2)[:, 1:] > LEAST_LIGHT
    tall = max(3, round(BAR_HEIGHTS[0] * height)) | 1  # odd, so that opening shifts nothing
    strips = cv2.morphologyEx(flat.astype(np.uint8), cv2.MORPH_OPEN, np.ones((tall, 1), np.uint8))
    count, _, found, _ = cv2.connectedComponentsWithStats(strips, connectivity=4)
    boxes = [Box(int(x), int(y), int(w) + 1, int(h)) for x, y, w, h, _ in found[1:count]]
    return [box for box in boxes if _has_shape(box, width, height) and _is_bar(values, box)]


def _has_shape(box: Box, width: int, height: int) -> bool:
    """Narrow and tall."""
    most = max(BAR_WIDTHS[0] + 3, BAR_WIDTHS[1] * width)
    return (
        BAR_WIDTHS[0] <= box.width <= most
        and 3 * box.width <= box.height <= BAR_HEIGHTS[1] * height
        and box.height >= BAR_HEIGHTS[0] * height
    )


def _is_bar(values: NDArray[np.int16], box: Box) -> bool:
    """Rows of one colour each, neighbours alike, the ends far apart, and an edge on both sides."""
    rows = values[box.slices]
    colours = rows.mean(axis=1)
    steps = np.abs(np.diff(colours, axis=0)).max(axis=1)
    straight = (np.ptp(rows, axis=1).max(axis=1) <= 2 * ROW_SPREAD).mean() >= 0.9
    smooth = (steps <= ROW_STEP).mean() >= 0.95 and _turns(colours) <= 0.25
    wide = np.ptp(colours, axis=0).max() >= LEAST_RANGE
    return bool(straight and smooth and wide and _has_edges(values, box, colours))


def _turns(colours: NDArray[np.float64]) -> float:
    """Share of the rows after which a channel that rose falls, or the other way: speckle always does."""
    signs = np.sign(np.diff(colours, axis=0))
    return float(((signs[1:] * signs[:-1]) < 0).any(axis=1).mean())


def _has_edges(values: NDArray[np.int16], box: Box, colours: NDArray[np.float64]) -> bool:
    """Whether what is beside it is of another colour; the picture's border is an edge."""
    for column in (box.x - 2, box.x + box.width + 1):
        if 0 <= column < values.shape[1]:
            beside = values[box.slices[0], column]
            if (np.abs(beside - colours).max(axis=1) > EDGE).mean() < EDGE_ROWS:
                return False
    return True
