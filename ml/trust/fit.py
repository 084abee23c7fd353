"""Fits calibration and likeness, from answers to images that the model did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from ml.metrics import Labels, brier, expected_calibration_error, reliability, softmax
from ml.taxonomy import CLASS_NAMES
from ml.trust.likeness import distances, flattened
from ml.trust.record import MOST_COMPONENT_NUMBERS, MOST_SCORES, Calibration, Gaussian, Likeness

FITTED_WITHIN = (0.05, 20.0)  # temperatures; beyond them the answers are all right or all noise
MOST_COMPONENTS = 32
FALSE_ALARM_RATE = 0.01
LEAST_SCORES = 30  # a class; with fewer, no set at any level on offer leaves out anything
LEAST_VARIANCE = 1e-8
LEAST_HELD_OUT = 99  # for a threshold that one in a hundred passes

Logits = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Answers:
    """Raw logits N×K and the true classes N of images that the model did not learn from."""

    logits: Logits
    labels: Labels

    def take(self, rows: NDArray[np.int64]) -> Answers:
        return Answers(self.logits[rows], self.labels[rows])


def fit_temperature(answers: Answers) -> float:
    """The temperature with the lowest negative log-likelihood (Guo et al. 2017, §4.2)."""
    logits, rows = np.asarray(answers.logits, dtype=np.float64), np.arange(len(answers.labels))

    def loss(log_temperature: float) -> float:
        chances = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(chances[rows, answers.labels].mean())

    low, high = np.log(FITTED_WITHIN)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded").x))


def fit_calibration(
    for_temperature: Answers,
    for_scores: Answers,
    *,
    source: str,
    synthetic: bool,
    classes: Sequence[str] = CLASS_NAMES,
) -> Calibration:
    """Temperature from one part; scores and the figures before and after from the other.

    The sets keep their promise where the two parts share no image and the images for scores are drawn one by
    one. ValueError where a class has fewer than LEAST_SCORES of them.
    """
    counts = np.bincount(for_scores.labels, minlength=len(classes))
    if counts.min() < LEAST_SCORES:
        raise ValueError(f"a class has only {counts.min()} images to calibrate on, fewer than {LEAST_SCORES}")
    temperature = fit_temperature(for_temperature)
    raw, tempered = softmax(for_scores.logits), softmax(np.asarray(for_scores.logits) / temperature)
    labels = for_scores.labels
    return Calibration(
        temperature=temperature,
        scores={name: _scores(tempered[labels == k, k]) for k, name in enumerate(classes)},
        images=len(labels),
        source=source,
        synthetic=synthetic,
        before=_quality(labels, raw),
        after=_quality(labels, tempered),
        reliability={"before": reliability(labels, raw), "after": reliability(labels, tempered)},
    )


def _scores(chances: NDArray[np.float64]) -> NDArray[np.float32]:
    """1 - p(true class), rising; a random part of very many."""
    if len(chances) > MOST_SCORES:
        chances = np.random.default_rng(0).choice(chances, MOST_SCORES, replace=False)
    return np.sort(np.clip(1.0 - chances, 0.0, 1.0)).astype(np.float32)


def _quality(labels: Labels, probabilities: NDArray[np.float64]) -> dict[str, float]:
    return {
        "ece": expected_calibration_error(labels, probabilities),
        "brier": brier(labels, probabilities),
    }


@dataclass(frozen=True)
class Seen:
    """What is known of N images: pooled features N×C, appearances N×A (`ml.trust.likeness`)."""

    features: Logits
    appearances: Logits

    def take(self, rows: slice) -> Seen:
        return Seen(self.features[rows], self.appearances[rows])


def fit_likeness(
    fitted: Seen,
    held_out: Seen,
    *,
    source: str,
    synthetic: bool,
    false_alarm_rate: float = FALSE_ALARM_RATE,
) -> Likeness:
    """Both Gaussians from `fitted`; thresholds that together let pass that share of further images of the
    source, on average: first each alone at half of it, then both by the factor that `held_out` asks for."""
    parts = [
        (_gaussian(flattened(fitted.features)), flattened(held_out.features)),
        (_gaussian(_doubles(fitted.appearances)), _doubles(held_out.appearances)),
    ]
    found = [distances(vectors, gaussian) for gaussian, vectors in parts]
    alone = [_beyond(each, false_alarm_rate / 2) for each in found]
    factor = _beyond(np.maximum(found[0] / alone[0], found[1] / alone[1]), false_alarm_rate)
    features, appearance = (
        replace(gaussian, threshold=factor * threshold)
        for (gaussian, _), threshold in zip(parts, alone, strict=True)
    )
    return Likeness(
        features=features,
        appearance=appearance,
        false_alarm_rate=false_alarm_rate,
        images=len(fitted.features),
        held_out_images=len(held_out.features),
        source=source,
        synthetic=synthetic,
    )


def _doubles(values: Logits) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)


def _gaussian(vectors: NDArray[np.float64]) -> Gaussian:
    """Mean, main directions and variances of vectors N×C, before it has a threshold."""
    count, size = vectors.shape
    mean = vectors.mean(axis=0)
    _, spread, directions = np.linalg.svd(vectors - mean, full_matrices=False)
    kept = min(MOST_COMPONENTS, MOST_COMPONENT_NUMBERS // size, count // 4, size - 1)
    variances = spread**2 / max(1, count - 1)
    return Gaussian(
        mean=mean.astype(np.float32),
        components=directions[:kept].astype(np.float16).astype(np.float32),
        variances=np.maximum(variances[:kept], LEAST_VARIANCE).astype(np.float32),
        residual_variance=float(max(variances[kept:].sum() / (size - kept), LEAST_VARIANCE)),
        threshold=1.0,
    )


def _beyond(values: NDArray[np.float64], rate: float) -> float:
    """What at most that share of further values exceeds, on average; the largest where they are few."""
    rank = int(np.ceil((len(values) + 1) * (1.0 - rate)))
    if rank > len(values) and len(values) < LEAST_HELD_OUT:
        raise ValueError(f"{len(values)} held-out images are too few for a threshold")
    return max(float(np.sort(values)[min(rank, len(values)) - 1]), LEAST_VARIANCE)
