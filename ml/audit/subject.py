"""The network under audit, and the small measures that every part of the audit shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import softmax
from scipy.stats import rankdata
from torch import Tensor

from ml.audit.record import Figure
from ml.gradcam import FloatMap, class_maps
from ml.model import SplitClassifier
from ml.statistics import interval, patient_multiplicities
from ml.transforms import normalise

BATCH = 30
RESAMPLES = 1000

Pixels = NDArray[np.uint8]  # N×S×S×3
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Subject:
    """A classifier in evaluation mode with the normalisation of its images."""

    model: SplitClassifier
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    device: torch.device

    def logits(self, pixels: Pixels) -> Floats:
        """Logits N×K."""
        with torch.inference_mode():
            parts = [self.model.tail(self._features(part)).float().cpu().numpy() for part in _parts(pixels)]
        return np.concatenate(parts).astype(np.float64)

    def probabilities(self, pixels: Pixels) -> Floats:
        """Softmax of the logits N×K: what is audited are the weights, whatever was calibrated since."""
        return np.asarray(softmax(self.logits(pixels), axis=1))

    def maps(self, pixels: Pixels) -> FloatMap:
        """Every class's map N×K×h×w on the feature grid."""
        return self.answers(pixels)[1]

    def answers(self, pixels: Pixels) -> tuple[Floats, FloatMap]:
        """Softmax N×K and every class's map N×K×h×w, from one pass."""
        logits, maps = [], []
        for part in _parts(pixels):
            with torch.inference_mode():
                features = self._features(part)
                logits.append(self.model.tail(features).double().cpu().numpy())
            maps.append(class_maps(self.model, features))
        return np.asarray(softmax(np.concatenate(logits), axis=1)), np.nan_to_num(np.concatenate(maps))

    def _features(self, pixels: Pixels) -> Tensor:
        batch = torch.from_numpy(np.array(pixels)).to(self.device)
        return self.model.features(normalise(batch, self.mean, self.std))


def _parts(pixels: Pixels) -> list[Pixels]:
    return [pixels[start : start + BATCH] for start in range(0, len(pixels), BATCH)]


def rank_correlation(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Spearman's over the cells; NaN where `first` is flat, 0 where only `second` is."""
    a, b = (rankdata(values.ravel()) for values in (first, second))
    if a.std() == 0:
        return float("nan")
    return 0.0 if b.std() == 0 else float(np.corrcoef(a, b)[0, 1])


def cell_mask(cells: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """Cells h×w as pixels side×side."""
    height, width = cells.shape
    places = np.arange(side)
    return cells[np.ix_(places * height // side, places * width // side)]


def mean_colour(image: Pixels) -> NDArray[np.uint8]:
    """What hidden cells are painted with: the image's mean colour, 3 numbers."""
    return np.round(image.reshape(-1, 3).mean(axis=0)).astype(np.uint8)


def mean_figure(values: Floats, groups: list[str]) -> tuple[Figure | None, int]:
    """Mean with its bootstrap interval over patients (`groups`), and of how many values; NaN are left out."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return None, 0
    kept = values[known]
    weights = patient_multiplicities([groups[row] for row in known], RESAMPLES, seed=0)
    value, samples = float(kept.mean()), weights @ kept / weights.sum(axis=1)
    found = interval(value, samples)
    low, high = (value if end is None else end for end in (found.low, found.high))
    return Figure(value, min(low, value), max(high, value)), len(known)


def known_mean(values: Floats) -> Floats:
    """Mean of each row of N×K over what is no NaN; NaN where nothing is."""
    known = np.isfinite(values)
    sums, counts = np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
