"""Ultrasound-safe augmentation of a batch, as `ml.data.augmentation` asks for it."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from ml.data.augmentation import Augmentation


def augment(batch: Tensor, how: Augmentation, seed: int) -> Tensor:
    """uint8 N×H×W×3 to float32 N×H×W×3 in 0..255 on the same device, changed image by image from `seed`."""
    draw = torch.Generator().manual_seed(seed)
    images = batch.permute(0, 3, 1, 2).float()
    grid = functional.affine_grid(_affine(len(batch), how, draw), list(images.shape), align_corners=False)
    images = functional.grid_sample(images, grid.to(batch.device), padding_mode="zeros", align_corners=False)
    gain = 1 + how.gain * _uniform((len(batch), 1, 1, 1), draw).to(batch.device)
    noise = torch.randn(len(batch), 1, *images.shape[2:], generator=draw).to(batch.device)
    images = (images * gain * (1 + how.speckle * noise)).clamp_(0, 255)
    return images.permute(0, 2, 3, 1)


def _affine(count: int, how: Augmentation, draw: torch.Generator) -> Tensor:
    """Inverse maps N×2×3 in the normalised coordinates of grid_sample."""
    angle = _uniform((count,), draw) * math.radians(how.rotate_degrees)
    scale = 1 / (1 + how.zoom * _uniform((count,), draw))
    mirror = torch.where(torch.rand(count, generator=draw) < 0.5 * how.horizontal_flip, -1.0, 1.0)
    shift = 2 * how.shift * _uniform((count, 2), draw)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [cos * mirror, -sin, shift[:, 0], sin * mirror, cos, shift[:, 1]]
    return torch.stack(rows, dim=1).reshape(count, 2, 3)


def _uniform(shape: tuple[int, ...], draw: torch.Generator) -> Tensor:
    """Uniform in -1..1."""
    return torch.rand(shape, generator=draw) * 2 - 1
