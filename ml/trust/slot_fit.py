"""Fits the slot classifier, and measures it: swapped phantoms, and real images source by source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression

from ml.taxonomy import MODALITIES
from ml.trust.logistic import LogisticModel
from ml.trust.slot import SURE
from ml.trust.slot_data import PHANTOMS, Measured

LEAST_SCALE = 1e-3
STRENGTH = 10.0  # inverse of the penalty on the coefficients
REAL_WEIGHT = 1.0  # of all real images of one modality, beside all phantoms of it


def fit_slot(images: Measured) -> LogisticModel:
    """Every modality weighs the same; within it phantoms and each real source do, however many images."""
    mean, scale = images.features.mean(axis=0), np.maximum(images.features.std(axis=0), LEAST_SCALE)
    model = LogisticRegression(C=STRENGTH, max_iter=5000, tol=1e-8)
    model.fit((images.features - mean) / scale, images.labels, sample_weight=_weights(images))
    return LogisticModel(mean, scale, model.coef_, model.intercept_)


def _weights(images: Measured) -> NDArray[np.float64]:
    weights = np.zeros(len(images.labels))
    for label in range(len(MODALITIES)):
        of_label = images.labels == label
        real = sorted(set(images.sources[of_label]) - {PHANTOMS})
        for source in [PHANTOMS, *real]:
            rows = of_label & (images.sources == source)
            share = 1.0 if source == PHANTOMS else REAL_WEIGHT / len(real)
            weights[rows] = share / max(1, rows.sum())
    return weights / weights.sum() * len(weights)


@dataclass(frozen=True)
class Rate:
    """`found` of `of` images, with the exact 95 % interval."""

    found: int
    of: int

    def __str__(self) -> str:
        if not self.of:
            return "none"
        interval = binomtest(self.found, self.of).proportion_ci(0.95, method="exact")
        return (
            f"{self.found} of {self.of} ({self.found / self.of:.1%}, "
            f"95 % interval {interval.low:.1%} to {interval.high:.1%})"
        )


def flagged(chances: NDArray[np.float64], slots: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which images are said to be in the wrong slot, as `SlotReading.is_wrong_in` has it."""
    best = chances.argmax(axis=1)
    return (best != slots) & (chances.max(axis=1) >= SURE)


def wrong_slots(chances: NDArray[np.float64], labels: NDArray[np.int64]) -> dict[tuple[int, int], Rate]:
    """Flags by true modality and slot; on the diagonal they are false alarms."""
    pairs = [(label, slot) for label in range(len(MODALITIES)) for slot in range(len(MODALITIES))]
    rates = {}
    for label, slot in pairs:
        own = chances[labels == label]
        rates[label, slot] = Rate(int(flagged(own, np.full(len(own), slot)).sum()), len(own))
    return rates


def left_out_sources(
    phantoms: Measured, real: Measured
) -> Iterator[tuple[str, Measured, NDArray[np.float64]]]:
    """Each real source with what a classifier says of it that was fitted on everything else."""
    for source in sorted(set(real.sources.tolist())):
        own = real.sources == source
        model = fit_slot(phantoms.and_also(real.take(~own)))
        images = real.take(own)
        yield source, images, model.probabilities(images.features)


def pooled_rates(
    parts: Sequence[tuple[NDArray[np.float64], NDArray[np.int64]]],
) -> dict[tuple[int, int], Rate]:
    """`wrong_slots` over all parts."""
    chances, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    return wrong_slots(chances, labels)


def rates_table(rates: dict[tuple[int, int], Rate]) -> str:
    """A row a modality, a column a slot, in Markdown."""
    head = "| image | " + " | ".join(f"in the {slot} slot" for slot in MODALITIES) + " |"
    lines = [head, "|---" * (len(MODALITIES) + 1) + "|"]
    for label, modality in enumerate(MODALITIES):
        cells = " | ".join(str(rates[label, slot]) for slot in range(len(MODALITIES)))
        lines.append(f"| {modality} | {cells} |")
    return "\n".join(lines)
