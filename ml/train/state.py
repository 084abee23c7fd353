"""Resumable state: weights, optimiser and progress in one safetensors file; atomic, never unpickled."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ml.atomic import clear_dead_parts, disk_full_message, write_atomically
from ml.data.samples import DataError
from ml.train.progress import Progress

STATE, BEST = "state.safetensors", "best.safetensors"


class Saver:
    """When a run is written to disk: every `every_s` seconds inside an epoch; never where that is None."""

    def __init__(
        self,
        folder: Path,
        model: nn.Module,
        optimizer: Any,
        on_epoch: Callable[[Progress], None],
        every_s: float | None,
    ) -> None:
        self.folder, self.model, self.optimizer = folder, model, optimizer
        self.on_epoch, self.every_s = on_epoch, every_s
        self.saved = time.monotonic()
        if every_s is not None and folder.is_dir():
            clear_dead_parts(folder)

    def after_step(self, progress: Progress) -> None:
        """Save where the last state is old enough."""
        if self.every_s is not None and time.monotonic() - self.saved > self.every_s:
            self._save(progress)

    def after_epoch(self, progress: Progress, *, better: bool) -> None:
        """Save the state, and first the weights where they are the best so far."""
        if self.every_s is None:
            return
        if better:
            save_weights(self.folder, self.model)
        self._save(progress)
        self.on_epoch(progress)

    def _save(self, progress: Progress) -> None:
        save_state(self.folder, self.model, self.optimizer, progress)
        self.saved = time.monotonic()


def save_state(folder: Path, model: nn.Module, optimizer: Any, progress: Progress) -> None:
    """All the next step depends on; random draws depend on the position alone, so no RNG state is needed."""
    tensors = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    for index, values in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{name}": tensor for name, tensor in values.items()}
    _write(folder / STATE, tensors, {"progress": json.dumps(progress.to_dict())})


def load_state(folder: Path, model: nn.Module, optimizer: Any) -> Progress | None:
    """Put the saved state into model and optimiser; None where nothing was saved."""
    path = folder / STATE
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            progress = Progress.from_dict(json.loads(file.metadata()["progress"]))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
        model.load_state_dict(_below("model.", tensors))
    except (SafetensorError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise DataError(f"'{path}' cannot be resumed from ({error}). Delete it to start anew.") from error
    state: dict[int, dict[str, Tensor]] = {}
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    for name, tensor in _below("optimizer.", tensors).items():
        index, _, key = name.partition(".")
        state.setdefault(int(index), {})[key] = _laid_out_like(weights[int(index)], tensor)
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return progress


def _laid_out_like(weight: Tensor, value: Tensor) -> Tensor:
    """`value` in the memory format of its weight: fused Adam pairs elements by their place in memory."""
    if value.shape != weight.shape:
        return value  # the step count
    return torch.empty_like(weight, dtype=value.dtype, device=value.device).copy_(value)


def save_weights(folder: Path, model: nn.Module) -> None:
    """The best epoch's weights."""
    _write(folder / BEST, dict(model.state_dict()), {})


def load_weights(folder: Path, model: nn.Module) -> None:
    """Put the best epoch's weights into the model."""
    model.load_state_dict(load_file(folder / BEST))


def _write(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    plain = {
        name: tensor.detach().cpu().contiguous(memory_format=torch.contiguous_format)
        for name, tensor in tensors.items()
    }
    with disk_full_message(path.parent):
        try:
            write_atomically(path, lambda part: save_file(plain, part, metadata=metadata))
        except SafetensorError as error:  # the library hides the reason of a failed write
            if "space" in str(error).lower():
                raise DataError(f"The disk that holds '{path.parent}' is full: free some space.") from error
            raise


def _below(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
