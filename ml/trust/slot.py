"""Which modality does an image look like? Told from where its colours lie, in a few milliseconds. No torch.

Grey scale has hardly any colour besides a scale or a logo; colour Doppler has small spots of red and blue in
a grey image; elastography lays all colours over a whole box. The numbers of the classifier (a multinomial
logistic regression) lie in slot_model.json, written by `python -m ml slot fit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.taxonomy import MODALITIES, Modality
from ml.trust.logistic import LogisticModel, model_read

MODEL_FILE = Path(__file__).with_name("slot_model.json")
LOOKED_AT_PX = 256  # the longer side that an image is reduced to
GRID = 12  # blocks along each side
COLOURED = 0.14  # distance from grey, of 1
TINGED = 0.07
BRIGHT = 0.10  # what is darker has no colour worth the name
HUES = 8
SURE = 0.8  # an image is in the wrong slot when another modality is at least this probable

Floats = NDArray[np.float64]
Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class SlotReading:
    """The modality that an image looks like most, and how probable it is (0..1)."""

    modality: Modality
    probability: float

    def is_wrong_in(self, slot: Modality) -> bool:
        """Whether it should be asked if the image belongs into another slot."""
        return self.modality != slot and self.probability >= SURE


def slot_reading(image: Image.Image) -> SlotReading:
    """What the decoded image looks like."""
    chances = stored_model().probabilities(slot_features(image)[None])[0]
    best = int(chances.argmax())
    return SlotReading(MODALITIES[best], float(chances[best]))


@cache
def stored_model() -> LogisticModel:
    """The classifier beside this file."""
    return model_read(MODEL_FILE)


def slot_features(image: Image.Image) -> Floats:
    """What is measured of an image's colours; FEATURES names the numbers."""
    pixels = _small(image)
    grey = pixels.mean(axis=2)
    away = pixels - grey[..., None] * _tint(pixels, grey)
    distance = np.abs(away)
    chroma = np.maximum(np.maximum(distance[..., 0], distance[..., 1]), distance[..., 2])
    coloured = (chroma > COLOURED) & (grey > BRIGHT)
    blocks = _blocks(coloured)
    hues = _hue_shares(away, coloured)
    share = float(coloured.mean())
    ranks = [int(part * chroma.size) for part in (0.999, 0.99, 0.95)]
    top = np.partition(chroma, ranks, axis=None)[ranks]
    return np.array(
        [
            np.log(share + 1e-3),
            float((blocks > 0.05).mean()),
            float((blocks > 0.5).mean()),
            float((blocks > 0.9).mean()),
            _fill(coloured),
            float(blocks[2:-2, 2:-2].mean()),
            _edge_share(coloured),
            np.log(float((chroma > TINGED).mean()) + 1e-3),
            *top,
            *np.log(hues + 1e-3),
        ]
    )


FEATURES = (
    "log share of coloured pixels",
    "blocks with some colour",
    "blocks half coloured",
    "blocks all coloured",
    "coloured part of the coloured box",
    "colour in the middle",
    "coloured pixels that touch uncoloured ones",
    "log share of tinged pixels",
    "colour of the 99.9th percentile",
    "colour of the 99th percentile",
    "colour of the 95th percentile",
    *(f"log share of hue {number}" for number in range(HUES)),
)


def _small(image: Image.Image) -> Pixels:
    """RGB in 0..1, H×W×3, its longer side at most LOOKED_AT_PX: every n-th pixel, as colours must not mix."""
    step = -(-max(image.size) // LOOKED_AT_PX)
    pixels = np.asarray(image.convert("RGB"))[::step, ::step]
    return np.asarray(pixels, dtype=np.float32) / np.float32(255)


def _tint(pixels: Pixels, grey: Pixels) -> Pixels:
    """The colour that grey has in this image (sepia, blue …): the median of what has least."""
    shown = grey > BRIGHT
    if shown.sum() < 20:
        return np.ones(3, np.float32)
    red, green, blue = (pixels[..., channel][shown] for channel in range(3))
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    spread /= grey[shown]
    least = spread <= _middle(spread, 0.6)
    tint = np.array([_middle((channel / grey[shown])[least], 0.5) for channel in (red, green, blue)])
    return np.asarray(np.clip(tint, 0.75, 1.25), dtype=np.float32)


def _middle(values: Pixels, share: float) -> float:
    """The quantile, as the value below it: a few times faster than numpy's, which would interpolate."""
    rank = int(share * (len(values) - 1))
    return float(np.partition(values, rank)[rank])


def _blocks(coloured: NDArray[np.bool_]) -> Floats:
    """Share of coloured pixels in each of GRID × GRID blocks."""
    rows, columns = (np.linspace(0, side, GRID + 1).astype(int)[:-1] for side in coloured.shape)
    sums = np.add.reduceat(np.add.reduceat(coloured, rows, axis=0, dtype=np.int64), columns, axis=1)
    heights, widths = (
        np.maximum(np.diff(edges, append=side), 1)
        for edges, side in zip((rows, columns), coloured.shape, strict=True)
    )
    return np.asarray(sums / np.outer(heights, widths))


def _fill(coloured: NDArray[np.bool_]) -> float:
    """How much of the box around nine tenths of the coloured pixels is coloured."""
    rows, columns = np.nonzero(coloured)
    if len(rows) < 20:
        return 0.0
    (top, bottom), (left, right) = (np.quantile(axis, (0.05, 0.95)).astype(int) for axis in (rows, columns))
    return float(coloured[top : bottom + 1, left : right + 1].mean())


def _edge_share(coloured: NDArray[np.bool_]) -> float:
    """Of the coloured pixels, those beside an uncoloured one: many in spots, few in a filled box."""
    inner = coloured[1:-1, 1:-1]
    if not inner.any():
        return 1.0
    whole = coloured[:-2, 1:-1] & coloured[2:, 1:-1] & coloured[1:-1, :-2] & coloured[1:-1, 2:]
    return float(1.0 - (inner & whole).sum() / inner.sum())


def _hue_shares(away: Pixels, coloured: NDArray[np.bool_]) -> Floats:
    """Share of all pixels that are coloured in each of HUES parts of the colour circle, from red on."""
    red, green, blue = away[coloured].T if coloured.any() else np.zeros((3, 0))
    angle = np.arctan2(np.sqrt(3.0) * (green - blue), 2.0 * red - green - blue)
    part = np.floor((angle / (2 * np.pi) + 0.5 / HUES) % 1.0 * HUES).astype(int)
    return np.asarray(np.bincount(np.minimum(part, HUES - 1), minlength=HUES) / coloured.size)
