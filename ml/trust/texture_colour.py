"""Numbers for the colours of a picture: how strong, of how many hues, and whether brightness explains them.

Ultrasound is grey, or grey in a scanner's colour map, whose hue follows from brightness; or it has a patch of
flow or stiffness in many hues. Photographs and drawings have colours of their own. No torch.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

COLOURS = 10
LIT, LEAST_LIT = 30, 20  # of 255; pixels
LEVELS = 16  # of brightness
RANKS = (0.1, 0.5, 0.9)

GREY_OF_RGB = (0.299, 0.587, 0.114)
# Grey, red over green, and blue over green.
PLANES = np.array([GREY_OF_RGB, [1, -1, 0], [0, -1, 1]], np.float32)

Levels = NDArray[np.uint8]
Floats = NDArray[np.float32]


def colour_numbers(pixels: Levels) -> list[float]:
    """COLOURS numbers of a picture, H×W×3 in 0..255; a hundred pixels or so along each side are enough."""
    planes = cv2.split(cv2.transform(pixels.astype(np.float32), PLANES))
    grey, across, down = (np.asarray(plane, np.float32).ravel() for plane in planes)
    lit = np.flatnonzero(grey > LIT)
    if len(lit) > LEAST_LIT:
        grey, across, down = grey[lit], across[lit], down[lit]
    return _numbers(grey, across, down)


def _numbers(grey: Floats, across: Floats, down: Floats) -> list[float]:
    """What brightness leaves unexplained, all of it, their ratio; how far one hue; saturation; hue."""
    level = grey.astype(np.intp) // (256 // LEVELS)
    counts = np.maximum(np.bincount(level, minlength=LEVELS), 1)
    rest = _unexplained(across, level, counts) + _unexplained(down, level, counts)
    strength = np.asarray(cv2.magnitude(across, down), np.float32).ravel()
    saturation = strength / (grey + 8)
    left, whole = float(rest.mean()), float(strength @ strength) / len(strength)
    mean = (float(across.mean()), float(down.mean()))
    return [
        float(np.log(left + 1)),
        *np.log(_ranked(rest, RANKS[-1:]) + 1).tolist(),
        float(np.log(whole + 1)),
        left / (whole + 4),
        float(np.hypot(*mean)) / (float(strength.mean()) + 1),
        *np.log(_ranked(saturation, RANKS) + 0.01).tolist(),
        mean[0] / 40,
        mean[1] / 40,
    ]


def _unexplained(values: Floats, level: NDArray[np.intp], counts: NDArray[np.intp]) -> Floats:
    """Squares of the distances from the mean of all pixels as bright."""
    means = (np.bincount(level, values, minlength=LEVELS) / counts).astype(np.float32)
    rest = values - means.take(level)
    return np.asarray(rest * rest, np.float32)


def _ranked(values: Floats, ranks: tuple[float, ...]) -> NDArray[np.float64]:
    places = [int(rank * (len(values) - 1)) for rank in ranks]
    return np.asarray(np.partition(values, places)[places], np.float64)
