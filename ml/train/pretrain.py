"""Pre-training on several organs at once: one backbone, one head a set (paper §2.4)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from ml.atomic import disk_full_message, write_atomically
from ml.data.cache import CachedSet, need_space
from ml.data.duplicates import group_kind, groups_of, near_duplicate_pairs
from ml.data.folds import split_once
from ml.data.samples import check_classes, says_synthetic
from ml.train.loop import Task, fit, predict_rows
from ml.train.machine import Machine
from ml.train.multitask import MultiTaskClassifier
from ml.train.progress import Progress
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
from ml.train.start import BACKBONE_KEY, backbone_state, start_model
from ml.train.state import BEST, STATE

VALIDATION_PARTS = 5  # one fifth for validation: the paper's 4:1 split
BACKBONE = "backbone.safetensors"


def pretrain(sets: Mapping[str, CachedSet], recipe: Recipe, machine: Machine, out: Path) -> Path:
    """Train on the sets in their order; gives the path of backbone.safetensors, the start for fine-tuning."""
    groups = {
        name: groups_of(c.samples, near_duplicate_pairs(c.perceptual_hashes)) for name, c in sets.items()
    }
    tasks = [_task(name, cached, groups[name], recipe.seed) for name, cached in sets.items()]
    run = RunFolder(out, _info(sets, recipe, machine), is_main=machine.is_main)
    if run.info.get("status") == "done" and (out / BACKBONE).is_file():
        return out / BACKBONE
    torch.manual_seed(recipe.seed)
    first = next(iter(sets.values()))
    start = start_model(recipe.architecture, len(first.samples.class_names), recipe.input_size, recipe.start)
    classes = {name: len(cached.samples.class_names) for name, cached in sets.items()}
    model = MultiTaskClassifier(start, classes, own=recipe.statistics == "task")
    if machine.is_main:
        need_space(out, 6 * sum(4 * weight.numel() for weight in model.parameters()))
    with run.timed():
        progress = fit(
            model, tasks, recipe, machine, out, on_epoch=lambda p: _write_epochs(run, p), show="pre-training"
        )
        for task in tasks:
            _write_predictions(run, task, groups[task.name], model, recipe=recipe, machine=machine)
    if machine.is_main:
        _finish(run, model, recipe, progress)
    machine.wait()
    return out / BACKBONE


def _task(name: str, cached: CachedSet, groups: Sequence[str], seed: int) -> Task:
    check_classes(cached.samples, minimum=2)
    training, validation = split_once(cached.samples.labels, groups, parts=VALIDATION_PARTS, seed=seed)
    return Task(name, cached, training, validation)


def _info(sets: Mapping[str, CachedSet], recipe: Recipe, machine: Machine) -> dict[str, Any]:
    return {
        "kind": "pretrain",
        "architecture": recipe.architecture,
        "start": recipe.start,
        "seed": recipe.seed,
        "tasks": list(sets),
        "task_classes": {name: list(cached.samples.class_names) for name, cached in sets.items()},
        "protocol": "4:1 split by group, sequential tasks, stopping on the mean validation loss",
        "config": recipe.to_dict(),
        "data": {name: describe_data(cached, group_kind(cached.samples)) for name, cached in sets.items()},
        "synthetic": any(says_synthetic(cached.samples) for cached in sets.values()),
        "device": machine.describe(),
        **common_info(),
    }


def _write_epochs(run: RunFolder, progress: Progress) -> None:
    run.write_csv("epochs.csv", EPOCH_COLUMNS, epoch_rows(progress, 0))


def _write_predictions(
    run: RunFolder,
    task: Task,
    groups: Sequence[str],
    model: MultiTaskClassifier,
    *,
    recipe: Recipe,
    machine: Machine,
) -> None:
    model.recall(task.name)
    logits = predict_rows(model, task, task.stopping, recipe, machine)
    rows = prediction_rows(task.cached, groups, task.stopping, logits, 0)
    run.write_csv(f"tasks/{task.name}.csv", prediction_columns(logits.shape[1]), rows)


def _finish(run: RunFolder, model: MultiTaskClassifier, recipe: Recipe, progress: Progress) -> None:
    """Write the backbone, note the best epoch, then drop what only a resumed run needs."""
    tensors = {
        name: tensor.detach().cpu().contiguous(memory_format=torch.contiguous_format)
        for name, tensor in backbone_state(model.features, model.neck).items()
    }
    about = {"architecture": recipe.architecture, "input_size": recipe.input_size, "tasks": run.info["tasks"]}
    metadata = {BACKBONE_KEY: json.dumps(about)}
    with disk_full_message(run.folder):
        write_atomically(run.folder / BACKBONE, lambda part: save_file(tensors, part, metadata=metadata))
    epochs = progress.epoch
    run.update(status="done", best_epoch=progress.best_epoch + 1, epochs=epochs, steps=progress.steps_done)
    for name in (STATE, BEST):
        (run.folder / name).unlink(missing_ok=True)
