"""A second look for print, at its ink: a scanner draws its lines in one colour and one height.

The ink is taken from lines that the detector is sure of; a picture without two such lines has none, and then
nothing is found here. All pixels are rows × columns × RGB, 0..255. The numbers were chosen on phantoms and on
real tissue with print drawn onto it, both apart from those that the measures in docs/trust.md judge on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.overlays.boxes import Box, covered

LUMA = np.array((0.299, 0.587, 0.114), np.float32)
LETTERS = 0.62  # of the height of a detector's box: it leaves room above and below
# What is the ink of a picture; distances of colours are the largest of the three channels', of 0..255.
BRIGHTEST = 94  # percentile of a box's light from which its pixels are ink
ALIKE, LEAST_ALIKE = 12, 0.5  # from the middle colour, for this share of a box's ink
ONE_INK = 16  # between boxes that are written in the same
VERY, LEAST_VERY, LEAST_LINES = 2, 0.1, 2  # from one very colour, for this share of the ink of so many lines
LEAST_EXACT = 0.2  # of all lines' ink, of that colour: compression blurs it, and then nothing is told apart
# What is a line in that ink: tissue as bright has all the colours around it too.
CORE, AROUND, LEAST_CORE = 4, 12, 0.6  # from the ink; share of the pixels around it that are its core
HEIGHTS, LEAST_CONTRAST = (0.6, 1.35), 40  # of the letters' height; of 0..255 to what lies behind
MOST_DRAWN, MOST_BESIDE = 0.6, 0.12  # of a line's box, and of its rim, in ink
LEAST_PARTS, LEAST_PART = 2, 0.3  # pieces of letters in the core; the tallest one, of the letters' height
# Of the letters' height: the longest stroke, the widest gaps in a line.
STRAIGHT, GAP_ACROSS, GAP_DOWN = 1.6, 0.8, 0.35
ENDS, RIM = 0.3, 0.3  # of the letters' height
ALREADY = 0.8  # of a box's area under others


class Ink(NamedTuple):
    """A colour (RGB, 0..255), and the height of what is written in it, in px."""

    colour: NDArray[np.int16]
    letters: float


def lines_missed(pixels: NDArray[np.uint8], sure: Sequence[Box]) -> list[Box]:
    """Lines of print in the ink of the sure ones, apart from these."""
    taken, missed = covered(sure, pixels.shape[1], pixels.shape[0]), []
    for ink in inks(pixels, sure):
        for box in _lines(pixels, ink):
            if taken[box.slices].mean() < ALREADY:
                taken[box.slices] = True
                missed.append(box)
    return missed


def inks(pixels: NDArray[np.uint8], sure: Sequence[Box]) -> list[Ink]:
    """The very colours that at least LEAST_LINES of the lines are drawn in."""
    rest = [(middle, ink, box.height) for box in sure for middle, ink in _brightest(pixels, box)]
    known = []
    while rest:
        alike = [_apart(middle, rest[0][0]) <= ONE_INK for middle, _, _ in rest]
        same = [one for one, is_same in zip(rest, alike, strict=True) if is_same]
        rest = [one for one, is_same in zip(rest, alike, strict=True) if not is_same]
        colours, counts = np.unique(np.concatenate([ink for _, ink, _ in same]), axis=0, return_counts=True)
        colour = colours[counts.argmax()]
        exact = [_apart(ink, colour) <= VERY for _, ink, _ in same]
        in_it = sum(bool(one.mean() >= LEAST_VERY) for one in exact)
        if in_it >= LEAST_LINES and np.concatenate(exact).mean() >= LEAST_EXACT:
            known.append(Ink(colour, LETTERS * float(np.median([height for _, _, height in same]))))
    return known


def _brightest(
    pixels: NDArray[np.uint8], box: Box
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.int16]]]:
    """A box's brightest pixels and their middle colour; nothing where they are of many colours."""
    inside = pixels[box.slices].reshape(-1, 3)
    light = inside @ LUMA
    ink = inside[light >= np.percentile(light, BRIGHTEST)].astype(np.int16)
    middle = np.median(ink, axis=0)
    if (_apart(ink, middle) <= ALIKE).mean() >= LEAST_ALIKE:
        yield middle, ink


def _apart(colours: NDArray[Any], colour: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.abs(colours - colour).max(axis=-1))


def _lines(pixels: NDArray[np.uint8], ink: Ink) -> list[Box]:
    """Letters in the ink's very colour, joined to lines, with their blurred edges."""
    core, around = (_within(pixels, ink.colour, reach) for reach in (CORE, AROUND))
    stroke = max(5, round(STRAIGHT * ink.letters))
    for kernel in ((stroke, 1), (1, stroke)):
        strokes = cv2.morphologyEx(core, cv2.MORPH_OPEN, np.ones(kernel, np.uint8))
        core = np.where(strokes > 0, np.uint8(0), core)
    joined = _closed(core, max(3, int(GAP_DOWN * ink.letters) | 1), round(GAP_ACROSS * ink.letters) | 1)
    lines = [box for box in _components(joined) if _is_line(pixels, core, around, box, ink)]
    return [_whole(box, ink.letters).within(pixels.shape[1], pixels.shape[0]) for box in lines]


def _within(pixels: NDArray[np.uint8], colour: NDArray[np.int16], reach: int) -> NDArray[np.uint8]:
    """1 where every channel is within `reach` of the colour."""
    low, high = (tuple(float(value) for value in colour + by) for by in (-reach, reach))
    return np.asarray(cv2.inRange(pixels, low, high), np.uint8) // 255


def _closed(mask: NDArray[np.uint8], down: int, across: int) -> NDArray[np.uint8]:
    # With room around it: lines would be joined to the borders.
    room = cv2.copyMakeBorder(mask, down, down, across, across, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(room, cv2.MORPH_CLOSE, np.ones((down, across), np.uint8))
    return np.asarray(closed[down:-down, across:-across], np.uint8)


def _components(mask: NDArray[np.uint8]) -> list[Box]:
    count, _, found, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask), connectivity=8)
    return [Box(*(int(value) for value in one[:4])) for one in found[1:count]]


def _is_line(
    pixels: NDArray[np.uint8], core: NDArray[np.uint8], around: NDArray[np.uint8], box: Box, ink: Ink
) -> bool:
    """As tall as the ink's letters and made of several thin strokes, and clear of what it stands on."""
    if not HEIGHTS[0] <= box.height / ink.letters <= HEIGHTS[1] or core[box.slices].mean() > MOST_DRAWN:
        return False
    parts = _components(core[box.slices])
    if len(parts) < LEAST_PARTS or max(part.height for part in parts) < LEAST_PART * ink.letters:
        return False
    height, width = core.shape
    near, rim = (box.grown(by).within(width, height) for by in (1, max(2, round(RIM * ink.letters))))
    if core[near.slices].sum() < LEAST_CORE * around[near.slices].sum():
        return False
    beside = int(around[rim.slices].sum()) - int(around[box.slices].sum())
    if beside > MOST_BESIDE * (rim.area - box.area):
        return False
    ground = pixels[rim.slices][cv2.dilate(core[rim.slices], np.ones((3, 3), np.uint8)) == 0]
    return bool(len(ground)) and float(_apart(np.median(ground, axis=0), ink.colour)) >= LEAST_CONTRAST


def _whole(box: Box, letters: float) -> Box:
    """With what lies outside of the very colour: blurred edges, letters at the ends that have none of it."""
    end, above = round(ENDS * letters), 1 + max(0, round((letters - box.height) / 2))
    return Box(box.x - end, box.y - above, box.width + 2 * end, box.height + 2 * above)
