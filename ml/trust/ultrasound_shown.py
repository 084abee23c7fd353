"""How scanners and exports change a picture: smoothing, haze, tint, interlacing, JPEG. No torch."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.trust.texture_colour import GREY_OF_RGB

HAZED_SHARE, HAZE = 0.6, 90.0  # of 255: how far black is lifted, at most
GAIN = (0.4, 1.0)
TINTED_SHARE, TINT = 0.6, (0.02, 0.3)  # of the brightest
COMBED_SHARE, COMB_PX = 0.15, (1, 4)
PACKED_SHARE, QUALITY = 0.4, (35, 95)  # of JPEG
SMOOTHINGS = 6  # the last leaves the picture as it is

Levels = NDArray[np.uint8]


def hazed(levels: Levels, rng: np.random.Generator) -> Levels:
    """H×W or H×W×3, smoothed or sharpened, then with less contrast above a black that is grey."""
    smooth = _smoothed(levels, rng).astype(np.float32)
    lift = rng.uniform(0, HAZE) if rng.random() < HAZED_SHARE else 0.0
    gain = rng.uniform(*GAIN) * (1 - lift / 255)
    return np.asarray(np.clip(lift + smooth * gain, 0, 255), np.uint8)


def exported(levels: Levels, rng: np.random.Generator) -> Levels:
    """Some interlaced, some in a colour map, some packed as JPEG."""
    if rng.random() < COMBED_SHARE:
        levels = levels.copy()
        levels[1::2] = np.roll(levels[1::2], int(rng.integers(*COMB_PX)), axis=1)
    if rng.random() < TINTED_SHARE:
        levels = _tinted(levels, rng)
    return _packed(levels, rng) if rng.random() < PACKED_SHARE else levels


def _smoothed(levels: Levels, rng: np.random.Generator) -> Levels:
    """As filters against speckle do, or a scanner's sharpening."""
    how = int(rng.integers(SMOOTHINGS))
    if how < 2:
        return np.asarray(cv2.medianBlur(levels, (3, 5)[how]), np.uint8)
    if how == 2:
        return np.asarray(cv2.GaussianBlur(levels, (0, 0), rng.uniform(0.5, 1.8)), np.uint8)
    if how == 3:
        return np.asarray(cv2.bilateralFilter(levels, 7, rng.uniform(15, 60), rng.uniform(1.5, 4)), np.uint8)
    if how == 4:
        blurred, strength = cv2.GaussianBlur(levels, (0, 0), rng.uniform(0.8, 2)), rng.uniform(0.3, 1.2)
        return np.asarray(cv2.addWeighted(levels, 1 + strength, blurred, -strength, 0), np.uint8)
    return levels


def _tinted(levels: Levels, rng: np.random.Generator) -> Levels:
    """In a scanner's colour map: one hue, weak, strongest at middle brightness."""
    rgb = np.repeat(levels[..., None], 3, axis=2) if levels.ndim == 2 else levels
    hue = rng.normal(size=3)
    hue -= hue @ np.array(GREY_OF_RGB)
    hue /= np.abs(hue).max() + 1e-6
    strength, bend = rng.uniform(*TINT), rng.uniform(0.6, 1.6)
    bright = np.arange(256) / 255
    maps = [255 * (bright + strength * part * bright**bend * (1.15 - bright)) for part in hue]
    tables = [np.clip(each, 0, 255).astype(np.uint8) for each in maps]
    return np.stack([table[rgb[..., place]] for place, table in enumerate(tables)], axis=2)


def _packed(levels: Levels, rng: np.random.Generator) -> Levels:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*QUALITY))]
    packed = cv2.imencode(".jpg", np.ascontiguousarray(levels), quality)[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_UNCHANGED), np.uint8)
