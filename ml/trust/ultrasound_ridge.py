"""The classifier of ultrasound and other pictures: one layer of chance, one of weights. No torch.

Standardised features, beside HIDDEN random mixtures of them of which only what is above zero counts, are
weighed by a ridge regression (random features: Rahimi and Recht 2007). The mixtures are drawn from a seed, by
the generator that numpy promises never to change, so a small file is enough; the weights follow from sums
over images, so a group of images can be left out without looking at the others again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.trust.logistic import standardised

Floats = NDArray[np.float64]
HIDDEN = 256
PLAIN_SHARE = 0.3  # of the features themselves beside the mixtures
DIGITS = 6
NUMBERS = ("mean", "scale", "weights")


@dataclass(frozen=True)
class RidgeModel:
    """mean, scale F; weights HIDDEN + F + 1. What lies over `furthest` scales away counts as that far."""

    mean: Floats
    scale: Floats
    weights: Floats
    furthest: float

    def readings(self, features: Floats) -> Floats:
        """N×F to N: 0 where an image looks like ultrasound, 1 where it looks like something else."""
        standard = standardised(features, self.mean, self.scale, self.furthest)
        return np.asarray(np.clip(spread_out(standard) @ self.weights, 0, 1))


@cache
def mixtures(count: int, seed: int = 0) -> tuple[Floats, Floats]:
    """`count`×HIDDEN weights and HIDDEN shifts, always the same."""
    chance = np.random.RandomState(seed)
    return chance.normal(size=(count, HIDDEN)) / np.sqrt(count), chance.uniform(-1, 1, HIDDEN)


def spread_out(standard: Floats) -> Floats:
    """N×F standardised features to N×(HIDDEN + F + 1): mixtures above zero, the features, a constant."""
    directions, shifts = mixtures(standard.shape[1])
    mixed = np.maximum(standard @ directions + shifts, 0)
    return np.concatenate((mixed, standard * PLAIN_SHARE, np.ones((len(standard), 1))), axis=1)


def ridge_read(path: Path, *, furthest: float) -> RidgeModel:
    """The numbers of a file that `ridge_as_json` wrote."""
    values = json.loads(path.read_text(encoding="utf-8"))
    mean, scale, weights = (np.asarray(values[name], np.float64) for name in NUMBERS)
    return RidgeModel(mean, scale, weights, furthest)


def ridge_as_json(model: RidgeModel, facts: dict[str, Any], *, features: Sequence[str]) -> str:
    """The file's text: where the numbers come from, what they belong to, the numbers."""
    numbers = {name: np.round(getattr(model, name), DIGITS).tolist() for name in NUMBERS}
    return json.dumps({**facts, "features": features, **numbers}, indent=1) + "\n"
