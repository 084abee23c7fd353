"""Calibration and likeness of a demo classifier, from phantoms that nothing else was done with."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from ml.demo.phantom_arrays import PhantomArrays
from ml.demo.training import MEAN, STD
from ml.model import SplitClassifier
from ml.predict import pooled
from ml.taxonomy import CLASS_NAMES
from ml.transforms import normalise
from ml.trust.fit import Answers, Seen, fit_calibration, fit_likeness
from ml.trust.likeness import appearance
from ml.trust.record import Calibration, Trust

BATCH = 30
FITTED_PART = 0.25  # temperature and shape of the features; the rest gives scores and threshold


def answers_and_vectors(
    model: SplitClassifier, pixels: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Raw logits N×classes and pooled features N×C of uint8 images N×S×S×3."""
    logits, vectors = [], []
    for start in range(0, len(pixels), BATCH):
        images = normalise(torch.from_numpy(pixels[start : start + BATCH]), MEAN, STD)
        with torch.inference_mode():
            features = model.features(images)
            logits.append(model.tail(features).numpy())
            vectors.append(pooled(model, features))
    return np.concatenate(logits), np.concatenate(vectors)


def fit_trust(
    model: SplitClassifier, arrays: PhantomArrays, fingerprint: str
) -> tuple[Trust, Answers, Calibration]:
    """From phantoms whose classes take turns; no phantom serves both of the parts. The raw answers to all of
    them and the calibration by itself come with it, for what joins several modalities."""
    logits, vectors = answers_and_vectors(model, arrays.pixels)
    answers, seen = Answers(logits, arrays.labels), Seen(vectors, appearance(arrays.pixels))
    first = round(len(vectors) / len(CLASS_NAMES) * FITTED_PART) * len(CLASS_NAMES)
    rows = np.arange(len(vectors))
    source = f"{len(vectors)} synthetic phantoms ({fingerprint}), none trained on and none measured on"
    calibration = fit_calibration(
        answers.take(rows[:first]), answers.take(rows[first:]), source=source, synthetic=True
    )
    likeness = fit_likeness(
        seen.take(slice(first)), seen.take(slice(first, None)), source=source, synthetic=True
    )
    return Trust(calibration, likeness), answers, calibration
