"""How far two sets of features lead to the same answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml.gradcam import FloatMap, class_maps
from ml.model import SplitClassifier


@dataclass(frozen=True)
class Agreement:
    """Largest difference of a probability, lowest correlation of a map (1.0 where there is none)."""

    probability_difference: float
    least_correlation: float

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def agreement(model: SplitClassifier, expected: Tensor, features: Tensor) -> Agreement:
    """Of the answers that the model's tail gives to both."""
    with torch.inference_mode():
        wanted, given = (model.tail(part).double().softmax(1) for part in (expected, features))
    correlations = map_correlations(class_maps(model, expected), class_maps(model, features))
    return Agreement(
        probability_difference=float((wanted - given).abs().max()),
        least_correlation=float(correlations.min()) if len(correlations) else 1.0,
    )


def map_correlations(expected: FloatMap, given: FloatMap) -> NDArray[np.float64]:
    """Correlation of each map N×classes×h×w with its like; 0 where only one is empty, none where both are."""
    pairs = zip(_rows(expected), _rows(given), strict=True)
    return np.array([_correlation(a, b) for a, b in pairs if a.any() or b.any()])


def _rows(maps: FloatMap) -> NDArray[np.float64]:
    return maps.reshape(-1, maps.shape[-2] * maps.shape[-1]).astype(np.float64)


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    spread = a.std() * b.std()
    return (
        float(((a - a.mean()) * (b - b.mean())).mean() / spread)
        if spread > 0
        else float(np.array_equal(a, b))
    )
