"""The one training loop, for pre-training and fine-tuning: read it top to bottom.

Each epoch goes through the tasks one after another (paper §2.4) and ends with the mean of their validation
losses, which decides what is the best epoch and when to stop. Every random draw depends on seed, epoch, task
and step alone, so a run that was killed goes on to the same weights, bit for bit on a CPU.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy
from tqdm import tqdm

from ml.data.augment import augment
from ml.data.cache import CachedSet
from ml.data.folds import Rows
from ml.data.loader import Batch, cut, epoch_order, load
from ml.metrics import softmax, summary
from ml.train.machine import Machine
from ml.train.multitask import MultiTaskClassifier
from ml.train.progress import EpochRow, Progress
from ml.train.recipe import Recipe
from ml.train.state import Saver, load_state, load_weights
from ml.transforms import normalise

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet, of RGB in 0..1 (paper §2.2)
Logits = NDArray[np.float32]


@dataclass(frozen=True)
class Task:
    """One data set with its two parts; its name is the name of its head."""

    name: str
    cached: CachedSet
    training: Rows
    stopping: Rows


def fit(
    model: MultiTaskClassifier,
    tasks: Sequence[Task],
    recipe: Recipe,
    machine: Machine,
    folder: Path,
    *,
    on_epoch: Callable[[Progress], None] = lambda _: None,
    show: str = "train",
) -> Progress:
    """Train until the patience or the epochs are used up; `model` ends with the weights of the best epoch.

    State and best weights lie in `folder`, so that the same call goes on where a killed one was.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.learning_rate, fused=True)
    trained, optimizer = machine.prepare(model, optimizer, tasks=len(tasks))
    progress = load_state(folder, model, optimizer) or Progress()
    plan = [len(epoch_batches(task, recipe, number, 0)) for number, task in enumerate(tasks)]
    bar = _bar(show, progress, recipe, sum(plan), machine)
    saver = Saver(folder, model, optimizer, on_epoch, recipe.save_every_s if machine.is_main else None)
    while not progress.finished(recipe):
        for number, task in enumerate(tasks):  # one after another, in this order
            if number < progress.task:
                continue
            if progress.step == 0:
                model.recall(task.name)
            batches = epoch_batches(task, recipe, number, progress.epoch)[progress.step :]
            for batch in load(task.cached, batches, machine.device, rank=machine.rank, world=machine.world):
                seed = step_seed(recipe.seed, progress.epoch, number, progress.step)
                loss = training_step(
                    trained, optimizer, task.name, batch, recipe=recipe, machine=machine, seed=seed
                )
                progress.add_step(task.name, loss, batch.count)
                bar.update()
                saver.after_step(progress)
            model.keep(task.name)
            progress.next_task()
        scored = [task for task in tasks if len(task.stopping)]  # none in a refit on everything
        rows = [
            _row(task, _stopping_logits(model, trained, task, recipe, machine), progress) for task in scored
        ]
        better = progress.end_epoch(rows)
        saver.after_epoch(progress, better=better)
        bar.set_postfix_str(progress.sentence(), refresh=False)
    bar.close()
    machine.wait()
    load_weights(folder, model)
    return progress


def training_step(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    task: str,
    batch: Batch,
    *,
    recipe: Recipe,
    machine: Machine,
    seed: int,
) -> Tensor:
    """One Adam step on one batch; gives the mean loss of this process's share, still on the device."""
    torch.manual_seed(seed + machine.rank)  # dropout and stochastic depth
    model.train()
    images = augment(batch.images, recipe.augment, seed) if recipe.augment.active else batch.images
    logits = model(normalise(images, MEAN, STD), task)
    # Processes average gradients: weighted by its share, their mean is the mean over the whole batch.
    share = len(batch.labels) * machine.world / batch.count
    loss = cross_entropy(logits, batch.labels)
    machine.backward(loss * share)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.detach()


@torch.no_grad()
def predict_rows(model: torch.nn.Module, task: Task, rows: Rows, recipe: Recipe, machine: Machine) -> Logits:
    """float32 logits N×classes of the given rows, in their order; every process gets all of them."""
    model.eval()
    padded = np.concatenate([rows, rows[-1:].repeat(-len(rows) % machine.world)])
    own = padded[machine.rank :: machine.world]
    step = max(1, recipe.batch_size // machine.world)
    batches = [own[start : start + step] for start in range(0, len(own), step)]
    parts = [
        model(normalise(batch.images, MEAN, STD), task.name).float()
        for batch in load(task.cached, batches, machine.device)
    ]
    return machine.interleave(torch.cat(parts))[: len(rows)].cpu().numpy()


def _stopping_logits(
    model: MultiTaskClassifier, trained: torch.nn.Module, task: Task, recipe: Recipe, machine: Machine
) -> Logits:
    """Logits of the stopping part, with the task's own batch-norm statistics."""
    model.recall(task.name)
    return predict_rows(trained, task, task.stopping, recipe, machine)


def epoch_batches(task: Task, recipe: Recipe, number: int, epoch: int) -> list[Rows]:
    """The batches of one task in one epoch; a pure function of seed, epoch and task number."""
    seed = (recipe.seed, epoch, number)
    return cut(epoch_order(task.cached, task.training, seed=seed, balance=recipe.balance), recipe.batch_size)


def step_seed(seed: int, epoch: int, task: int, step: int) -> int:
    """A seed for one step that no other step shares in practice."""
    return int(np.random.SeedSequence([seed, epoch, task, step]).generate_state(1, np.uint64)[0] >> 2)


def validation_loss(labels: NDArray[np.int64], logits: Logits) -> float:
    """Mean cross-entropy in double precision."""
    return float(cross_entropy(torch.from_numpy(logits).double(), torch.from_numpy(labels)))


def _row(task: Task, logits: Logits, progress: Progress) -> EpochRow:
    labels = np.array(task.cached.samples.labels, dtype=np.int64)[task.stopping]
    metrics = summary(labels, softmax(logits))
    return EpochRow(
        epoch=progress.epoch,
        task=task.name,
        training_loss=progress.training_loss(task.name),
        validation_loss=validation_loss(labels, logits),
        metrics={name: metrics[name] for name in ("auc_ovr", "accuracy", "precision", "recall", "f1", "mcc")},
    )


def _bar(show: str, progress: Progress, recipe: Recipe, steps: int, machine: Machine) -> tqdm:
    done = progress.steps_done
    pause = 0.5 if sys.stderr.isatty() else 60.0  # a log file needs a line a minute
    return tqdm(
        total=recipe.epochs * steps,
        initial=done,
        desc=show,
        unit="step",
        mininterval=pause,
        disable=not machine.is_main,
    )
