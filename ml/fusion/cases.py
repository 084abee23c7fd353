"""What a fusion is fitted and measured on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.fusion.stack import Floats, Subset
from ml.metrics import Labels, Probabilities
from ml.taxonomy import Modality


@dataclass(frozen=True)
class Cases:
    """Cases that no model had seen: calibrated probabilities N×K by modality (NaN rows: no image of it),
    labels N and the patients N that are drawn for intervals."""

    answers: Mapping[Modality, Probabilities]
    labels: Labels
    patients: NDArray[np.str_]

    def of(self, subset: Subset) -> tuple[Floats, NDArray[np.int64]]:
        """Modalities×n×K answers of the cases that have all of `subset`, and their rows."""
        rows = np.flatnonzero(np.all([~np.isnan(self.answers[m]).any(axis=1) for m in subset], axis=0))
        return np.stack([self.answers[modality][rows] for modality in subset]), rows
