"""Fast answers beside exact ones: the margin of the cascade, and what the cascade is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.engines.agreement import map_correlations
from ml.engines.base import MARGIN_DIGITS
from ml.fast.record import Figures
from ml.gradcam import FloatMap
from ml.metrics import auc_per_class, softmax

ERROR_QUANTILE = 0.975

Logits = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """logits N×classes and maps N×classes×h×w on the feature grid."""

    logits: Logits
    maps: FloatMap


def fit_margin(exact: Logits, fast: Logits) -> float:
    """What all but a fortieth of the differences between two logits are off by at most, rounded up.

    A class can only flip where the two highest lie closer together than the error of their difference. Beyond
    the margin that needs a rare error in an unsure answer: the product of two small shares.
    """
    scale = 10**MARGIN_DIGITS
    return math.ceil(float(np.quantile(difference_errors(exact, fast), ERROR_QUANTILE)) * scale) / scale


def difference_errors(exact: Logits, fast: Logits) -> NDArray[np.float64]:
    """N: the largest error of a difference between two logits of an image."""
    error = fast - exact
    return error.max(axis=1) - error.min(axis=1)


def measure(exact: Answers, fast: Answers, labels: NDArray[np.int64]) -> tuple[float, Figures]:
    """The margin to use, and the figures that it reaches: each half of the images with the other half's
    margin, so that no image is judged by a margin that it helped to choose."""
    even = np.arange(len(labels)) % 2 == 0
    margins = [fit_margin(exact.logits[half], fast.logits[half]) for half in (even, ~even)]
    given, recomputed = cascade(exact, fast, np.where(even, margins[1], margins[0]))
    return max(margins), _figures(exact, given, labels, recomputed)


def cascade(
    exact: Answers, fast: Answers, margin: float | NDArray[np.float64]
) -> tuple[Answers, NDArray[np.bool_]]:
    """What the cascade answers, and which images it computes twice."""
    again = _close(fast.logits, margin)
    return Answers(
        logits=np.where(again[:, None], exact.logits, fast.logits),
        maps=np.where(again[:, None, None, None], exact.maps, fast.maps),
    ), again


def _close(logits: Logits, margin: float | NDArray[np.float64]) -> NDArray[np.bool_]:
    top = np.sort(logits, axis=1)
    return np.round(top[:, -1] - top[:, -2], MARGIN_DIGITS) <= margin


def compare(exact: Answers, given: Answers) -> dict[str, float]:
    """Class agreement and correlation of the maps, by the names of the figures."""
    correlations = map_correlations(exact.maps, given.maps)
    median, p5 = (
        (np.median(correlations), np.percentile(correlations, 5)) if len(correlations) else (1.0, 1.0)
    )
    return {
        "class_agreement": _rounded((exact.logits.argmax(1) == given.logits.argmax(1)).mean()),
        "map_correlation_median": _rounded(median),
        "map_correlation_p5": _rounded(p5),
    }


def _figures(
    exact: Answers, given: Answers, labels: NDArray[np.int64], recomputed: NDArray[np.bool_]
) -> Figures:
    return Figures(
        images=len(labels),
        auc_loss=_rounded(max(0.0, _auc(exact.logits, labels) - _auc(given.logits, labels))),
        recomputed_share=_rounded(recomputed.mean()),
        **compare(exact, given),
    )


def _auc(logits: Logits, labels: NDArray[np.int64]) -> float:
    """Mean over the classes that are there, and not alone; chance where there is none."""
    found = [value for value in auc_per_class(labels, softmax(logits)) if value is not None]
    return float(np.mean(found)) if found else 0.5


def _rounded(value: float | np.floating) -> float:
    return round(float(value), 5)
