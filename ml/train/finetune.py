"""Fine-tuning of one modality in folds; the out-of-fold prediction of every image is kept (paper §2.4)."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ml.data.cache import CachedSet, need_space
from ml.data.duplicates import group_kind, groups_of, near_duplicate_pairs
from ml.data.folds import Fold, Protocol, make_folds
from ml.data.leaks import leak_report
from ml.data.samples import says_synthetic
from ml.train.loop import Task, fit, predict_rows
from ml.train.machine import Machine
from ml.train.multitask import MultiTaskClassifier
from ml.train.recipe import Recipe
from ml.train.run import (
    EPOCH_COLUMNS,
    RunFolder,
    common_info,
    describe_data,
    epoch_rows,
    prediction_columns,
    prediction_rows,
)
from ml.train.start import start_model
from ml.train.state import STATE

FOLDS = 5  # paper §2.2
TASK = "node"  # the name of the one head


@dataclass(frozen=True)
class FoldPlan:
    """How a fine-tuning is split."""

    protocol: Protocol = Protocol.GROUPED
    folds: int = FOLDS
    only: tuple[int, ...] = ()  # fold numbers to run now, all when empty
    labels_shuffled: bool = False


@dataclass(frozen=True)
class Bench:
    """What every fold shares."""

    cached: CachedSet
    groups: Sequence[str]
    recipe: Recipe
    machine: Machine
    run: RunFolder


def finetune(cached: CachedSet, recipe: Recipe, plan: FoldPlan, machine: Machine, out: Path) -> Path:
    """Train and score each fold, resuming where an earlier call stopped; gives the path of oof.csv."""
    groups = groups_of(cached.samples, near_duplicate_pairs(cached.perceptual_hashes))
    folds = make_folds(cached.samples, groups, protocol=plan.protocol, count=plan.folds, seed=recipe.seed)
    run = RunFolder(out, _info(cached, recipe, plan, machine), is_main=machine.is_main)
    leaks = leak_report(cached, folds, groups, plan.protocol)
    run.write_text("leaks.json", json.dumps(leaks.to_dict(), indent=1, ensure_ascii=False) + "\n")
    _write_split(run, cached, folds, groups)
    bench = Bench(cached, groups, recipe, machine, run)
    for fold in folds:
        if (not plan.only or fold.number in plan.only) and not _is_done(run, fold.number):
            with run.timed():
                _run_fold(bench, fold)
            if machine.is_main:
                _collect(run, len(folds))
            machine.wait()
    return out / "oof.csv"


def _info(cached: CachedSet, recipe: Recipe, plan: FoldPlan, machine: Machine) -> dict[str, Any]:
    modalities = sorted({sample.modality for sample in cached.samples.samples})
    grouped_by = "image" if plan.protocol is Protocol.PAPER else group_kind(cached.samples)
    return {
        "kind": "finetune",
        "architecture": recipe.architecture,
        "start": recipe.start,
        "seed": recipe.seed,
        "set": cached.samples.name,
        "modality": modalities[0] if len(modalities) == 1 else "mixed",
        "classes": list(cached.samples.class_names),
        "protocol": plan.protocol.value,
        "protocol_label": plan.protocol.label,
        "leaking": plan.protocol is Protocol.PAPER,
        "labels_shuffled": plan.labels_shuffled,
        "folds": plan.folds,
        "grouped_by": grouped_by,
        "fingerprint": cached.fingerprint,
        "config": recipe.to_dict(),
        "data": {cached.samples.name: describe_data(cached, grouped_by)},
        "synthetic": says_synthetic(cached.samples),
        "device": machine.describe(),
        **common_info(),
    }


def _run_fold(bench: Bench, fold: Fold) -> None:
    """One fold from its start weights to its predictions."""
    recipe, machine = bench.recipe, bench.machine
    folder = bench.run.folder / f"fold-{fold.number}"
    torch.manual_seed(recipe.seed + fold.number)
    classes = len(bench.cached.samples.class_names)
    start = start_model(recipe.architecture, classes, recipe.input_size, recipe.start)
    model = MultiTaskClassifier(start, {TASK: classes})
    if machine.is_main:
        need_space(bench.run.folder, 6 * sum(4 * weight.numel() for weight in model.parameters()))
    task = Task(TASK, bench.cached, fold.training, fold.stopping)
    name = f"fold-{fold.number}"

    def write_epochs(progress: Any) -> None:
        bench.run.write_csv(f"{name}/epochs.csv", EPOCH_COLUMNS, epoch_rows(progress, fold.number))

    progress = fit(model, [task], recipe, machine, folder, on_epoch=write_epochs, show=name)
    logits = predict_rows(model, task, fold.scored, recipe, machine)
    rows = prediction_rows(bench.cached, bench.groups, fold.scored, logits, fold.number)
    bench.run.write_csv(f"{name}/predictions.csv", prediction_columns(classes), rows)
    done = {"best_epoch": progress.best_epoch + 1, "epochs": progress.epoch, "steps": progress.steps_done}
    bench.run.write_text(f"{name}/done.json", json.dumps(done | {"stopping_loss": progress.best_loss}) + "\n")
    if machine.is_main:
        (folder / STATE).unlink(missing_ok=True)


def _is_done(run: RunFolder, number: int) -> bool:
    return (run.folder / f"fold-{number}" / "done.json").is_file()


def _collect(run: RunFolder, folds: int) -> None:
    """oof.csv and epochs.csv from all finished folds; run.json says which they are."""
    finished = [number for number in range(folds) if _is_done(run, number)]
    for name, source in (("oof.csv", "predictions.csv"), ("epochs.csv", "epochs.csv")):
        rows: list[Mapping[str, str]] = []
        for number in finished:
            with (run.folder / f"fold-{number}" / source).open(newline="", encoding="utf-8") as handle:
                rows += list(csv.DictReader(handle))
        run.write_csv(name, list(rows[0]), rows)
    details = {str(n): json.loads((run.folder / f"fold-{n}" / "done.json").read_text()) for n in finished}
    run.update(
        status="done" if len(finished) == folds else "running",
        best_epoch={number: entry["best_epoch"] for number, entry in details.items()},
        fold_details=details,
    )


def _write_split(run: RunFolder, cached: CachedSet, folds: Sequence[Fold], groups: Sequence[str]) -> None:
    """split.csv: which fold scores an image, and its part in every other fold."""
    parts = np.full((len(cached), len(folds)), "training", dtype=object)
    for fold in folds:
        parts[fold.stopping, fold.number] = "stopping"
        parts[fold.scored, fold.number] = "scored"
    columns = ["image_id", "group", *(f"fold_{fold.number}" for fold in folds)]
    rows = [
        {"image_id": sample.image_id, "group": groups[row]}
        | {f"fold_{fold.number}": parts[row, fold.number] for fold in folds}
        for row, sample in enumerate(cached.samples.samples)
    ]
    run.write_csv("split.csv", columns, rows)
