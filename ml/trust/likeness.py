"""Is an image like those the model learned from? Told from what the answer needs anyway. No torch.

Two vectors are looked at: the features that the network gives, averaged over the image (the input of a
ResNet's head), and plain measures of the pixels that the network sees (`appearance`). Features alone know
what matters to the classes and little else: noise may look like speckle to them. Images of the fitting source
form a Gaussian of each: main directions with a variance each, one variance for all the others (probabilistic
PCA, Tipping and Bishop 1999). The distance is the Mahalanobis distance under it, so that both what is extreme
along known directions and what points elsewhere (the residual norm) make an image unlike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.trust.record import Gaussian, Likeness

QUANTILES = (0.1, 0.5, 0.9)
LOOKED_AT = 64

Vectors = NDArray[np.floating[Any]]


def unlikeness(features: Vectors, appearances: Vectors, likeness: Likeness) -> list[float]:
    """Of pooled features N×C and appearances N×A: above 1 an image is unlike those the model learned from."""
    ratios = np.maximum(
        distances(flattened(features), likeness.features) / likeness.features.threshold,
        distances(appearances, likeness.appearance) / likeness.appearance.threshold,
    )
    return [float(value) for value in ratios]


def distances(vectors: Vectors, gaussian: Gaussian) -> NDArray[np.float64]:
    """N×C to N, each per root of dimension: about 1 for images of the source."""
    centred = np.asarray(vectors, dtype=np.float64) - gaussian.mean
    along = centred @ gaussian.components.T
    rest = np.maximum((centred**2).sum(axis=1) - (along**2).sum(axis=1), 0.0)
    squared = (along**2 / gaussian.variances).sum(axis=1) + rest / gaussian.residual_variance
    return np.asarray(np.sqrt(squared / len(gaussian.mean)), dtype=np.float64)


def flattened(vectors: Vectors) -> NDArray[np.float64]:
    """Signed square roots: pooled activations have long tails, which would pass for unlikeness."""
    values = np.asarray(vectors, dtype=np.float64)
    return np.asarray(np.sign(values) * np.sqrt(np.abs(values)), dtype=np.float64)


def appearance(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """N×S×S×3 images as the network sees them, to N×A: brightness, contrast, edges, grain and colour.

    In 0..1; edges and grain as square roots, whose tails are shorter. Looked at are some LOOKED_AT rows and
    columns and their neighbours: all of them would cost more than the rest of an answer's bookkeeping.
    """
    colours = _shifted(pixels, 0, 0)
    grey, up, down, left, right = (
        _shifted(pixels, *by).mean(axis=3) for by in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))
    )
    chroma = colours.max(axis=3) - colours.min(axis=3)
    parts = [
        colours.mean(axis=(1, 2), dtype=np.float64),
        colours.std(axis=(1, 2), dtype=np.float64),
        _quantiles(grey),
        np.sqrt(_quantiles(np.abs(right - grey))),
        np.sqrt(_quantiles(np.abs(down - grey))),
        np.sqrt(_quantiles(np.abs(4 * grey - up - down - left - right))),
        np.sqrt(chroma.mean(axis=(1, 2)))[:, None],
    ]
    return np.concatenate(parts, axis=1).astype(np.float64)


def _shifted(pixels: NDArray[np.uint8], down: int, right: int) -> NDArray[np.float32]:
    """The looked-at pixels, or those beside them, in 0..1: N×h×w×3."""
    height, width = pixels.shape[1:3]
    step = max(1, height // LOOKED_AT)
    looked_at = pixels[:, 1 + down : height - 1 + down : step, 1 + right : width - 1 + right : step]
    return np.asarray(looked_at, dtype=np.float32) / np.float32(255)


def _quantiles(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """N×h×w to N×3."""
    flat = values.reshape(len(values), -1)
    ranks = [int(share * (flat.shape[1] - 1)) for share in QUANTILES]
    return np.partition(flat, ranks, axis=1)[:, ranks]
