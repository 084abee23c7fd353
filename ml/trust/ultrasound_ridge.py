"""The classifier of ultrasound and other pictures: one weight for each number. No torch.

Standardised features are weighed by a ridge regression. The weights follow from sums over images, so a group
of images can be left out without looking at the others again. Nothing is drawn by chance: with random
mixtures of the features beside them, what is said of a source that was left out hung on their seed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.trust.logistic import standardised

Floats = NDArray[np.float64]
FIRST_SHARE = 0.3  # of the features that are measured of the picture itself: how freely they are weighed
OTHERS_SHARE = 0.15  # of the network's, which are many
DIGITS = 6
NUMBERS = ("mean", "scale", "weights")


@dataclass(frozen=True)
class RidgeModel:
    """mean, scale F; weights F + 1. What lies over `furthest` scales away counts as that far; the `first`
    features count as FIRST_SHARE, the others as OTHERS_SHARE."""

    mean: Floats
    scale: Floats
    weights: Floats
    furthest: float
    first: int

    def readings(self, features: Floats) -> Floats:
        """N×F to N: 0 where an image looks like ultrasound, 1 where it looks like something else."""
        standard = standardised(features, self.mean, self.scale, self.furthest)
        return np.asarray(np.clip(shared_out(standard, self.first) @ self.weights, 0, 1))


def shared_out(standard: Floats, first: int) -> Floats:
    """N×F standardised features to N×(F + 1): each by its share, and a constant."""
    parts = (standard[:, :first] * FIRST_SHARE, standard[:, first:] * OTHERS_SHARE)
    return np.concatenate((*parts, np.ones((len(standard), 1))), axis=1)


def ridge_read(path: Path, *, furthest: float, first: int) -> RidgeModel:
    """The numbers of a file that `ridge_as_json` wrote."""
    values = json.loads(path.read_text(encoding="utf-8"))
    mean, scale, weights = (np.asarray(values[name], np.float64) for name in NUMBERS)
    return RidgeModel(mean, scale, weights, furthest, first)


def ridge_as_json(model: RidgeModel, facts: dict[str, Any], *, features: Sequence[str]) -> str:
    """The file's text: where the numbers come from, what they belong to, the numbers."""
    numbers = {name: np.round(getattr(model, name), DIGITS).tolist() for name in NUMBERS}
    return json.dumps({**facts, "features": features, **numbers}, indent=1) + "\n"
