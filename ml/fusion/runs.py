"""Cases of finished fine-tunings: what each modality's out-of-fold models said of a patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ml.data.samples import DataError
from ml.evaluate.predictions import Predictions, read_predictions
from ml.fusion.cases import Cases
from ml.fusion.stack import SMALLEST
from ml.manifest import Manifest, read_manifest
from ml.metrics import Probabilities, softmax
from ml.taxonomy import CLASS_NAMES, Modality
from ml.train.run import read_info
from ml.trust.record import read_trust

PATIENT = "patient"


@dataclass(frozen=True)
class Part:
    """One modality: the exported checkpoint that will answer, and the run that it came from."""

    manifest: Manifest
    predictions: Predictions
    info: Mapping[str, Any]


def read_part(checkpoint: Path, run: Path) -> Part:
    """DataError where the checkpoint is not calibrated, or the run's answers can't be matched by patient."""
    manifest = read_manifest(checkpoint)
    info = read_info(run)
    if info is None or info.get("status") != "done":
        raise DataError(f"'{run}' is no finished fine-tuning: finish it first.")
    if info["fingerprint"] != manifest.dataset_fingerprint:
        raise DataError(f"'{checkpoint}' was not exported from '{run}': their images differ.")
    if info["leaking"] or info["labels_shuffled"]:
        raise DataError(f"The answers of '{run}' mean nothing: it leaks, or its labels were shuffled.")
    if info["grouped_by"] != PATIENT:
        raise DataError(f"'{run}' knows no patients, so its images can't be matched with other modalities'.")
    if read_trust(manifest).calibration is None:
        raise DataError(f"'{checkpoint}' is not calibrated: only calibrated answers are joined.")
    return Part(manifest, read_predictions(run / "oof.csv", CLASS_NAMES), info)


def cases_of(parts: Mapping[Modality, Part]) -> Cases:
    """One case a patient: of several images of a modality the mean of the logarithms; DataError where two
    modalities name different classes for one patient."""
    labels: dict[str, int] = {}
    found = {modality: _by_patient(part, labels) for modality, part in parts.items()}
    patients = sorted(labels)
    unknown = np.full(len(CLASS_NAMES), np.nan)
    return Cases(
        {
            modality: np.array([answers.get(patient, unknown) for patient in patients])
            for modality, answers in found.items()
        },
        np.array([labels[patient] for patient in patients], dtype=np.int64),
        np.array(patients),
    )


def fingerprint_of(parts: Mapping[Modality, Part]) -> str:
    """Names the images of all parts."""
    return " ".join(f"{modality}:{part.info['fingerprint']}" for modality, part in parts.items())


def _by_patient(part: Part, labels: dict[str, int]) -> dict[str, Probabilities]:
    calibration = read_trust(part.manifest).calibration
    temperature = calibration.temperature if calibration else 1.0
    said = part.predictions
    logs: dict[str, list[Probabilities]] = {}
    scaled = np.log(np.maximum(said.probabilities, SMALLEST)) / temperature
    for patient, label, row in zip(said.patients, said.labels.tolist(), scaled, strict=True):
        if labels.setdefault(patient, label) != label:
            raise DataError(f"The patient '{patient}' has two classes: one node a patient can be joined.")
        logs.setdefault(patient, []).append(row)
    return {patient: softmax(np.mean(rows, axis=0)[None])[0] for patient, rows in logs.items()}
