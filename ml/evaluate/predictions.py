"""Out-of-fold predictions as a run leaves them: one CSV row an image, checked before anything is computed."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.data.samples import DataError
from ml.metrics import Labels, Probabilities, softmax

IMAGE = "image"
COLUMNS = ("image_id", "patient", "modality", "label", "fold")


class PredictionsError(DataError):
    """The predictions cannot be scored; the message says which line and what to do."""


@dataclass(frozen=True)
class Predictions:
    """Arrays of equal length, in the file's order; `patients` is the unit that intervals draw."""

    image_ids: tuple[str, ...]
    patients: tuple[str, ...]
    modality: str
    labels: Labels
    folds: Labels
    probabilities: Probabilities
    class_names: tuple[str, ...]
    unit: (
        str  # what `patients` holds: "patient", "near-duplicate cluster", …, or "image" where nothing groups
    )

    def __len__(self) -> int:
        return len(self.image_ids)

    def fold(self, number: int) -> "Predictions":
        """The part that one fold scored."""
        return self.take(np.flatnonzero(self.folds == number))

    def take(self, rows: Labels) -> "Predictions":
        """The given rows, in the given order."""
        return Predictions(
            tuple(self.image_ids[i] for i in rows),
            tuple(self.patients[i] for i in rows),
            self.modality,
            self.labels[rows],
            self.folds[rows],
            self.probabilities[rows],
            self.class_names,
            self.unit,
        )

    def patients_in_two_folds(self) -> tuple[str, ...]:
        """Patients scored in more than one fold: each is a leak from training into scoring."""
        if self.unit == IMAGE:
            return ()
        seen: dict[str, set[int]] = {}
        for patient, fold in zip(self.patients, self.folds.tolist(), strict=True):
            seen.setdefault(patient, set()).add(fold)
        return tuple(sorted(patient for patient, folds in seen.items() if len(folds) > 1))


def read_predictions(path: Path, class_names: tuple[str, ...], unit: str = "patient") -> Predictions:
    """The CSV with columns image_id, patient, modality, label, fold, logit_0 … logit_{n-1}.

    `unit` says what the column patient holds; where a cell of it is empty, the image is the unit.
    """
    rows = _rows(path, len(class_names))
    ids = [row["image_id"] for row in rows]
    if len(set(ids)) != len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise PredictionsError(f"'{path}' scores the image '{twice}' twice. Each image may be scored once.")
    logits = np.array([_logits(row, n, path, len(class_names)) for n, row in enumerate(rows, start=2)])
    labels = [
        _label(row["label"], class_names, f"line {n} of '{path}'") for n, row in enumerate(rows, start=2)
    ]
    known = all(row["patient"] for row in rows)
    return Predictions(
        image_ids=tuple(ids),
        patients=tuple(row["patient"] if known else row["image_id"] for row in rows),
        modality=rows[0]["modality"],
        labels=np.array(labels, dtype=np.int64),
        folds=np.array([_fold(row["fold"], f"line {n} of '{path}'") for n, row in enumerate(rows, start=2)]),
        probabilities=softmax(logits),
        class_names=class_names,
        unit=unit if known else IMAGE,
    )


def _rows(path: Path, classes: int) -> list[dict[str, str]]:
    if not path.is_file():
        raise PredictionsError(f"'{path}' does not exist. Has the run finished a fold yet?")
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.DictReader(handle)
        needed = [*COLUMNS, *(f"logit_{k}" for k in range(classes))]
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise PredictionsError(f"'{path}' lacks the column(s) {', '.join(missing)}.")
        extra = f"logit_{classes}" in (reader.fieldnames or ())
        if extra:
            raise PredictionsError(f"'{path}' has more logit columns than the run has classes ({classes}).")
        rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
    if not rows:
        raise PredictionsError(f"'{path}' holds no predictions yet: only a header.")
    return rows


def _logits(row: dict[str, str], line: int, path: Path, classes: int) -> list[float]:
    try:
        values = [float(row[f"logit_{k}"]) for k in range(classes)]
    except ValueError as error:
        raise PredictionsError(f"Line {line} of '{path}' has a logit that is no number.") from error
    if not all(math.isfinite(value) for value in values):
        raise PredictionsError(
            f"Line {line} of '{path}' has a logit that is not finite: the training diverged."
        )
    return values


def _label(text: str, class_names: tuple[str, ...], where: str) -> int:
    if text in class_names:
        return class_names.index(text)
    if text.isdigit() and int(text) < len(class_names):
        return int(text)
    raise PredictionsError(
        f"The label '{text}' in {where} is none of 0..{len(class_names) - 1} or {class_names}."
    )


def _fold(text: str, where: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise PredictionsError(f"The fold '{text}' in {where} is no whole number.") from error
