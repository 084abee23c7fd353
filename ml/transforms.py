"""The only preprocessing there is: the same lines for training, evaluation, serving and Grad-CAM."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

Uint8Image = NDArray[np.uint8]


class Preprocessing(Protocol):
    """What a transform needs to know; a Manifest is one."""

    @property
    def input_size(self) -> int: ...
    @property
    def mean(self) -> tuple[float, float, float]: ...
    @property
    def std(self) -> tuple[float, float, float]: ...


def resize_uint8(image: Image.Image, size: int) -> Uint8Image:
    """`image` as RGB of size × size × 3, stretched, not cropped (paper §2.2); anti-aliased bilinear."""
    rgb = image if image.mode == "RGB" else image.convert("RGB")  # which would copy a large image
    return np.array(rgb.resize((size, size), Image.Resampling.BILINEAR))


def normalise(batch_uint8: Tensor, mean: Sequence[float], std: Sequence[float]) -> Tensor:
    """uint8 N×H×W×3 in 0..255 to float32 N×3×H×W with mean and std of RGB in 0..1; on the batch's device."""
    scale = batch_uint8.new_tensor(std, dtype=torch.float32) * 255
    shift = batch_uint8.new_tensor(mean, dtype=torch.float32) * 255
    # The permuted view keeps the bytes in place: the result is channels-last in memory.
    return batch_uint8.permute(0, 3, 1, 2).float().sub_(shift.view(1, 3, 1, 1)).div_(scale.view(1, 3, 1, 1))


def train_transform(
    how: Preprocessing, augment: Callable[[Uint8Image], Uint8Image] | None = None
) -> Callable[[Image.Image], Tensor]:
    """Image to float32 3×H×W; `augment` changes the resized uint8 image (default none, as in the paper)."""

    def transform(image: Image.Image) -> Tensor:
        pixels = resize_uint8(image, how.input_size)
        pixels = pixels if augment is None else np.ascontiguousarray(augment(pixels))
        return normalise(torch.from_numpy(pixels)[None], how.mean, how.std)[0]

    return transform


def eval_transform(how: Preprocessing) -> Callable[[Image.Image], Tensor]:
    """Image to float32 3×H×W, as the checkpoint wants it."""
    return train_transform(how)
