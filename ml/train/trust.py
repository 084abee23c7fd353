"""What a finished run knows about the trust in its models: calibration and likeness of an export."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ml.data.cache import CachedSet
from ml.data.samples import DataError
from ml.manifest import Manifest
from ml.metrics import Labels
from ml.model import SplitClassifier
from ml.predict import pooled
from ml.transforms import normalise
from ml.trust.fit import Answers, Seen, fit_calibration, fit_likeness
from ml.trust.likeness import appearance
from ml.trust.record import Calibration, Likeness

BATCH = 8
MOST_FITTED, MOST_HELD_OUT = 400, 1000  # images whose features are computed
NO_LIKENESS = "It can't tell whether an image is like those it was trained on: "


@dataclass(frozen=True)
class OutOfFold:
    """A run's out-of-fold answers: raw logits N×K, labels N, patients N (empty where unknown)."""

    logits: NDArray[np.float64]
    labels: Labels
    patients: Sequence[str]


def calibration_of(out_of_fold: OutOfFold, info: Mapping[str, Any]) -> tuple[Calibration | None, str]:
    """Calibration from the answers that no model gave to a patient it had seen, and a sentence about it.

    All images fit the temperature: one number, the same for everybody, which some hundred images hardly move
    (a test shows that the sets keep their promise). Scores come from one image a patient: several of one
    patient are not drawn one by one.
    """
    for flaw in ("leaking", "labels_shuffled"):
        if info[flaw]:
            return None, f"Not calibrated: out-of-fold answers of this run mean nothing ({flaw})."
    answers = Answers(out_of_fold.logits, out_of_fold.labels)
    rows = one_image_a_patient(out_of_fold.patients, out_of_fold.labels, info["seed"])
    source = (
        f"{len(rows)} out-of-fold images, one a {info['grouped_by']}, answered by the models of "
        f"{info['folds']} folds ({info['fingerprint']}); the temperature is that of all {len(answers.labels)}"
    )
    try:
        found = fit_calibration(
            answers,
            answers.take(rows),
            source=source,
            synthetic=bool(info["synthetic"]),
            classes=info["classes"],
        )
    except ValueError as error:
        return None, f"Not calibrated: {error}."
    return found, (
        f"Calibrated on {len(rows)} out-of-fold images, one a {info['grouped_by']}: on the answers of the "
        "folds' models to patients that they had not seen."
    )


def one_image_a_patient(patients: Sequence[str], labels: Labels, seed: int) -> NDArray[np.int64]:
    """Rows in rising order: of each patient and class one image at random; every image of nobody."""
    chosen: dict[tuple[str, int], int] = {}
    for row in np.random.default_rng(seed).permutation(len(labels)).tolist():
        key = (patients[row] or f"\0{row}", int(labels[row]))
        chosen.setdefault(key, row)
    return np.array(sorted(chosen.values()), dtype=np.int64)


def likeness_of(
    model: SplitClassifier, manifest: Manifest, cached: CachedSet, run: Path, fold: int
) -> tuple[Likeness | None, str]:
    """From the images that the fold was trained on, with a threshold from those that it was scored on."""
    parts = parts_of_fold(run, fold)
    ids = [sample.image_id for sample in cached.samples.samples]
    trained, scored = (
        np.flatnonzero([parts.get(name) == part for name in ids]) for part in ("training", "scored")
    )
    rng = np.random.default_rng(manifest.seed)
    trained = np.sort(rng.permutation(trained)[:MOST_FITTED])
    scored = np.sort(rng.permutation(scored)[:MOST_HELD_OUT])
    source = f"{len(trained)} images of the training part of fold {fold}, {len(scored)} of its scored part"
    try:
        found = fit_likeness(
            _seen(model, manifest, cached, trained),
            _seen(model, manifest, cached, scored),
            source=f"{source} ({cached.fingerprint})",
            synthetic=manifest.synthetic,
        )
    except ValueError as error:
        return None, f"{NO_LIKENESS}{error}."
    return found, f"What its training images look like was learned from {source}."


def parts_of_fold(run: Path, fold: int) -> dict[str, str]:
    """Image id → "training", "stopping" or "scored" in that fold."""
    path = run / "split.csv"
    if not path.is_file():
        raise DataError(f"'{path}' is missing: it says which images the fold was trained on.")
    with path.open(newline="", encoding="utf-8") as handle:
        return {row["image_id"]: row[f"fold_{fold}"] for row in csv.DictReader(handle)}


def _seen(model: SplitClassifier, manifest: Manifest, cached: CachedSet, rows: NDArray[np.int64]) -> Seen:
    """The rows as an answer would see them."""
    model.eval()
    features, appearances = [], []
    with torch.inference_mode():
        for start in range(0, len(rows), BATCH):
            pixels = np.array(cached.images[rows[start : start + BATCH]])
            batch = normalise(torch.from_numpy(pixels), manifest.mean, manifest.std)
            features.append(pooled(model, model.features(batch)))
            appearances.append(appearance(pixels))
    if not features or features[0].shape[1] != model.feature_dim:
        raise ValueError("the network's features can't be compared")
    return Seen(np.concatenate(features), np.concatenate(appearances))
