"""The classifier of ultrasound and other pictures: one layer of chance, one of weights. No torch.

Standardised features, beside HIDDEN random mixtures of the first of them of which only what is above zero
counts, are weighed by a ridge regression (random features: Rahimi and Recht 2007). The mixtures are drawn
from a seed, by the generator that numpy promises never to change, so a small file is enough; the weights
follow from sums over images, so a group of images can be left out without looking at the others again.
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
PLAIN_SHARE = 0.3  # of the mixed features themselves beside the mixtures
UNMIXED_SHARE = 0.15  # of the other features, which are many
DIGITS = 6
NUMBERS = ("mean", "scale", "weights")


@dataclass(frozen=True)
class RidgeModel:
    """mean, scale F; weights HIDDEN + F + 1. What lies over `furthest` scales away counts as that far; the
    first `mixed` features are mixed."""

    mean: Floats
    scale: Floats
    weights: Floats
    furthest: float
    mixed: int

    def readings(self, features: Floats) -> Floats:
        """N×F to N: 0 where an image looks like ultrasound, 1 where it looks like something else."""
        standard = standardised(features, self.mean, self.scale, self.furthest)
        return np.asarray(np.clip(spread_out(standard, self.mixed) @ self.weights, 0, 1))


@cache
def mixtures(count: int, seed: int = 0) -> tuple[Floats, Floats]:
    """`count`×HIDDEN weights and HIDDEN shifts, always the same."""
    chance = np.random.RandomState(seed)
    return chance.normal(size=(count, HIDDEN)) / np.sqrt(count), chance.uniform(-1, 1, HIDDEN)


def spread_out(standard: Floats, mixed: int) -> Floats:
    """N×F standardised features to N×(HIDDEN + F + 1): mixtures of the first `mixed` above zero, the
    features, a constant."""
    first, others = standard[:, :mixed], standard[:, mixed:]
    directions, shifts = mixtures(mixed)
    above = np.maximum(first @ directions + shifts, 0)
    parts = (above, first * PLAIN_SHARE, others * UNMIXED_SHARE, np.ones((len(standard), 1)))
    return np.concatenate(parts, axis=1)


def ridge_read(path: Path, *, furthest: float, mixed: int) -> RidgeModel:
    """The numbers of a file that `ridge_as_json` wrote."""
    values = json.loads(path.read_text(encoding="utf-8"))
    mean, scale, weights = (np.asarray(values[name], np.float64) for name in NUMBERS)
    return RidgeModel(mean, scale, weights, furthest, mixed)


def ridge_as_json(model: RidgeModel, facts: dict[str, Any], *, features: Sequence[str]) -> str:
    """The file's text: where the numbers come from, what they belong to, the numbers."""
    numbers = {name: np.round(getattr(model, name), DIGITS).tolist() for name in NUMBERS}
    return json.dumps({**facts, "features": features, **numbers}, indent=1) + "\n"
