"""What lies beside every run: run.json (config, environment, fingerprints) and the CSVs of predictions."""

from __future__ import annotations

import csv
import json
import platform
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from ml.atomic import clear_dead_parts, disk_full_message, write_atomically
from ml.data.cache import CachedSet
from ml.data.folds import Rows
from ml.data.samples import DataError
from ml.manifest import PREPROCESSING_VERSION
from ml.train.loop import Logits
from ml.train.progress import Progress

PACKAGES = ("torch", "torchvision", "timm", "accelerate", "numpy", "pillow", "scikit-learn", "safetensors")
SCORES = ("auc_ovr", "accuracy", "precision", "recall", "f1", "mcc")
# What must be equal for a folder to be continued; the rest (device, commit, times) may change.
IDENTITY = ("kind", "config", "protocol", "data", "preprocessing_version", "labels_shuffled")


class RunFolder:
    """One run on disk. Opening an existing folder means going on with it, and only with the same settings."""

    def __init__(self, folder: Path, info: Mapping[str, Any], *, is_main: bool = True) -> None:
        self.folder = folder
        self.is_main = is_main
        self.info = dict(info)
        if is_main and folder.is_dir():
            clear_dead_parts(folder)
        old = read_info(folder)
        if old is not None:
            _check_same_run(folder, old, json.loads(json.dumps(self.info)))
            self.info = old | {key: self.info[key] for key in ("device", "environment") if key in self.info}
        elif is_main and folder.is_dir() and any(folder.iterdir()):
            raise DataError(f"'{folder}' is not empty and holds no run. Choose a new folder with --out.")
        if self.info.get("status") != "done":
            self.update(status="running")

    def update(self, **changes: Any) -> None:
        """Change run.json, in one piece."""
        self.info |= changes
        self.write_text("run.json", json.dumps(self.info, indent=1, ensure_ascii=False) + "\n")

    def write_text(self, name: str, text: str) -> None:
        """A text file in the run's folder, in one piece; by the main process only."""
        if self.is_main:
            with disk_full_message(self.folder):
                write_atomically(self.folder / name, lambda part: part.write_text(text, encoding="utf-8"))

    def write_csv(self, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
        """A CSV in the run's folder, in one piece; by the main process only."""
        if self.is_main:
            with disk_full_message(self.folder):
                write_atomically(self.folder / name, lambda part: _write_csv(part, columns, rows))

    @contextmanager
    def timed(self) -> Any:
        """Add the seconds spent inside to wall_s, over all resumed parts."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.update(wall_s=round(self.info.get("wall_s", 0.0) + time.monotonic() - begun, 1))


def read_info(folder: Path) -> dict[str, Any] | None:
    """run.json of a folder, None where there is none."""
    path = folder / "run.json"
    if not path.is_file():
        return None
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise DataError(f"'{path}' is not valid JSON ({error}).") from error


def _check_same_run(folder: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    changed = [name for name in IDENTITY if old.get(name) != new.get(name)]
    if "config" in changed:
        changed.remove("config")
        changed += _changed_settings(old["config"], new["config"])
    if changed:
        raise DataError(
            f"'{folder}' holds a run with other settings (different: {', '.join(changed)}). "
            "Choose another folder with --out, or delete this one."
        )


def _changed_settings(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Names of changed settings; a setting that the old run did not have yet is no change."""
    return [f"config.{name}" for name in now if before.get(name, now[name]) != now[name]]


def environment() -> dict[str, str]:
    """Versions that a result may depend on."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def code_commit() -> str:
    """The commit of the code that trains, "-dirty" where it was changed, "unknown" outside git."""
    root = Path(__file__).resolve().parents[2]
    try:
        commit = _git(root, "rev-parse", "HEAD")
        return commit + ("-dirty" if _git(root, "status", "--porcelain", "--", "ml") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  fixed arguments
        ["git", "-C", str(root), *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def describe_data(cached: CachedSet, groups: str) -> dict[str, Any]:
    """A set in run.json: enough to recognise the same data, no path of this machine."""
    return {
        "images": len(cached),
        "classes": cached.samples.class_counts(),
        "fingerprint": cached.fingerprint,
        "grouped_by": groups,
        "notes": list(cached.samples.notes),
    }


def common_info() -> dict[str, Any]:
    """What every run.json says, whatever was trained."""
    return {
        "preprocessing_version": PREPROCESSING_VERSION,
        "commit": code_commit(),
        "environment": environment(),
        "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "research_use_only": True,
    }


def prediction_columns(classes: int) -> list[str]:
    """Columns of every CSV of predictions."""
    return ["image_id", "patient", "modality", "label", "fold", *(f"logit_{k}" for k in range(classes))]


def prediction_rows(
    cached: CachedSet, groups: Sequence[str], rows: Rows, logits: Logits, fold: int
) -> list[dict[str, Any]]:
    """One row an image; `patient` is the group that kept it on one side of the splits."""
    table = []
    for row, values in zip(rows, logits, strict=True):
        sample = cached.samples.samples[row]
        scores = {f"logit_{k}": f"{value:.7g}" for k, value in enumerate(np.asarray(values))}
        entry = {"image_id": sample.image_id, "patient": sample.patient or groups[row]}
        table.append({**entry, "modality": sample.modality, "label": sample.label, "fold": fold, **scores})
    return table


EPOCH_COLUMNS = (
    "fold", "epoch", "task", "training_loss", "validation_loss", "mean_validation_loss", "best", *SCORES,
)  # fmt: skip


def epoch_rows(progress: Progress, fold: int) -> list[dict[str, Any]]:
    """The history as rows of epochs.csv; epochs count from 1, `best` marks the kept one."""
    losses: dict[int, list[float]] = {}
    for row in progress.history:
        losses.setdefault(row.epoch, []).append(row.validation_loss)
    return [
        {
            "fold": fold,
            "epoch": row.epoch + 1,
            "task": row.task,
            "training_loss": f"{row.training_loss:.6f}",
            "validation_loss": f"{row.validation_loss:.6f}",
            "mean_validation_loss": f"{sum(losses[row.epoch]) / len(losses[row.epoch]):.6f}",
            "best": int(row.epoch == progress.best_epoch),
            **{name: _short(row.metrics[name]) for name in SCORES},
        }
        for row in progress.history
    ]


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, columns)
        writer.writeheader()
        writer.writerows(rows)
