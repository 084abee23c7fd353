"""When do modalities contradict each other? Fitted and measured on contradictions made of two cases.

A contradiction: images of one class and of another as if they were of one node, each of which speaks clearly
(CLEAR) for its own class. Beside them lie ordinary cases, as they came, clear or not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.fusion.cases import Cases
from ml.fusion.figures import ConflictFigures
from ml.fusion.stack import Floats, Subset, agreements
from ml.metrics import Labels

CLEAR = 0.7  # calibrated probability of the true class in each image
GRID = 1 / 3  # no threshold above it: there one of the images need not say anything


def fit_conflict(cases: Cases, subsets: Sequence[Subset], seed: int) -> float:
    """The agreement below which the lesser of precision and recall is highest, over all subsets.

    0, which flags nothing, where no contradiction can be made of the cases."""
    contradicting, ordinary = _agreements_of(cases, subsets, seed)
    if not len(contradicting):
        return 0.0
    steps = np.unique(np.concatenate([contradicting, [GRID]]).clip(max=GRID))
    recall = (contradicting[None] < steps[:, None]).mean(axis=1)
    flagged = recall + (ordinary[None] < steps[:, None]).mean(axis=1)
    precision = np.divide(recall, flagged, out=np.zeros_like(recall), where=flagged > 0)
    balance = np.minimum(recall, precision)
    return float(steps[balance.argmax()])


def measure_conflict(cases: Cases, subsets: Sequence[Subset], below: float, seed: int) -> ConflictFigures:
    """Of a threshold on cases that it was not fitted on."""
    contradicting, ordinary = _agreements_of(cases, subsets, seed)
    return ConflictFigures(
        contradictions=len(contradicting),
        ordinary=len(ordinary),
        recall=float((contradicting < below).mean()) if len(contradicting) else 0.0,
        flagged_ordinary=float((ordinary < below).mean()) if len(ordinary) else 0.0,
    )


def _agreements_of(cases: Cases, subsets: Sequence[Subset], seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    contradicting, ordinary = [], []
    for subset in subsets:
        probabilities, rows = cases.of(subset)
        labels = cases.labels[rows]
        ordinary.append(agreements(probabilities))
        contradicting.append(agreements(contradictions(probabilities, labels, rng)))
    return np.concatenate(contradicting), np.concatenate(ordinary)


def contradictions(probabilities: Floats, labels: Labels, rng: np.random.Generator) -> Floats:
    """Modalities×M×K: clear cases, one image of each exchanged for that of a clear case of another class."""
    own = np.take_along_axis(probabilities, labels[None, :, None], axis=2)[..., 0]
    clear = np.flatnonzero(own.min(axis=0) >= CLEAR)
    made = probabilities[:, clear].copy()
    kept = np.zeros(len(clear), dtype=bool)
    for place, row in enumerate(clear):
        others = clear[labels[clear] != labels[row]]
        if len(others):
            modality = rng.integers(len(probabilities))
            made[modality, place] = probabilities[modality, rng.choice(others)]
            kept[place] = True
    return np.asarray(made[:, kept])
