"""How sure a number is: patient bootstrap intervals and the paired comparison of two runs.

The unit that is drawn is the patient, with all their images: images of one patient are not independent, so an
interval over images would be too narrow. Metrics of all resamples are computed at once from multiplicities
(float64[B, N], how often image n is in resample b); they equal scikit-learn's with `sample_weight` (tested).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from ml.metrics import Labels, Probabilities, bin_index, class_scores, summary

RESAMPLES = 2000
LEVEL = 0.95
BLOCK = 4_000_000  # multiplicities held at once: 32 MB

Weights = NDArray[np.float64]
Samples = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Interval:
    """A value with its bootstrap interval; low and high are None where the value does not exist."""

    value: float | None
    low: float | None
    high: float | None
    resamples: int
    undefined: int  # resamples without every class, left out of the interval

    def contains(self, number: float) -> bool:
        return self.low is not None and self.high is not None and self.low <= number <= self.high

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "low": self.low, "high": self.high, "undefined": self.undefined}


@dataclass(frozen=True)
class Difference:
    """Second run minus first on the same patients, with the two-sided bootstrap p-value."""

    interval: Interval
    p_value: float | None

    def to_json(self) -> dict[str, Any]:
        return {**self.interval.to_json(), "p_value": self.p_value}


def patient_multiplicities(patients: Sequence[str], resamples: int, seed: int) -> Weights:
    """Draws patients with replacement: float64[B, N], the times each image is in each resample."""
    _, index = np.unique(np.asarray(patients), return_inverse=True)
    count = int(index.max()) + 1
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(count, np.full(count, 1.0 / count), size=resamples)
    return drawn.astype(np.float64)[:, index]


def weighted_auc(
    positive: NDArray[np.bool_], score: NDArray[np.float64], weights: Weights
) -> NDArray[np.float64]:
    """Area under the curve for every row of weights, ties counted half; NaN where one side is empty."""
    if positive.all() or not positive.any():
        return np.full(len(weights), np.nan)
    order = np.argsort(score, kind="stable")
    ordered = score[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sorted_weights, sorted_positive = weights[:, order], positive[order]
    ups = np.add.reduceat(sorted_weights * sorted_positive, starts, axis=1)
    downs = np.add.reduceat(sorted_weights * ~sorted_positive, starts, axis=1)
    below = np.cumsum(downs, axis=1) - downs / 2
    total = ups.sum(axis=1) * downs.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, (ups * below).sum(axis=1) / total, np.nan)


def resampled_metrics(labels: Labels, probabilities: Probabilities, weights: Weights) -> Samples:
    """Every headline metric, and AUC, precision, recall and F1 per class, for each row of weights."""
    classes = probabilities.shape[1]
    counts = _confusions(labels, probabilities, weights)
    samples = _from_confusions(counts)
    for k in range(classes):
        samples[f"auc:{k}"] = weighted_auc(labels == k, class_scores(probabilities)[:, k], weights)
    samples["auc_ovr"] = np.mean([samples[f"auc:{k}"] for k in range(classes)], axis=0)
    samples["auc_ovo"] = _auc_ovo(labels, probabilities, weights)
    samples |= _calibration(labels, probabilities, weights)
    return samples


def bootstrap(
    labels: Labels,
    probabilities: Probabilities,
    patients: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> dict[str, Interval]:
    """The metrics of `summary` and the per-class ones (`auc:0` …) with their patient bootstrap intervals."""
    values = point_values(labels, probabilities)
    samples = _sampled(
        lambda w: resampled_metrics(labels, probabilities, w), patients, resamples=resamples, seed=seed
    )
    return {name: interval(values[name], samples[name], level) for name in values}


def class_intervals(
    labels: Labels, probabilities: Probabilities, patients: Sequence[str], class_names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """AUC, precision and recall of each class by name with their intervals, as a manifest keeps them."""
    found = bootstrap(labels, probabilities, patients)
    return {
        name: {score: found[f"{score}:{k}"].to_json() for score in ("auc", "precision", "recall")}
        for k, name in enumerate(class_names)
    }


def compare(
    labels: Labels,
    first: Probabilities,
    second: Probabilities,
    patients: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> dict[str, Difference]:
    """Second minus first, both scored on the same images: each resample draws the same patients for both."""
    return compare_means(labels, [first], [second], patients, resamples=resamples, seed=seed, level=level)


def compare_means(
    labels: Labels,
    first: Sequence[Probabilities],
    second: Sequence[Probabilities],
    patients: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> dict[str, Difference]:
    """Mean metric of the second group of models minus that of the first (the paper averages four)."""

    def gap(weights: Weights) -> Samples:
        before = [resampled_metrics(labels, p, weights) for p in first]
        after = [resampled_metrics(labels, p, weights) for p in second]
        return {k: _group_mean(after, k) - _group_mean(before, k) for k in before[0]}

    ones = np.ones((1, len(labels)))
    values = {name: _known(sample[0]) for name, sample in gap(ones).items()}
    samples = _sampled(gap, patients, resamples=resamples, seed=seed)
    return {name: _difference(values[name], samples[name], level) for name in values}


def bootstrap_means(
    labels: Labels,
    group: Sequence[Probabilities],
    patients: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> dict[str, Interval]:
    """The mean of each metric over several models scored on the same images, with its interval."""

    def mean(weights: Weights) -> Samples:
        every = [resampled_metrics(labels, p, weights) for p in group]
        return {name: _group_mean(every, name) for name in every[0]}

    values = {name: _known(sample[0]) for name, sample in mean(np.ones((1, len(labels)))).items()}
    samples = _sampled(mean, patients, resamples=resamples, seed=seed)
    return {name: interval(values[name], samples[name], level) for name in values}


def mcnemar(labels: Labels, first: Probabilities, second: Probabilities) -> dict[str, float]:
    """Exact test of who is right where the two disagree; counts images: for one image a patient."""
    right_first = first.argmax(axis=1) == labels
    right_second = second.argmax(axis=1) == labels
    only_first = int((right_first & ~right_second).sum())
    only_second = int((~right_first & right_second).sum())
    disagreements = only_first + only_second
    p_value = float(binomtest(only_first, disagreements, 0.5).pvalue) if disagreements else 1.0
    return {"only_first_right": only_first, "only_second_right": only_second, "p_value": p_value}


def point_values(labels: Labels, probabilities: Probabilities) -> dict[str, float | None]:
    """The undisturbed values under the names the resamples use."""
    ones = np.ones((1, len(labels)))
    every = resampled_metrics(labels, probabilities, ones)
    return {name: _known(sample[0]) for name, sample in every.items()} | summary(labels, probabilities)


def interval(value: float | None, samples: NDArray[np.float64], level: float = LEVEL) -> Interval:
    """Percentile interval over the resamples in which the metric exists."""
    known = samples[np.isfinite(samples)]
    undefined = len(samples) - len(known)
    if value is None or len(known) == 0:
        return Interval(value=value, low=None, high=None, resamples=len(samples), undefined=undefined)
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(value), float(low), float(high), resamples=len(samples), undefined=undefined)


def _sampled(
    compute: Callable[[Weights], Samples], patients: Sequence[str], *, resamples: int, seed: int
) -> Samples:
    weights = patient_multiplicities(patients, resamples, seed)
    rows = max(1, BLOCK // max(1, weights.shape[1]))
    blocks = [compute(weights[start : start + rows]) for start in range(0, resamples, rows)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _confusions(labels: Labels, probabilities: Probabilities, weights: Weights) -> NDArray[np.float64]:
    classes = probabilities.shape[1]
    cell = labels * classes + probabilities.argmax(axis=1)
    return (weights @ np.eye(classes * classes)[cell]).reshape(-1, classes, classes)


def _from_confusions(counts: NDArray[np.float64]) -> Samples:
    hits = np.diagonal(counts, axis1=1, axis2=2)
    truth, guess, total = counts.sum(axis=2), counts.sum(axis=1), counts.sum(axis=(1, 2))
    per_class = {
        "precision": _ratio(hits, guess),
        "recall": _ratio(hits, truth),
        "f1": _ratio(2 * hits, truth + guess),
    }
    correct = hits.sum(axis=1)
    covariance = correct * total - (truth * guess).sum(axis=1)
    spread = (total**2 - (truth**2).sum(axis=1)) * (total**2 - (guess**2).sum(axis=1))
    samples = {"accuracy": correct / total, "mcc": _ratio(covariance, np.sqrt(spread))}
    for name, table in per_class.items():
        samples[name] = table.mean(axis=1)
        samples |= {f"{name}:{k}": table[:, k] for k in range(table.shape[1])}
    return samples


def _auc_ovo(labels: Labels, probabilities: Probabilities, weights: Weights) -> NDArray[np.float64]:
    scores = class_scores(probabilities)
    areas = []
    for pair in combinations(range(scores.shape[1]), 2):
        rows = np.isin(labels, pair)
        areas += [weighted_auc(labels[rows] == k, scores[rows, k], weights[:, rows]) for k in pair]
    return np.asarray(np.mean(areas, axis=0))


def _calibration(labels: Labels, probabilities: Probabilities, weights: Weights) -> Samples:
    confidence, predicted = probabilities.max(axis=1), probabilities.argmax(axis=1)
    gap = (predicted == labels).astype(np.float64) - confidence
    bins = bin_index(confidence)
    signed = weights @ (np.eye(bins.max() + 1)[bins] * gap[:, None])
    distance = ((probabilities - np.eye(probabilities.shape[1])[labels]) ** 2).sum(axis=1)
    total = weights.sum(axis=1)
    return {"ece": np.abs(signed).sum(axis=1) / total, "brier": weights @ distance / total}


def _difference(value: float | None, samples: NDArray[np.float64], level: float) -> Difference:
    known = samples[np.isfinite(samples)]
    if value is None or len(known) == 0:
        return Difference(interval(value, samples, level), None)
    tail = min((known <= 0).sum(), (known >= 0).sum())
    return Difference(interval(value, samples, level), min(1.0, 2 * float(tail + 1) / (len(known) + 1)))


def _group_mean(group: Sequence[Samples], name: str) -> NDArray[np.float64]:
    return np.asarray(np.mean([samples[name] for samples in group], axis=0))


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(top, bottom, out=np.zeros_like(top, dtype=np.float64), where=bottom > 0)


def _known(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
