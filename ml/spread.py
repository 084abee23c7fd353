"""How far the members of an ensemble disagree about an image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml.ensemble import MeanProbability
from ml.model import SplitClassifier
from ml.trust.p_values import calibrated
from ml.trust.record import Calibration


@dataclass(frozen=True)
class Range:
    """The lowest and the highest of the members' probabilities of a class, 0..1."""

    low: float
    high: float


@torch.inference_mode()
def member_logits(model: SplitClassifier, features: Tensor) -> NDArray[np.float64] | None:
    """images×members×classes from features that are at hand; None where the model has no members."""
    mean = getattr(model.tail, "mean", None)
    if not isinstance(mean, MeanProbability):
        return None
    logits: NDArray[np.float64] = mean.member_logits(features).double().cpu().numpy()
    return logits.transpose(1, 0, 2)


def spread_of(
    members: NDArray[np.float64], names: Sequence[str], calibration: Calibration | None
) -> Mapping[str, Range]:
    """By class, from one image's members×classes logits, each divided by the temperature of the whole.

    What it is: how far the members, which saw other parts of one data set, disagree about this image. What
    it is not: an interval that holds the truth with some probability. Members that all learned the same
    mistake agree about it. The answer is the mean of the members' bare probabilities, so it need not be the
    middle of the range, and with a temperature other than 1 it need not even lie within it.
    """
    shares = np.stack([calibrated(row.tolist(), calibration) for row in members])
    pairs = zip(names, shares.min(axis=0).tolist(), shares.max(axis=0).tolist(), strict=True)
    return {name: Range(low, high) for name, low, high in pairs}
