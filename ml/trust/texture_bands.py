"""Numbers for what a grey picture is made of at each size of detail, and which way its edges run. No torch.

Speckle has about as much detail everywhere in a neighbourhood, of no lasting direction, and its detail of
one size says little of the next. Edges of things do the opposite: they are sparse, straight, and at the same
place in all sizes (as in Portilla and Simoncelli 2000).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]

LIT = 16  # of 255, around a pixel; what is darker has no texture worth the name
LEAST_LIT = 0.05  # of all pixels; below, all of them are looked at
NEAR = 9  # pixels: a neighbourhood
LEAST_SIDE = 8  # pixels; a smaller size of the picture has no numbers
PER_BAND = 8
DIRECTIONS = 10
ALONG, ASLANT = 0.06, 0.6  # the lesser part of a step: of edges along rows or columns, and far from them
EDGE = 20  # of Sobel's sum; what is less is no edge


def band_numbers(grey: Grey, levels: int) -> list[float]:
    """PER_BAND numbers of each of `levels` sizes of detail, finest first; the picture is H×W in 0..255."""
    found: list[float] = []
    lit = cv2.blur(grey, (7, 7)) > LIT
    finer: Grey | None = None
    for _ in range(levels):
        if min(grey.shape) < LEAST_SIDE:
            found += [0.0] * PER_BAND
            continue
        smoother = cv2.pyrDown(grey)
        band = np.asarray(grey - cv2.pyrUp(smoother, dstsize=grey.shape[::-1]), np.float32)
        size = np.abs(band)
        found += [*_detail(band, lit), 0.0 if finer is None else _related(finer, size)]
        finer = np.asarray(cv2.pyrDown(size), np.float32)
        lit = cv2.resize(lit.view(np.uint8), smoother.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
        grey = np.asarray(smoother, np.float32)
    return found


def _detail(band: Grey, lit: Mask) -> list[float]:
    """How strong, how sparse, how sparse beside what is near, how uneven from place to place, how often
    absent, how much across rather than down, and how skewed."""
    if lit.mean() < LEAST_LIT:
        lit = np.ones_like(lit)
    squares = band * band
    near = np.maximum(cv2.blur(squares, (NEAR, NEAR)), 0)[lit]
    cubes, squares = (band * squares)[lit], squares[lit]
    strength = float(squares.mean())
    beside = squares / (near + 0.5)
    logs = np.log(near + 0.5)
    across, down = np.abs(np.diff(band, axis=1)).mean(), np.abs(np.diff(band, axis=0)).mean()
    return [
        float(np.log(strength + 0.2)),
        float(np.log((squares * squares).mean() / (strength * strength + 0.05) + 0.5)),
        float((beside * beside).mean()),
        float(logs.std()),
        float((logs < 0).mean()),
        float(np.log((across + 0.1) / (down + 0.1))),
        float(cubes.mean() / (strength**1.5 + 0.2)),
    ]


def _related(one: Grey, other: Grey) -> float:
    one, other = one - one.mean(), other - other.mean()
    whole = float((one * one).mean() * (other * other).mean())
    return float((one * other).mean() / np.sqrt(whole + 1e-9))


def direction_numbers(grey: Grey) -> list[float]:
    """DIRECTIONS numbers: how far edges near each other agree in direction, and which ones they have."""
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    aa, dd, ad = (cv2.blur(part, (7, 7)) for part in (across * across, down * down, across * down))
    whole = aa + dd
    agreed = np.sqrt((aa - dd) ** 2 + 4 * ad * ad) / (whole + EDGE)
    ranks = np.sort(agreed, axis=None)[[int(share * (agreed.size - 1)) for share in (0.1, 0.5, 0.9)]]
    strong = whole >= np.partition(whole, int(0.9 * (whole.size - 1)), axis=None)[int(0.9 * (whole.size - 1))]
    total = float(whole.mean()) + EDGE
    steps = np.hypot(across, down)
    edges = steps > EDGE
    lesser = np.minimum(np.abs(across), np.abs(down))[edges] / steps[edges]
    return [
        float((agreed * whole).mean() / total),
        *ranks.tolist(),
        float(agreed[strong].mean()),
        float((aa - dd).mean() / total),
        float(ad.mean() / total),
        float((lesser < ALONG).mean()) if len(lesser) else 0.0,
        float((lesser > ASLANT).mean()) if len(lesser) else 0.0,
        float(np.log(total)),
    ]
