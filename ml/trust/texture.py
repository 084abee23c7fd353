"""Numbers for the texture of a grey picture: how its brightness steps, spreads and repeats. No torch."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]

WINDOW = 7  # pixels: what is near
LIT = 16  # of 255; what is darker than this around it has no texture worth the name
LEAST_LIT = 0.05  # of all pixels; below, all of them are looked at
STEP = 1.5  # of 255; smaller differences are no step
PATTERNS = 10  # 0 to 8 neighbours in one run that are brighter, and everything else
LAGS = (1, 2, 3, 4)  # pixels
LEVELS = 8  # of the histogram
SPREADS = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
OUTER = (0.1, 0.5, 0.9)
COUNT = PATTERNS + len(SPREADS) + 10 + 2 * len(LAGS) + 2 + LEVELS + 1


def texture_numbers(small: Grey) -> list[float]:
    """COUNT numbers of a picture, H×W in 0..255."""
    mean = np.asarray(cv2.blur(small, (WINDOW, WINDOW)), np.float32)
    spread = np.sqrt(np.maximum(cv2.blur(small * small, (WINDOW, WINDOW)) - mean * mean, 0))
    lit = mean > LIT
    if lit.mean() < LEAST_LIT:
        lit = np.ones_like(lit)
    flattened = np.where(lit, (small - mean) / (spread + 3), 0)
    return [
        *_patterns(small, lit),
        *_spreads(mean[lit], spread[lit]),
        *_steps(small, lit),
        *_repeats(flattened),
        *_moments(flattened[lit]),
        *_histogram(small[lit]),
        float(lit.mean()),
    ]


def resized(grey: Grey | NDArray[np.uint8], side: int) -> Grey:
    """The picture with its longer side brought to `side` pixels."""
    factor = side / max(grey.shape)
    size = tuple(max(12, round(length * factor)) for length in grey.shape[::-1])
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, size, interpolation=how), np.float32)


def _patterns(grey: Grey, lit: Mask) -> list[float]:
    """Shares of local binary patterns, the uniform ones by how many neighbours are brighter (Ojala 2002)."""
    inner = grey[1:-1, 1:-1] + STEP
    rows, columns = grey.shape
    around = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))
    bits = np.stack([grey[y : y + rows - 2, x : x + columns - 2] > inner for y, x in around]).view(np.uint8)
    changes = (bits != np.roll(bits, 1, axis=0)).sum(axis=0)
    codes = np.where(changes <= 2, bits.sum(axis=0), PATTERNS - 1)[lit[1:-1, 1:-1]]
    return _logs(np.bincount(codes, minlength=PATTERNS) / max(1, len(codes)), 3e-3)


def _spreads(mean: Grey, spread: Grey) -> list[float]:
    """How much brightness varies nearby, beside how bright it is there: 7 + 3 + 1 + 3 numbers."""
    relative = _ranks(spread / (mean + 8), OUTER)
    related = 0.0
    if mean.std() > 1e-3 and spread.std() > 1e-3:
        away, apart = mean - mean.mean(), spread - spread.mean()
        related = float(away @ apart / np.sqrt((away @ away) * (apart @ apart)))
    return [
        *_logs(_ranks(spread, SPREADS), 0.7),
        *_logs(relative, 0.01),
        related,
        *(_ranks(mean, OUTER) / 255).tolist(),
    ]


def _ranks(values: Grey, shares: tuple[float, ...]) -> Grey:
    """The quantiles, as the values below them: sorting takes a fraction of the time of numpy's quantile."""
    return np.asarray(np.sort(values)[[int(share * (len(values) - 1)) for share in shares]])


def _steps(grey: Grey, lit: Mask) -> list[float]:
    """Sideways over downwards, and how uneven the steps of each direction are."""
    across = np.abs(np.diff(grey, axis=1)[lit[:, 1:]])
    down = np.abs(np.diff(grey, axis=0)[lit[1:]])
    if not len(across) or not len(down):
        return [0.0, 0.0, 0.0]
    uneven = [((each**2).mean() + 0.3) / (each.mean() ** 2 + 0.3) for each in (across, down)]
    return [float(np.log((across.mean() + 0.2) / (down.mean() + 0.2))), *_logs(np.array(uneven), 0)]


def _repeats(flattened: Grey) -> list[float]:
    """How alike the picture is to itself some pixels further on, across and down: the size of speckle."""
    whole = (flattened * flattened).mean() + 1e-3
    pairs = [
        pair
        for lag in LAGS
        for pair in (
            (flattened[:, lag:], flattened[:, :-lag]),
            (flattened[lag:], flattened[:-lag]),
        )
    ]
    return [float((one * other).mean() / whole) for one, other in pairs]


def _moments(flattened: Grey) -> list[float]:
    squares = flattened * flattened
    return [float((squares * flattened).mean()), float((squares * squares).mean())]


def _histogram(grey: Grey) -> list[float]:
    counts = np.histogram(grey, bins=LEVELS, range=(0, 256))[0]
    return _logs(counts / max(1, grey.size), 1e-2)


def _logs(values: NDArray[np.floating], least: float) -> list[float]:
    return np.log(np.asarray(values, np.float64) + least).tolist()
