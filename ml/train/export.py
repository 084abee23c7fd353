"""From a finished run to one checkpoint that the server imports as it is."""

from __future__ import annotations

import csv
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from ml.audit.store import with_audit
from ml.checkpoint import save_checkpoint
from ml.data.cache import CachedSet
from ml.data.samples import DataError
from ml.ensemble import EnsembleClassifier
from ml.golden_make import as_stored, with_golden
from ml.manifest import Manifest
from ml.metrics import auc_per_class, precision_recall_f1, softmax, summary
from ml.model import SplitClassifier, build_model
from ml.statistics import class_intervals
from ml.taxonomy import CLASS_NAMES, Modality
from ml.train.audit import audit_of_run
from ml.train.finetune import TASK
from ml.train.loop import Task, fit
from ml.train.machine import Machine
from ml.train.multitask import MultiTaskClassifier
from ml.train.recipe import Recipe
from ml.train.run import read_info
from ml.train.start import start_model
from ml.train.state import BEST
from ml.train.trust import NO_LIKENESS, OutOfFold, calibration_of, likeness_of
from ml.trust.record import Likeness, Trust, trust_as_extras

INTENDED_USE = (
    "Research on ultrasound images of cervical lymph nodes. Not a medical device, not for diagnosis."
)


class How(StrEnum):
    """What becomes of the folds."""

    BEST_FOLD = "best-fold"
    ENSEMBLE = "ensemble"
    REFIT = "refit"


@dataclass(frozen=True)
class Words:
    """What only a person can say about a model."""

    name: str
    licence: str
    limits: tuple[str, ...] = ()
    modality: str | None = None  # where the run does not name one of the three


def export(
    run: Path,
    how: How,
    out: Path,
    words: Words,
    *,
    model: SplitClassifier,
    dtype: str,
    cached: CachedSet | None = None,
) -> Manifest:
    """Write the checkpoint with a filled manifest; gives the manifest as stored.

    `cached` are the run's images: with them the maps are audited, and the best fold learns what its training
    images look like.
    """
    info = finished_run(run)
    manifest = _with_trust(_manifest(run, info, how, words), run, info, how, model=model, cached=cached)
    if tuple(manifest.class_names) != CLASS_NAMES:
        manifest = replace(
            manifest, limits=[*manifest.limits, "Other classes than the server's: not importable."]
        )
    manifest = with_golden(replace(manifest, architecture=model.architecture), model, dtype)
    if cached is not None:
        fold = best_fold(info) if how is How.BEST_FOLD else None
        manifest = with_audit(
            manifest, audit_of_run(as_stored(model, dtype), manifest, cached, run=run, fold=fold)
        )
    return save_checkpoint(out, model, manifest, dtype)


def _with_trust(
    manifest: Manifest,
    run: Path,
    info: Mapping[str, Any],
    how: How,
    *,
    model: SplitClassifier,
    cached: CachedSet | None,
) -> Manifest:
    """The manifest with calibration and likeness, and a sentence about each among its limits."""
    labels, _, logits, patients = _read_oof(run / "oof.csv", len(info["classes"]))
    calibration, calibrated = calibration_of(OutOfFold(logits, labels, patients), info)
    likeness: Likeness | None = None
    if how is not How.BEST_FOLD:
        alike = f"{NO_LIKENESS}every image has been trained on by this {how.value}."
    elif cached is None:
        alike = f"{NO_LIKENESS}export it with --data."
    else:
        _check_same_images(cached, info)
        likeness, alike = likeness_of(model, manifest, cached, run, best_fold(info))
    trust = Trust(calibration, likeness)
    return replace(
        manifest,
        limits=[*manifest.limits, calibrated, alike],
        extras={**manifest.extras, **trust_as_extras(trust)},
    )


def finished_run(run: Path) -> dict[str, Any]:
    """run.json of a fine-tuning with every fold done, or a sentence."""
    info = read_info(run)
    if info is None or info.get("kind") != "finetune":
        raise DataError(f"'{run}' is no fine-tuning run: it has no run.json of one.")
    if info.get("status") != "done":
        raise DataError(f"'{run}' is not finished: start the same finetune command again, then export.")
    return info


def fold_model(run: Path, info: Mapping[str, Any], fold: int) -> SplitClassifier:
    """The classifier of one fold with its best weights."""
    model = build_model(info["architecture"], len(info["classes"]), info["config"]["input_size"])
    path = run / f"fold-{fold}" / BEST
    try:
        model.load_state_dict(split_names(load_file(path)))
    except (OSError, SafetensorError, RuntimeError, KeyError) as error:
        raise DataError(f"The weights '{path}' cannot be used ({error}).") from error
    return model


