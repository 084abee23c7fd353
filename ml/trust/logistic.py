"""A small classifier kept as numbers in a JSON file: multinomial logistic regression. No torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NUMBERS = ("mean", "scale", "coefficients", "intercepts")
DIGITS = 5


@dataclass(frozen=True)
class LogisticModel:
    """mean, scale F; coefficients K×F and intercepts K. What lies more than `furthest` scales away counts as
    that far: one strange number does not decide alone."""

    mean: Floats
    scale: Floats
    coefficients: Floats
    intercepts: Floats
    furthest: float = float("inf")

    def probabilities(self, features: Floats) -> Floats:
        """N×F to N×K."""
        standard = standardised(features, self.mean, self.scale, self.furthest)
        logits = standard @ self.coefficients.T + self.intercepts
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float64)


def standardised(features: Floats, mean: Floats, scale: Floats, furthest: float) -> Floats:
    """Distances from the mean in scales, as fitting and answering have them."""
    return np.asarray(np.clip((features - mean) / scale, -furthest, furthest))


def model_read(path: Path, *, furthest: float = float("inf")) -> LogisticModel:
    """The numbers of a file that `model_as_json` wrote."""
    values = json.loads(path.read_text(encoding="utf-8"))
    mean, scale, coefficients, intercepts = (np.asarray(values[name], np.float64) for name in NUMBERS)
    return LogisticModel(mean, scale, coefficients, intercepts, furthest)


def model_as_json(
    model: LogisticModel, facts: dict[str, Any], *, features: Sequence[str], classes: Sequence[str]
) -> str:
    """The file's text: where the numbers come from, what they belong to, the numbers."""
    numbers = {name: np.round(getattr(model, name), DIGITS).tolist() for name in NUMBERS}
    return json.dumps({**facts, "features": features, "classes": classes, **numbers}, indent=1) + "\n"
