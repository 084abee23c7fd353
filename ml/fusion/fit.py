"""Fits a fusion, and measures on cases it did not learn from whether it beats the best single modality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from ml.fusion.cases import Cases
from ml.fusion.conflict import fit_conflict
from ml.fusion.figures import Bounds, Gain
from ml.fusion.stack import SUBSETS, Floats, Fusion, Stacker, Subset, evidence, stacked
from ml.metrics import Labels, Probabilities, auc_ovr, class_scores
from ml.statistics import interval, patient_multiplicities, weighted_auc
from ml.taxonomy import CLASS_NAMES, Modality

LEAST_CASES = 20  # of each class; a stacker of three modalities has 30 numbers
STRENGTH = 1.0  # of scikit-learn's ridge penalty, its default: inputs are logarithms of some units
FOLDS = 5
RESAMPLES = 1000


def fit_fusion(cases: Cases, inputs: Mapping[Modality, str], seed: int) -> Fusion:
    """Stackers for every set of modalities with enough cases; ValueError where there is none."""
    stackers = {}
    for subset in SUBSETS:
        if set(subset) <= set(inputs):
            probabilities, rows = cases.of(subset)
            if _is_enough(cases.labels[rows]):
                stackers[subset] = fit_stacker(probabilities, cases.labels[rows])
    if not stackers:
        raise ValueError(
            f"no two modalities have {LEAST_CASES} cases of each class that have an image of both"
        )
    fusion = Fusion(dict(inputs), stackers, conflict_below=0.0)
    return replace(fusion, conflict_below=fit_conflict(cases, tuple(stackers), seed))


def fit_stacker(probabilities: Floats, labels: Labels) -> Stacker:
    """From modalities×N×K calibrated probabilities and the true classes N."""
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(evidence(probabilities), labels)
    return Stacker(np.asarray(model.coef_), np.asarray(model.intercept_), len(labels))


def cross_validated(cases: Cases, subset: Subset, seed: int) -> tuple[Probabilities, NDArray[np.int64]]:
    """Case answers by stackers that had not seen the case, and the rows of the cases."""
    probabilities, rows = cases.of(subset)
    labels = cases.labels[rows]
    found = np.empty((len(rows), len(CLASS_NAMES)))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for learned, asked in folds.split(labels, labels):
        stacker = fit_stacker(probabilities[:, learned], labels[learned])
        found[asked] = stacked(stacker, probabilities[:, asked])
    return found, rows


def gain(cases: Cases, subset: Subset, answers: Probabilities, rows: NDArray[np.int64], seed: int) -> Gain:
    """How much better the case `answers` of `rows` are than the best single modality's; bootstrap interval.

    The best modality is chosen on the same cases, which favours it."""
    labels, patients = cases.labels[rows], cases.patients[rows]
    alone = {modality: auc_ovr(labels, cases.answers[modality][rows]) or 0.0 for modality in subset}
    best = max(alone, key=alone.__getitem__)
    weights = patient_multiplicities(patients.tolist(), RESAMPLES, seed)
    together = auc_ovr(labels, answers) or 0.0
    differences = _aucs(labels, answers, weights) - _aucs(labels, cases.answers[best][rows], weights)
    found = interval(together - alone[best], differences)
    return Gain(
        modalities=subset,
        cases=len(rows),
        joined_auc=together,
        best=best,
        best_auc=alone[best],
        difference=Bounds(together - alone[best], found.low, found.high),
    )


def _aucs(labels: Labels, probabilities: Probabilities, weights: Floats) -> Floats:
    scores = class_scores(probabilities)
    return np.asarray(
        np.mean([weighted_auc(labels == k, scores[:, k], weights) for k in range(scores.shape[1])], axis=0)
    )


def _is_enough(labels: Labels) -> bool:
    return bool(np.bincount(labels, minlength=len(CLASS_NAMES)).min() >= LEAST_CASES)


def largest(fusion: Fusion) -> Subset:
    """The set with the most modalities: the figures of a card are its."""
    return max(fusion.stackers, key=lambda subset: (len(subset), -SUBSETS.index(subset)))
