"""Fits what tells ultrasound from other pictures, and measures it: every source and kind left out once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from ml.trust.logistic import LogisticModel, standardised
from ml.trust.slot_data import PHANTOMS
from ml.trust.slot_fit import Rate
from ml.trust.ultrasound import DOUBTED_FROM, FURTHEST, KINDS
from ml.trust.ultrasound_data import OTHER, ULTRASOUND, Looked

LEAST_SCALE = 1e-3
STRENGTH = 0.3  # inverse of the penalty on the coefficients


def fit_ultrasound(looked: Looked) -> LogisticModel:
    """Both labels weigh the same; within each, a source weighs as the root of the number of its images."""
    mean, scale = looked.features.mean(axis=0), np.maximum(looked.features.std(axis=0), LEAST_SCALE)
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    standard = standardised(looked.features, mean, scale, FURTHEST)
    model.fit(standard, looked.labels, sample_weight=_weights(looked))
    half, shift = model.coef_[0] / 2, model.intercept_[0] / 2
    return LogisticModel(mean, scale, np.stack([-half, half]), np.array([-shift, shift]), FURTHEST)


def _weights(looked: Looked) -> NDArray[np.float64]:
    weights = np.zeros(len(looked.labels))
    for label in range(len(KINDS)):
        of_label = looked.labels == label
        for source in set(looked.sources[of_label].tolist()):
            rows = of_label & (looked.sources == source)
            weights[rows] = rows.sum() ** -0.5
        weights[of_label] /= weights[of_label].sum()
    return weights * len(weights) / len(KINDS)


def left_out(looked: Looked) -> Iterator[tuple[str, int, Rate]]:
    """Each real source and each kind of other pictures, its label, and how many of its images are doubted by
    a classifier that was fitted on everything else."""
    for source in sorted(set(looked.sources.tolist())):
        if source.startswith(PHANTOMS):
            continue
        own = looked.sources == source
        images = looked.take(own & looked.as_came)
        yield source, int(images.labels[0]), doubted(fit_ultrasound(looked.take(~own)), images)


def doubted(model: LogisticModel, images: Looked) -> Rate:
    """How many would be called no ultrasound image."""
    chances = model.probabilities(images.features)[:, OTHER]
    return Rate(int((chances >= DOUBTED_FROM).sum()), len(chances))


def rates_table(found: list[tuple[str, int, Rate]]) -> str:
    """Markdown: ultrasound by source, other pictures by kind, and the sums."""
    lines = ["| pictures | called no ultrasound |", "|---|---|"]
    for label, title in ((ULTRASOUND, "all ultrasound"), (OTHER, "all others")):
        rates = [(source, rate) for source, of, rate in found if of == label]
        lines += [f"| {source} | {rate} |" for source, rate in rates]
        whole = Rate(sum(rate.found for _, rate in rates), sum(rate.of for _, rate in rates))
        lines.append(f"| **{title}** | {whole} |")
    return "\n".join(lines)
