"""Is an image like those the model learned from? Told from features that the answer needs anyway. No torch.

Features are averaged over the image (the input of a ResNet's head). Images of the fitting source form a
Gaussian: its main directions each with their variance, one variance for all the others (probabilistic PCA,
Tipping and Bishop 1999). The distance is the Mahalanobis distance under it: both what is extreme
along known directions and what points elsewhere (the residual norm) make an image unlike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.trust.record import Likeness


def distances(vectors: NDArray[np.floating[Any]], likeness: Likeness) -> NDArray[np.float64]:
    """Pooled features N×C to distances N, each per root of dimension: about 1 for images of the source."""
    centred = flattened(vectors) - likeness.mean
    along = centred @ likeness.components.T
    rest = np.maximum((centred**2).sum(axis=1) - (along**2).sum(axis=1), 0.0)
    squared = (along**2 / likeness.variances).sum(axis=1) + rest / likeness.residual_variance
    return np.asarray(np.sqrt(squared / likeness.mean.shape[0]), dtype=np.float64)


def unlikeness(vectors: NDArray[np.floating[Any]], likeness: Likeness) -> list[float]:
    """Distance over threshold of each image: above 1 it is unlike the images that the model learned from."""
    return [float(value) for value in distances(vectors, likeness) / likeness.threshold]


def flattened(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Signed square roots: pooled activations have long tails, which would pass for unlikeness."""
    values = np.asarray(vectors, dtype=np.float64)
    return np.asarray(np.sign(values) * np.sqrt(np.abs(values)), dtype=np.float64)
