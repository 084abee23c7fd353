"""A run directory as `finetune` and `pretrain` leave it: run.json and the CSVs of predictions."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.data.samples import DataError
from ml.evaluate.predictions import Predictions, PredictionsError, read_predictions


class RunError(DataError):
    """The folder is no run, or an unfinished one; the message says what is missing."""


@dataclass(frozen=True)
class Run:
    """What a run was (info, as in run.json) and what it predicted."""

    folder: Path
    info: dict[str, Any]
    predictions: Predictions | None  # fine-tuning: out of fold, every image once
    tasks: dict[str, Predictions]  # pre-training: the validation part of each task

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def synthetic(self) -> bool:
        return bool(self.info.get("synthetic", False))


def read_run(folder: Path) -> Run:
    """The run in that folder, or a sentence why there is none."""
    if not folder.is_dir():
        raise RunError(f"The folder '{folder}' does not exist. Give the folder that a training run wrote.")
    info = _info(folder / "run.json")
    tasks = _tasks(folder / "tasks", info)
    has_folds = (folder / "oof.csv").is_file()
    if not tasks and not has_folds:
        raise RunError(
            f"'{folder}' holds neither oof.csv (fine-tuning) nor tasks/*.csv (pre-training): "
            "no fold has finished yet. Start the same command again to resume it."
        )
    if not has_folds:
        return Run(folder, info, None, tasks)
    unit = _unit(info.get("grouped_by"))
    return Run(folder, info, read_predictions(folder / "oof.csv", classes_of(info, folder), unit), tasks)


def read_leaks(folder: Path) -> str | None:
    """The sentence of leaks.json, which the training writes: what the folds share that they must not."""
    path = folder / "leaks.json"
    if not path.is_file():
        return None
    sentence = json.loads(path.read_text(encoding="utf-8")).get("sentence")
    return str(sentence) if sentence else None


def classes_of(info: dict[str, Any], folder: Path) -> tuple[str, ...]:
    """Class names in the order of the logits."""
    classes = info.get("classes")
    if not isinstance(classes, list) or len(classes) < 2 or not all(isinstance(c, str) for c in classes):
        raise RunError(f"'{folder / 'run.json'}' names no classes (a list of two or more names).")
    return tuple(classes)


def _info(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise RunError(f"'{path}' does not exist, so this folder is no training run.")
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RunError(f"'{path}' is no valid JSON ({error}).") from error
    if not isinstance(info, dict):
        raise RunError(f"'{path}' holds no JSON object.")
    return info


def _tasks(folder: Path, info: dict[str, Any]) -> dict[str, Predictions]:
    if not folder.is_dir():
        return {}
    named = info.get("task_classes", {})
    tasks = {}
    for path in sorted(folder.glob("*.csv")):
        classes = named.get(path.stem)
        if not classes:
            raise PredictionsError(f"run.json names no classes for the task '{path.stem}'.")
        unit = _unit(info.get("data", {}).get(path.stem, {}).get("grouped_by"))
        tasks[path.stem] = read_predictions(path, tuple(classes), unit)
    return tasks


def _unit(grouped_by: object) -> str:
    """What the column patient holds; folds by image (the paper's protocol) still name patients in it."""
    if grouped_by in (None, "patient"):
        return "patient"
    return "patient or near-duplicate cluster" if grouped_by == "image" else str(grouped_by)
