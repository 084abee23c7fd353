"""Does an image look like ultrasound at all? Told from the texture and colours of its lit middle. No torch.

Ultrasound is speckle: brightness that wavers everywhere on a scale of its own, grey or nearly so.
Photographs, drawings, screens, CT and MR slices are smoother, sharper, flatter or more colourful. The numbers
of the classifier (a logistic regression) lie in ultrasound_model.json,
written by `python -m ml ultrasound fit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.trust.logistic import LogisticModel, model_read
from ml.trust.texture import COUNT, texture_numbers

MODEL_FILE = Path(__file__).with_name("ultrasound_model.json")
KINDS = ("ultrasound", "other")
FURTHEST = 4.0  # scales from the mean
DOUBTED_FROM = 0.8  # of the probability that it is something else
SIDES = (160, 80)  # pixels: texture is looked at in two sizes
LOOKED_AT_PX = 1024  # the longer side of what is measured
CELLS = 64  # along each side, to find what is lit
DARK = 14  # of 255
LEAST_LIT = 0.08  # of a row or column of cells
MARGIN = 0.15  # cut off on each side: scales and letters lie there
LEAST_SIDE = 48  # pixels; what is smaller is not cut
COLOURED = 36  # of 255 between the strongest and the weakest channel

Pixels = NDArray[np.float32]
Floats = NDArray[np.float64]
FEATURES = (
    *(f"log colour of the {rank}th percentile" for rank in (10, 30, 50, 70, 90)),
    "coloured pixels",
    "log share of flat pixels",
    "white pixels",
    "black pixels",
    *(f"texture {number} at {side} px" for side in SIDES for number in range(COUNT)),
)


@dataclass(frozen=True)
class UltrasoundReading:
    """How probable it is (0..1) that the image is something else than ultrasound."""

    other: float

    @property
    def is_doubted(self) -> bool:
        """Whether the image should be called no ultrasound image."""
        return self.other >= DOUBTED_FROM


def ultrasound_reading(image: Image.Image) -> UltrasoundReading:
    """What the decoded image looks like."""
    chances = stored_model().probabilities(ultrasound_features(image)[None])[0]
    return UltrasoundReading(float(chances[KINDS.index("other")]))


@cache
def stored_model() -> LogisticModel:
    """The classifier beside this file."""
    return model_read(MODEL_FILE, furthest=FURTHEST)


def ultrasound_features(image: Image.Image) -> Floats:
    """What is measured of an image; FEATURES names the numbers."""
    pixels = _lit_middle(_bounded(image))
    grey = _grey(pixels)
    numbers = [*_colour_numbers(pixels), *_plain_numbers(grey)]
    for side in SIDES:
        numbers += texture_numbers(grey, side)
    return np.nan_to_num(np.array(numbers, np.float64))


def _grey(pixels: Pixels) -> Pixels:
    """The mean of the channels; as a product, which takes a fraction of the time of a mean over three."""
    return np.asarray(pixels @ np.full(3, 1 / 3, np.float32))


def _bounded(image: Image.Image) -> Pixels:
    rgb = image.convert("RGB")
    if max(rgb.size) > LOOKED_AT_PX:
        rgb.thumbnail((LOOKED_AT_PX, LOOKED_AT_PX), Image.Resampling.BOX)
    return np.asarray(rgb, np.float32)


def _lit_middle(pixels: Pixels) -> Pixels:
    """Without the dark surroundings, and without the outer part of the rest."""
    lit = cv2.resize(_grey(pixels), (CELLS, CELLS), interpolation=cv2.INTER_AREA) > DARK
    spans = [_span(np.nonzero(lit.mean(axis=1 - axis) > LEAST_LIT)[0], pixels.shape[axis]) for axis in (0, 1)]
    pixels = pixels[tuple(slice(first, last) for first, last in spans)]
    height, width = pixels.shape[:2]
    if min(height, width) < LEAST_SIDE:
        return pixels
    down, across = int(height * MARGIN), int(width * MARGIN)
    return pixels[down : height - down, across : width - across]


def _span(cells: NDArray[np.int64], length: int) -> tuple[int, int]:
    """From the first lit cell to the last, in pixels; everything where hardly one is."""
    if len(cells) <= CELLS // 8:
        return 0, length
    first, last = int(cells[0] * length / CELLS), int((cells[-1] + 1) * length / CELLS)
    return (first, last) if last - first >= 8 else (0, length)


def _colour_numbers(pixels: Pixels) -> list[float]:
    step = max(1, max(pixels.shape) // 200)  # every n-th pixel: colours must not mix
    some = pixels[::step, ::step]
    red, green, blue = some[..., 0], some[..., 1], some[..., 2]
    chroma = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    lit = _grey(some) > 26
    chroma = chroma[lit] if lit.sum() > 20 else chroma.ravel()
    ranks = np.quantile(chroma, (0.1, 0.3, 0.5, 0.7, 0.9))
    return [*np.log(ranks + 2).tolist(), float((chroma > COLOURED).mean())]


def _plain_numbers(grey: Pixels) -> list[float]:
    """Flat, white and black pixels: many in drawings and screens, few in speckle."""
    across, down = np.abs(np.diff(grey[:-1], axis=1)), np.abs(np.diff(grey[:, :-1], axis=0))
    lit = grey[:-1, :-1] > 16
    flat = ((across < 0.5) & (down < 0.5) & lit).sum() / max(1, lit.sum())
    return [float(np.log(flat + 3e-3)), float((grey > 243).mean()), float((grey < 16).mean())]
