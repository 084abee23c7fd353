"""Does an image look like ultrasound at all? Told from its lit middle: texture, colours, and what the first
layers of a trained network see there. No torch.

Ultrasound is speckle: brightness that wavers everywhere on a scale of its own, grey or nearly so.
Photographs, drawings, screens, CT and MR slices are smoother, sharper, flatter or more colourful. The numbers
of the classifier (ultrasound_ridge.py) lie in ultrasound_model.json, written by
`python -m ml ultrasound fit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.trust.texture import COUNT, resized, texture_numbers
from ml.trust.texture_bands import DIRECTIONS, PER_BAND, band_numbers, direction_numbers
from ml.trust.texture_colour import COLOURS, colour_numbers
from ml.trust.ultrasound_network import INMOST_PX, LAYERS, network_numbers
from ml.trust.ultrasound_ridge import RidgeModel, ridge_read

MODEL_FILE = Path(__file__).with_name("ultrasound_model.json")
FURTHEST = 4.0  # scales from the mean
DOUBTED_FROM = 0.5  # of a reading; fitting shifts its own threshold to here
SIDES = (160, 80)  # pixels: texture is looked at in two sizes
LOOKED_AT_PX = 1024  # the longer side of what is measured
CELLS = 64  # along each side, to find what is lit
DARK = 14  # of 255
LEAST_LIT = 0.08  # of a row or column of cells
MARGIN = 0.15  # cut off on each side: scales and letters lie there
LEAST_SIDE = 48  # pixels; what is smaller is not cut
COLOURS_PX = 200  # about as many along the longer side are looked at
COLOUR_RANKS = (0.1, 0.3, 0.5, 0.7, 0.9)
COLOURED = (36, 80)  # of 255 between the strongest and the weakest channel
NATIVE_BANDS, SMALL_BANDS = 3, 4

Levels = NDArray[np.uint8]
Floats = NDArray[np.float64]
MEASURED = (
    *(f"log colour of the {round(100 * rank)}th percentile" for rank in COLOUR_RANKS),
    *(f"pixels coloured above {least}" for least in COLOURED),
    "log share of flat pixels",
    "white pixels",
    "black pixels",
    *(f"band {level} of the inmost, {number}" for level in range(NATIVE_BANDS) for number in range(PER_BAND)),
    *(f"band {level} of all, {number}" for level in range(SMALL_BANDS) for number in range(PER_BAND)),
    *(f"direction {number} at {SIDES[0]} px" for number in range(DIRECTIONS)),
    *(f"texture {number} at {side} px" for side in SIDES for number in range(COUNT)),
    *(f"colour {number}" for number in range(COLOURS)),
)
SEEN = tuple(
    f"{layer} channel {channel} of the {view}"
    for view in ("middle", "inmost")
    for layer, channels in LAYERS.items()
    for channel in range(channels)
)
FEATURES = (*MEASURED, *SEEN)


@dataclass(frozen=True)
class UltrasoundReading:
    """How much the image looks like something else than ultrasound, 0..1; no probability."""

    other: float

    @property
    def is_doubted(self) -> bool:
        """Whether the image should be called no ultrasound image."""
        return self.other >= DOUBTED_FROM


def ultrasound_reading(image: Image.Image) -> UltrasoundReading:
    """What the decoded image looks like."""
    return UltrasoundReading(float(stored_model().readings(ultrasound_features(image)[None])[0]))


@cache
def stored_model() -> RidgeModel:
    """The classifier beside this file."""
    return ridge_read(MODEL_FILE, furthest=FURTHEST, first=len(MEASURED))


def ultrasound_features(image: Image.Image) -> Floats:
    """What is measured of an image; FEATURES names the numbers."""
    pixels, grey = _lit_middle(_bounded(image))
    inmost = _inmost(grey)
    few = _few(pixels)
    numbers = [*_colour_numbers(few), *_plain_numbers(grey)]
    numbers += band_numbers(np.asarray(inmost, np.float32), NATIVE_BANDS)
    small = resized(grey, SIDES[0])
    numbers += [*band_numbers(small, SMALL_BANDS), *direction_numbers(small)]
    for side in SIDES:
        numbers += texture_numbers(resized(small, side))
    numbers += colour_numbers(few)
    numbers += network_numbers(pixels, inmost)
    return np.nan_to_num(np.array(numbers, np.float64))


def _bounded(image: Image.Image) -> Levels:
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    if max(rgb.size) > LOOKED_AT_PX:
        rgb = rgb.copy()
        rgb.thumbnail((LOOKED_AT_PX, LOOKED_AT_PX), Image.Resampling.BOX)
    return np.asarray(rgb)


def _lit_middle(pixels: Levels) -> tuple[Levels, Levels]:
    """Colours and grey without the dark surroundings, and without the outer part of the rest."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    lit = cv2.resize(grey, (CELLS, CELLS), interpolation=cv2.INTER_AREA) > DARK
    spans = [_span(np.nonzero(lit.mean(axis=1 - axis) > LEAST_LIT)[0], grey.shape[axis]) for axis in (0, 1)]
    if min(last - first for first, last in spans) >= LEAST_SIDE:
        spans = [_without_margin(first, last) for first, last in spans]
    rows, columns = (slice(first, last) for first, last in spans)
    return pixels[rows, columns], grey[rows, columns]


def _span(cells: NDArray[np.int64], length: int) -> tuple[int, int]:
    """From the first lit cell to the last, in pixels; everything where hardly one is."""
    if len(cells) <= CELLS // 8:
        return 0, length
    first, last = int(cells[0] * length / CELLS), int((cells[-1] + 1) * length / CELLS)
    return (first, last) if last - first >= 8 else (0, length)


def _without_margin(first: int, last: int) -> tuple[int, int]:
    margin = int((last - first) * MARGIN)
    return first + margin, last - margin


def _inmost(grey: Levels) -> Levels:
    """The middle of the middle, pixel by pixel: what a resized copy no longer shows."""
    rows, columns = (slice(max(0, (side - INMOST_PX) // 2), (side + INMOST_PX) // 2) for side in grey.shape)
    return grey[rows, columns]


def _few(pixels: Levels) -> Levels:
    """Every n-th pixel: colours must not mix."""
    step = max(1, max(pixels.shape) // COLOURS_PX)
    return np.ascontiguousarray(pixels[::step, ::step])


def _colour_numbers(few: Levels) -> list[float]:
    red, green, blue = cv2.split(few)
    brightest = np.maximum(np.maximum(red, green), blue)
    chroma = brightest - np.minimum(np.minimum(red, green), blue)
    lit = brightest > 30
    counts = np.bincount(chroma[lit] if np.count_nonzero(lit) > 20 else chroma.ravel(), minlength=256)
    shares = np.cumsum(counts) / counts.sum()
    ranks = np.searchsorted(shares, COLOUR_RANKS)
    return [*np.log(ranks + 2.0).tolist(), *(float(1 - shares[least]) for least in COLOURED)]


def _plain_numbers(grey: Levels) -> list[float]:
    """Flat, white and black pixels: many in drawings and screens, few in speckle."""
    here = grey[:-1, :-1]
    lit = here > 16
    flat = np.count_nonzero((grey[:-1, 1:] == here) & (grey[1:, :-1] == here) & lit)
    share = float(flat) / max(1.0, float(np.count_nonzero(lit)))
    white, black = np.count_nonzero(grey > 243), np.count_nonzero(grey < 16)
    return [float(np.log(share + 3e-3)), white / grey.size, black / grey.size]
