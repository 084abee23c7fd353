"""How far a run is: position, history, best epoch, and when to stop. Plain numbers, saved as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from torch import Tensor

from ml.data.samples import DataError
from ml.train.recipe import Recipe


@dataclass(frozen=True)
class EpochRow:
    """One task in one epoch, as in epochs.csv."""

    epoch: int  # from 0
    task: str
    training_loss: float
    validation_loss: float
    metrics: dict[str, float | None]


@dataclass
class Progress:
    """The next step is (epoch, task, step), each from 0."""

    epoch: int = 0
    task: int = 0
    step: int = 0
    steps_done: int = 0
    best_epoch: int = -1
    best_loss: float = math.inf
    sums: dict[str, list[float]] = field(
        default_factory=dict
    )  # task -> [loss × images, images] in this epoch
    history: list[EpochRow] = field(default_factory=list)
    _pending: dict[str, list[tuple[Tensor, int]]] = field(default_factory=dict, repr=False)

    def add_step(self, task: str, loss: Tensor, count: int) -> None:
        """Count one step; the loss stays on the device until it is asked for."""
        self._pending.setdefault(task, []).append((loss, count))
        self.step += 1
        self.steps_done += 1

    def next_task(self) -> None:
        """The current task has had all its batches of this epoch."""
        self.task, self.step = self.task + 1, 0

    def training_loss(self, task: str) -> float:
        """Mean loss of the task's training images in this epoch."""
        self._collect()
        total, count = self.sums.get(task, [0.0, 0])
        return total / count if count else math.nan

    def end_epoch(self, rows: Sequence[EpochRow]) -> bool:
        """Record the epoch; True where the mean of the tasks' validation losses is the best so far.

        With no validation part (a refit on everything) the last epoch is the best.
        """
        loss = mean_loss([row.validation_loss for row in rows]) if rows else -self.epoch
        if not math.isfinite(loss):
            raise DataError(
                f"Training diverged in epoch {self.epoch + 1} (loss {loss}). Lower --learning-rate."
            )
        self.history.extend(rows)
        better = loss < self.best_loss
        if better:
            self.best_epoch, self.best_loss = self.epoch, loss
        self.epoch, self.task, self.step, self.sums = self.epoch + 1, 0, 0, {}
        return better

    def finished(self, recipe: Recipe) -> bool:
        """All epochs done, or `patience` epochs in a row without a better loss."""
        waited = self.epoch - 1 - self.best_epoch
        return self.epoch >= recipe.epochs or (0 < recipe.patience <= waited and self.epoch > 0)

    def sentence(self) -> str:
        """For the progress bar."""
        return f"epoch {self.epoch}, best {self.best_epoch + 1} (loss {self.best_loss:.4f})"

    def to_dict(self) -> dict[str, Any]:
        """Everything but what can be read from the weights."""
        self._collect()
        values = asdict(self)
        values.pop("_pending")
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of to_dict."""
        history = [EpochRow(**row) for row in values["history"]]
        return cls(**(values | {"history": history}))

    def _collect(self) -> None:
        for task, steps in self._pending.items():
            sums = self.sums.setdefault(task, [0.0, 0])
            for loss, count in steps:
                sums[0] += float(loss) * count
                sums[1] += count
        self._pending.clear()


def mean_loss(losses: Sequence[float]) -> float:
    """The number that stops pre-training: the plain mean of the tasks' validation losses (paper §2.4)."""
    return sum(losses) / len(losses)
