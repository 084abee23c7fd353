"""Weight randomisation (Adebayo et al. 2018, arXiv:1810.03292): no map may outlive what was learned.

From the top down: the head, then the upper half of the backbone too, then everything.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import torch
from torch import nn

from ml.audit.record import Figure, Part
from ml.audit.subject import Floats, Pixels, Subject, known_mean, mean_figure, rank_correlation
from ml.gradcam import FloatMap
from ml.model import SplitClassifier

Alike = Callable[[FloatMap, FloatMap], float]

SEED = 20240711
LEVELS = ("head", "upper_half", "all")
STABILISERS = (0.01**2, 0.03**2)  # of SSIM (Wang et al. 2004), for maps in 0..1


def shuffle_weights(weights: Iterable[nn.Parameter], seed: int = SEED, *, signs: bool = False) -> None:
    """Deal the numbers of each weight out anew: nothing learned is left, and no size explodes.

    `signs`: those of matrices and filters too, as a network that was never trained has no leaning.
    """
    generator = torch.Generator().manual_seed(seed)
    for weight in weights:
        order = torch.randperm(weight.numel(), generator=generator)
        weight.data = weight.data.flatten()[order.to(weight.device)].view_as(weight)
        if signs and weight.dim() > 1:
            flips = torch.randint(2, weight.shape, generator=generator) * 2 - 1
            weight.data = weight.data * flips.to(weight.device)


def randomised(model: SplitClassifier, level: str, seed: int = SEED) -> SplitClassifier:
    """A copy without what was learned, from the top down to `level`."""
    twin = copy.deepcopy(model)
    below: list[nn.Parameter] = []
    for stack in getattr(twin.features, "members", [twin.features]):  # of an ensemble, each member's
        weights = list(stack.parameters())
        below += {"head": [], "upper_half": weights[len(weights) // 2 :], "all": weights}[level]
    shuffle_weights([*twin.tail.parameters(), *below], seed, signs=True)
    return twin


def randomisation(subject: Subject, pixels: Pixels, groups: list[str], shuffles: int = 3) -> Part:
    """How alike the maps of all classes are before and after, on average over classes and shuffles.

    `emptied`: the share of maps that shuffled weights leave empty, which count as no likeness (0).
    """
    before = subject.maps(pixels)
    figures: dict[str, Figure] = {}
    images = 0
    for level in LEVELS:
        drawn = [
            replace(subject, model=randomised(subject.model, level, SEED + number)).maps(pixels)
            for number in range(shuffles)
        ]
        for name, alike in MEASURES.items():
            values = known_mean(np.stack([_over_classes(before, after, alike) for after in drawn], axis=1))
            figure, images = mean_figure(values, groups)
            if figure is None:
                return Part(0, {}, "Every map is empty.")
            figures[f"{name}_{level}"] = figure
    return Part(images, figures)


def emptied(first: FloatMap, second: FloatMap) -> float:
    """1 where only the second map is empty, 0 where neither is; NaN where the first is."""
    return float("nan") if not first.any() else float(not second.any())


def similarity(first: FloatMap, second: FloatMap) -> float:
    """SSIM with the whole map as its one window; NaN where the first is empty."""
    if not first.any():
        return float("nan")
    small, large = STABILISERS
    a, b = first.astype(np.float64), second.astype(np.float64)
    together = ((a - a.mean()) * (b - b.mean())).mean()
    brightness = (2 * a.mean() * b.mean() + small) / (a.mean() ** 2 + b.mean() ** 2 + small)
    return float(brightness * (2 * together + large) / (a.var() + b.var() + large))


def _over_classes(before: FloatMap, after: FloatMap, alike: Alike) -> Floats:
    rows = [
        [alike(old, new) for old, new in zip(olds, news, strict=True)]
        for olds, news in zip(before, after, strict=True)
    ]
    return known_mean(np.array(rows, dtype=np.float64))


MEASURES: dict[str, Alike] = {"rank_correlation": rank_correlation, "ssim": similarity, "emptied": emptied}
