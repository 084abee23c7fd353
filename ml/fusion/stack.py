"""Joins the calibrated answers of two or three modalities to one, and says whether they contradict. No torch.

Stacking (Wolpert 1992, Neural Networks 5:241): a multinomial logistic regression over the logarithms of the
modalities' probabilities, one for each set of modalities that a case may have, so that none must be made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ml.taxonomy import CLASS_NAMES, MODALITIES, Modality

SMALLEST = 1e-6  # a probability of zero must not veto the others by an infinite logarithm

Answer = Mapping[str, float]  # class to probability in 0..1, adding up to 1
Floats = NDArray[np.float64]
Subset = tuple[Modality, ...]  # in the order of MODALITIES

SUBSETS: tuple[Subset, ...] = tuple(
    subset for size in range(2, len(MODALITIES) + 1) for subset in combinations(MODALITIES, size)
)


@dataclass(frozen=True)
class Stacker:
    """Of one set of modalities: `weight` K×(K·modalities) and `bias` K give the case's logits."""

    weight: Floats
    bias: Floats
    cases: int  # that it was fitted on


@dataclass(frozen=True)
class Fusion:
    """What joins the versions named by `inputs` (sha256 of their weights), and no others.

    Answers whose `agreement` lies below `conflict_below` contradict each other.
    """

    inputs: Mapping[Modality, str]
    stackers: Mapping[Subset, Stacker]
    conflict_below: float

    def joins(self, weights: Mapping[Modality, str]) -> bool:
        """Whether it was fitted for answers of these versions (sha256 by modality), together."""
        known = all(self.inputs.get(modality) == sha256 for modality, sha256 in weights.items())
        return known and subset_of(weights) in self.stackers


def subset_of(modalities: Mapping[Modality, object]) -> Subset:
    """In the one order that stackers are kept in."""
    return tuple(modality for modality in MODALITIES if modality in modalities)


def joined(fusion: Fusion, answers: Mapping[Modality, Answer]) -> dict[str, float]:
    """Probabilities of the case; KeyError for modalities that no stacker was fitted for."""
    subset = subset_of(answers)
    stacker = fusion.stackers[subset]
    rows = np.array([[[answers[modality][name] for name in CLASS_NAMES]] for modality in subset])
    shares = stacked(stacker, rows)[0]
    return dict(zip(CLASS_NAMES, shares.tolist(), strict=True))


def stacked(stacker: Stacker, probabilities: Floats) -> Floats:
    """Modalities×N×K probabilities to N×K of the cases."""
    logits = evidence(probabilities) @ stacker.weight.T + stacker.bias
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def evidence(probabilities: Floats) -> Floats:
    """Modalities×N×K probabilities to N×(modalities·K) logarithms, each modality's about its own mean."""
    logs = np.log(np.maximum(probabilities, SMALLEST))
    centred = logs - logs.mean(axis=2, keepdims=True)
    return np.asarray(np.concatenate(list(centred), axis=1))


def agreement(answers: Mapping[Modality, Answer]) -> float:
    """In 0..1, of the two modalities that agree least: the chance that draws from both name one class.

    One third where either knows nothing; near 0 only where both are sure, and of different classes.
    """
    rows = np.array([[[answer[name] for name in CLASS_NAMES]] for answer in answers.values()])
    return float(agreements(rows)[0])


def agreements(probabilities: Floats) -> Floats:
    """As `agreement`, of modalities×N×K probabilities: N."""
    pairs = combinations(probabilities, 2)
    return np.asarray(np.min([(one * other).sum(axis=1) for one, other in pairs], axis=0))
