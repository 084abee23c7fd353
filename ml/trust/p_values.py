"""Calibrated probabilities, and which classes can't be ruled out: conformal sets, one guarantee a class.

A class is compared with calibration images of that class alone (Mondrian: Vovk, Gammerman and Shafer 2005,
Algorithmic Learning in a Random World, §4.5), so that a rare class is covered as well as a frequent one.

The usual p-value (k + 1) / (n + 1) keeps its promise on average over calibration sets; one checkpoint has one
calibration set. Its own coverage is a beta variable (Vovk 2012, Conditional validity of inductive conformal
predictors, arXiv:1209.2673, proposition 2), so the p-value here is the upper confidence bound of the share
of images that score as high as this one: a set at level L then covers at least L of a class's images, with
probability CONFIDENCE over the calibration set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ml.taxonomy import CLASS_NAMES
from ml.trust.record import Calibration

CONFIDENCE = 0.99  # that the one calibration set at hand keeps the promise, for each class
LEVELS = (0.80, 0.99)  # that a site may choose from


def calibrated(logits: Sequence[float], calibration: Calibration | None) -> NDArray[np.float64]:
    """Probabilities of one image's logits; plain softmax without a calibration. The order never changes."""
    temperature = 1.0 if calibration is None else calibration.temperature
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    shares = np.exp(scaled - scaled.max())
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def p_values(probabilities: Mapping[str, float], calibration: Calibration) -> dict[str, float]:
    """Per class in 0..1: the lower, the less the image is like calibration images of that class.

    `probabilities` are the calibrated ones. A class whose p-value is above 1 - L belongs to the set at L.
    """
    return {
        name: upper_share(as_high(1.0 - probabilities[name], scores), len(scores))
        for name, scores in calibration.scores.items()
    }


def as_high(score: float, scores: NDArray[np.float32]) -> int:
    """How many of the rising `scores` are at least `score`."""
    return len(scores) - int(np.searchsorted(scores, np.float32(score), side="left"))


def upper_share(found: int, of: int, confidence: float = CONFIDENCE) -> float:
    """Upper confidence bound of a share (Clopper and Pearson 1934) of which `found` of `of` were found."""
    from scipy.special import betaincinv  # noqa: PLC0415  the web process forms sets and has no scipy

    return 1.0 if found >= of else float(betaincinv(found + 1, of - found, confidence))


def prediction_set(p_values: Mapping[str, float], level: float) -> tuple[str, ...]:
    """The classes that can't be ruled out at `level` (0.80 to 0.99), in the order of CLASS_NAMES.

    All of them: the model cannot say. None: the image is unlike the calibration images of every class.
    """
    if not LEVELS[0] <= level <= LEVELS[1]:
        raise ValueError(f"The level must lie within {LEVELS[0]} and {LEVELS[1]}, not {level}.")
    return tuple(name for name in CLASS_NAMES if p_values[name] > 1.0 - level)
