"""Trains the shared network on all modalities at once: class, node mask, and no looking outside the node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ml.data.augment import augment
from ml.demo.network import SharedNetwork
from ml.demo.phantom_arrays import PhantomArrays
from ml.demo.recipe import DemoRecipe, Phase
from ml.taxonomy import MODALITIES, Modality
from ml.transforms import normalise

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet, of RGB in 0..1 (paper §2.2)
MASK_PX = 48


@dataclass(frozen=True)
class _Batch:
    """images N×3×S×S normalised, node coverage N×1×m×m in 0..1, class and modality index N."""

    images: Tensor
    coverage: Tensor
    labels: Tensor
    modalities: Tensor


@dataclass(frozen=True)
class _Pool:
    """Every training image of every modality at one size, one after another."""

    pixels: Tensor
    coverage: Tensor
    labels: Tensor
    modalities: Tensor


def train(
    data: Mapping[Modality, PhantomArrays],
    recipe: DemoRecipe,
    tick: Callable[[Phase], object],
) -> SharedNetwork:
    """The trained network after all phases, for the modalities that there is data of; `tick` is called once a
    step. Same recipe, same weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        network = SharedNetwork(recipe.architecture, recipe.blocks).to(memory_format=torch.channels_last)
        for number, phase in enumerate(recipe.phases):
            _run_phase(network, _pool_at(data, phase.side_px), recipe, number, tick)
    return network.eval()


def _run_phase(
    network: SharedNetwork, pool: _Pool, recipe: DemoRecipe, number: int, tick: Callable[[Phase], object]
) -> None:
    phase = recipe.phases[number]
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=phase.learning_rate, weight_decay=recipe.weight_decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: _rate(step, phase.steps, recipe.warm_up_steps)
    )
    network.train()
    for step, rows in enumerate(_batches(len(pool.labels), phase, [recipe.seed, number])):
        batch = _take(pool, rows, recipe, recipe.seed * 100_000 + number * 10_000 + step)
        loss = _loss(network, batch, recipe, phase)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        tick(phase)


def _rate(step: int, steps: int, warm_up: int) -> float:
    """Linear warm-up, then cosine down to zero."""
    return min(1.0, (step + 1) / warm_up) * 0.5 * (1.0 + float(np.cos(np.pi * step / steps)))


def _batches(images: int, phase: Phase, seed: list[int]) -> Iterator[NDArray[np.int64]]:
    """Row numbers of each step: shuffled passes over all images."""
    rng = np.random.default_rng(seed)
    order = np.empty(0, dtype=np.int64)
    for _ in range(phase.steps):
        if len(order) < phase.batch_size:
            order = rng.permutation(images)
        rows, order = order[: phase.batch_size], order[phase.batch_size :]
        yield rows


def _take(pool: _Pool, rows: NDArray[np.int64], recipe: DemoRecipe, seed: int) -> _Batch:
    """The rows' images and masks, augmented alike."""
    masks_how = replace(recipe.augmentation, gain=0.0, speckle=0.0)
    images = augment(pool.pixels[rows], recipe.augmentation, seed)
    coverage = augment(pool.coverage[rows], masks_how, seed) / 255
    normal = normalise(images, MEAN, STD).contiguous(memory_format=torch.channels_last)
    return _Batch(normal, coverage.permute(0, 3, 1, 2), pool.labels[rows], pool.modalities[rows])


def _loss(network: SharedNetwork, batch: _Batch, recipe: DemoRecipe, phase: Phase) -> Tensor:
    """Cross-entropy, plus the node-mask loss of both stages, plus the penalty on energy outside the node."""
    stages = network.stages(batch.images)
    logits = network.logits(stages[-1], batch.modalities)
    loss = functional.cross_entropy(logits, batch.labels, label_smoothing=recipe.label_smoothing)
    for features, predict in zip(stages, network.masks, strict=True):
        wanted = _coverage_of(batch.coverage, features)
        miss = functional.binary_cross_entropy_with_logits(predict(features), wanted)
        loss = loss + recipe.mask_weight * miss
    return loss + phase.outside_penalty * outside_share(stages[-1], batch.coverage)


def outside_share(features: Tensor, coverage: Tensor) -> Tensor:
    """Mean share (0..1) of the squared features N×C×h×w that lies outside the node (coverage N×1×m×m)."""
    energy = features.square().mean(dim=1, keepdim=True)
    outside = 1.0 - _coverage_of(coverage, features)
    return ((energy * outside).sum(dim=(1, 2, 3)) / (energy.sum(dim=(1, 2, 3)) + 1e-6)).mean()


def _coverage_of(coverage: Tensor, features: Tensor) -> Tensor:
    """How much of each feature cell the node covers."""
    height, width = features.shape[-2:]
    return functional.adaptive_avg_pool2d(coverage, (height, width))


def _pool_at(data: Mapping[Modality, PhantomArrays], side_px: int) -> _Pool:
    present = [modality for modality in MODALITIES if modality in data]
    sets = [data[modality] for modality in present]
    counts = torch.tensor([len(arrays.labels) for arrays in sets])
    return _Pool(
        pixels=torch.cat([shrink(arrays.pixels, side_px) for arrays in sets]),
        coverage=torch.cat([shrink(arrays.masks[..., None] * np.uint8(255), MASK_PX) for arrays in sets]),
        labels=torch.from_numpy(np.concatenate([arrays.labels for arrays in sets])),
        modalities=torch.tensor([MODALITIES.index(name) for name in present]).repeat_interleave(counts),
    )


def shrink(pixels: NDArray[np.uint8], side_px: int) -> Tensor:
    """uint8 N×S×S×C resized to side_px, anti-aliased bilinear as in ml.transforms."""
    parts = []
    for part in torch.from_numpy(pixels).split(100):
        planes = part.permute(0, 3, 1, 2).float()
        planes = functional.interpolate(planes, (side_px, side_px), mode="bilinear", antialias=True)
        parts.append(planes.round().to(torch.uint8).permute(0, 2, 3, 1).contiguous())
    return torch.cat(parts)
