"""Random fields: coarse ones that look the same at every image size, and the fine grain of speckle."""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

FloatArray: TypeAlias = NDArray[np.floating[Any]]
BoolArray: TypeAlias = NDArray[np.bool_]


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], cells: tuple[int, int]) -> FloatArray:
    """Smooth field of about unit variance through `cells` (rows, columns) knots, the same at every size."""
    knots = rng.standard_normal(cells, dtype=np.float32)
    height, width = shape
    return np.asarray(Image.fromarray(knots).resize((width, height), Image.Resampling.BICUBIC)) * np.float32(
        1.3
    )


def wave(rng: np.random.Generator, count: int, knots: int) -> FloatArray:
    """Smooth curve of `count` samples through `knots` random heights of about unit variance."""
    return smooth_noise(rng, (1, count), (1, knots))[0]


def grain(rng: np.random.Generator, shape: tuple[int, int], sigma: tuple[float, float]) -> FloatArray:
    """White noise blurred by `sigma` pixels (rows, columns), scaled back to unit variance."""
    field = blur(rng.standard_normal(shape, dtype=np.float32), sigma)
    return np.asarray(field / field.std(), dtype=np.float32)


def blur(field: FloatArray, sigma: tuple[float, float]) -> FloatArray:
    """Gaussian blur by `sigma` pixels (rows, columns)."""
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigmaX=max(sigma[1], 0.1), sigmaY=max(sigma[0], 0.1)))


def sigmoid(values: FloatArray) -> FloatArray:
    """Soft step from 0 to 1."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * values), dtype=np.float32)
