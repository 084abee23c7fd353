"""The interface of an engine, and the cascade of a fast and an exact one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import torch
from torch import Tensor

MARGIN_DIGITS = 3  # of a difference of logits: what rounding errors can't reach decides nothing


class Mode(StrEnum):
    """How an answer was computed."""

    EXACT = "exact"  # fp32
    FAST = "fast"  # int8, or bf16 on a GPU


@dataclass(frozen=True)
class Used:
    """Which engine answered, and how."""

    name: str
    mode: Mode

    def __str__(self) -> str:
        return f"{self.name} {self.mode}"

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "mode": self.mode.value}


class FeatureEngine(Protocol):
    """Features of a batch; a plain function of it, whatever the size of the batch."""

    @property
    def used(self) -> Used: ...

    def features(self, batch: Tensor) -> Tensor:
        """float32 N×3×S×S, normalised, to what the Grad-CAM layer gives, float32 on the batch's device."""
        ...


@dataclass(frozen=True)
class Answered:
    """Features, logits (double, on the CPU) and the engine of each image."""

    features: Tensor
    logits: Tensor
    used: list[Used]


@dataclass(frozen=True)
class Engines:
    """The exact engine and, where a version allows it, a fast one whose close calls the exact one decides."""

    exact: FeatureEngine
    fast: FeatureEngine | None = None
    margin: float = 0.0  # between the two highest logits; at or below it, the exact engine answers

    @property
    def words(self) -> str:
        """Who answers, for a log."""
        if self.fast is None:
            return f"{self.exact.used}"
        return f"{self.fast.used}, within {self.margin} of a tie {self.exact.used}"

    @torch.inference_mode()
    def answer(self, batch: Tensor, tail: Callable[[Tensor], Tensor]) -> Answered:
        """Every image's answer; an image that the fast engine is not sure of is computed once more."""
        first = self.fast or self.exact
        features = first.features(batch)
        logits = _logits(tail, features)
        used = [first.used] * len(batch)
        if self.fast is None:
            return Answered(features, logits, used)
        for row in close_calls(logits, self.margin):
            features[row : row + 1] = self.exact.features(batch[row : row + 1])
            logits[row : row + 1] = _logits(tail, features[row : row + 1])
            used[row] = self.exact.used
        return Answered(features, logits, used)


def close_calls(logits: Tensor, margin: float) -> list[int]:
    """Rows whose two highest logits lie within `margin`; a row that is not finite is one of them.

    The difference is rounded first: its last bits, which change with the size of a batch, decide nothing.
    """
    if logits.shape[0] == 0:
        return []
    top = logits.double().topk(2, dim=1).values
    gaps = torch.round(top[:, 0] - top[:, 1], decimals=MARGIN_DIGITS)
    return [row for row, gap in enumerate(gaps.tolist()) if not gap > margin]


def _logits(tail: Callable[[Tensor], Tensor], features: Tensor) -> Tensor:
    return tail(features).double().cpu()