def split_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Names of a one-task MultiTaskClassifier as those of a SplitClassifier."""
    renamed = {}
    for name, tensor in tensors.items():
        head = name.replace(f"heads.{TASK}.", "tail.head.", 1)
        renamed[head if head != name else name.replace("neck.", "tail.neck.", 1)] = tensor
    return renamed


def best_fold(info: Mapping[str, Any]) -> int:
    """The fold with the lowest loss on its stopping part; its scored part plays no part in the choice."""
    details: Mapping[str, Any] = info["fold_details"]
    return int(min(details, key=lambda number: details[number]["stopping_loss"]))


def ensemble_model(run: Path, info: Mapping[str, Any]) -> SplitClassifier:
    """All folds as one model."""
    return EnsembleClassifier([fold_model(run, info, fold) for fold in range(info["folds"])])


def median_epochs(info: Mapping[str, Any]) -> int:
    """Epochs of a refit: the median best epoch of the folds."""
    return round(statistics.median(info["best_epoch"].values()))


def refit_model(
    run: Path, info: Mapping[str, Any], cached: CachedSet, machine: Machine, *, seed_shift: int = 1000
) -> SplitClassifier:
    """One model trained on every image for the median best epoch; resumable like any training."""
    _check_same_images(cached, info)
    settings = {**info["config"], "epochs": median_epochs(info), "patience": 0}
    recipe = Recipe().with_changes(settings)
    torch.manual_seed(recipe.seed + seed_shift)
    classes = len(info["classes"])
    start = start_model(recipe.architecture, classes, recipe.input_size, recipe.start)
    model = MultiTaskClassifier(start, {TASK: classes})
    everything, nobody = np.arange(len(cached)), np.arange(0)
    fit(model, [Task(TASK, cached, everything, nobody)], recipe, machine, run / "refit", show="refit")
    whole = build_model(recipe.architecture, classes, recipe.input_size)
    whole.load_state_dict(split_names({name: t.cpu() for name, t in model.state_dict().items()}))
    return whole


def _check_same_images(cached: CachedSet, info: Mapping[str, Any]) -> None:
    if cached.fingerprint != info["fingerprint"]:
        raise DataError("The images or labels are not those of the run: their fingerprint differs.")


def _manifest(run: Path, info: Mapping[str, Any], how: How, words: Words) -> Manifest:
    modality = words.modality or info["modality"]
    if modality not in set(Modality):
        raise DataError(
            f"The run's modality is '{modality}': name one with --modality ({', '.join(Modality)})."
        )
    return Manifest(
        name=words.name,
        architecture=info["architecture"],
        modality=Modality(modality),
        input_size=info["config"]["input_size"],
        seed=info["seed"],
        config=dict(info["config"]),
        dataset_fingerprint=info["fingerprint"],
        split_protocol=info["protocol_label"],
        metrics=_metrics(run, info, how),
        training_commit=info["commit"],
        licence=words.licence,
        intended_use=INTENDED_USE,
        limits=[*words.limits, *_limits(info, how)],
        synthetic=bool(info["synthetic"]),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        class_names=tuple(info["classes"]),
        extras={"export": {"how": how.value, "environment": info["environment"], "folds": info["folds"]}},
    )


def _limits(info: Mapping[str, Any], how: How) -> list[str]:
    data = info["data"][info["set"]]
    limits = [
        f"Trained on {data['images']} images of one set, split by {info['grouped_by']}.",
    ]
    if info["leaking"]:
        limits.append("LEAKING protocol: the metrics are too good.")
    if how is not How.BEST_FOLD:
        limits.append(f"The metrics are those of the single folds, not of this {how.value}.")
    if info["labels_shuffled"]:
        limits.append("LABELS SHUFFLED: a control, never to be used.")
    return limits


def _metrics(run: Path, info: Mapping[str, Any], how: How) -> dict[str, Any]:
    """Out-of-fold metrics: pooled, per class and per fold."""
    labels, folds, logits, patients = _read_oof(run / "oof.csv", len(info["classes"]))
    probabilities = softmax(logits)
    per_class = precision_recall_f1(labels, probabilities)
    return {
        "out_of_fold": summary(labels, probabilities),
        "auc_per_class": dict(zip(info["classes"], auc_per_class(labels, probabilities), strict=True)),
        "precision": dict(zip(info["classes"], per_class["precision"], strict=True)),
        "recall": dict(zip(info["classes"], per_class["recall"], strict=True)),
        "intervals": class_intervals(labels, probabilities, patients, info["classes"]),
        "per_fold": {
            str(fold): summary(labels[folds == fold], probabilities[folds == fold])
            for fold in sorted(set(folds.tolist()))
        },
        "best_epoch": info["best_epoch"],
        "exported_fold": best_fold(info) if how is How.BEST_FOLD else None,
        "images": len(labels),
    }


def _read_oof(path: Path, classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        rows: Sequence[Mapping[str, str]] = list(csv.DictReader(handle))
    labels = np.array([int(row["label"]) for row in rows], dtype=np.int64)
    folds = np.array([int(row["fold"]) for row in rows], dtype=np.int64)
    logits = np.array([[float(row[f"logit_{k}"]) for k in range(classes)] for row in rows])
    return labels, folds, logits, [row["patient"] for row in rows]


def write_summary(manifest: Manifest) -> str:
    """One line for the screen."""
    scores = manifest.metrics["out_of_fold"]
    auc = "not defined" if scores["auc_ovr"] is None else f"{scores['auc_ovr']:.3f}"
    return (
        json.dumps(manifest.name) + f": {manifest.architecture}, {manifest.modality}, out-of-fold AUC {auc}"
    )
