"""Batches of uint8 pixels from the memory-mapped cache to the device, the next one already under way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ml.data.cache import CachedSet
from ml.data.folds import Rows, oversample


@dataclass(frozen=True)
class Batch:
    """uint8 N×S×S×3 pixels and int64 N labels on the device; normalised there, not here."""

    images: Tensor
    labels: Tensor
    count: int  # images in the whole batch, over all processes


def epoch_order(cached: CachedSet, rows: Rows, *, seed: Sequence[int], balance: bool) -> Rows:
    """Training rows of one epoch in random order, over-sampled where asked; a function of the seed."""
    rng = np.random.default_rng(list(seed))
    drawn = oversample(np.array(cached.samples.labels), rows, rng) if balance else rows
    return rng.permutation(drawn)


def cut(order: Rows, batch_size: int) -> list[Rows]:
    """Batches in order; a remainder below half a batch joins the last full one (batch norm needs company)."""
    batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    if len(batches) > 1 and len(batches[-1]) < batch_size / 2:
        batches[-2:] = [np.concatenate(batches[-2:])]
    return batches


def load(
    cached: CachedSet, batches: Sequence[Rows], device: torch.device, *, rank: int = 0, world: int = 1
) -> Iterator[Batch]:
    """This process's share of each batch, in order, one batch read ahead in a thread."""
    labels = np.array(cached.samples.labels, dtype=np.int64)

    def read(rows: Rows) -> Batch:
        own = np.array_split(rows, world)[rank]
        images = torch.from_numpy(cached.images[own])
        return Batch(_to(device, images), _to(device, torch.from_numpy(labels[own])), len(rows))

    if not batches:
        return
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(read, batches[0])
        for following in batches[1:]:
            ready, ahead = ahead.result(), pool.submit(read, following)
            yield ready
        yield ahead.result()


def _to(device: torch.device, tensor: Tensor) -> Tensor:
    if device.type != "cuda":
        return tensor
    return tensor.pin_memory().to(device, non_blocking=True)
