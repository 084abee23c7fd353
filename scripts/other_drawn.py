"""Pictures that are drawn by chance, noise and blank ones: for scripts/other_pictures.py."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

BLANKS = ("one colour", "gradient", "unsteady gradient")
Levels = NDArray[np.uint8]


def noise(kind: int, rng: np.random.Generator) -> Iterator[Levels]:
    """Thirty pictures of one of NOISES."""
    for _ in range(30):
        height, width = (int(side) for side in rng.integers(96, 600, 2))
        yield np.uint8(np.clip(DRAWN[NOISES[kind]](height, width, rng), 0, 255))


def _coloured(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.normal(rng.uniform(60, 200), rng.uniform(10, 80), (height, width, 3))


def _uniform(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.uniform(0, 255, (height, width))


def _salt(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.where(rng.random((height, width)) < rng.uniform(0.02, 0.5), 255.0, 0.0)


def _rayleigh(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.rayleigh(rng.uniform(20, 80), (height, width))


def _clouds(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    distance = np.hypot(down, across)
    distance[0, 0] = 1
    waves = np.fft.rfft2(rng.normal(size=(height, width))) / distance ** rng.uniform(0.5, 2)
    values = np.fft.irfft2(waves, (height, width))
    return 128 + values / values.std() * rng.uniform(20, 60)


def _octaves(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Noise of several sizes, each half of the one before (as Perlin 1985)."""
    values = np.zeros((height, width))
    count, weaker, strength = rng.uniform(2, 10), rng.uniform(0.4, 0.85), 1.0
    while count < max(height, width):
        few = tuple(int(count * side / max(height, width)) + 2 for side in (height, width))
        values += strength * cv2.resize(rng.normal(size=few), (width, height), interpolation=cv2.INTER_CUBIC)
        count, strength = 2 * count, strength * weaker
    return 128 + values / values.std() * rng.uniform(20, 60)


def _grain(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Blurred noise over a gradient, as of film."""
    values = cv2.GaussianBlur(rng.normal(size=(height, width)), (0, 0), rng.uniform(0.4, 4))
    down, across = np.linspace(0, 1, height)[:, None], np.linspace(0, 1, width)[None]
    slope = rng.uniform(-60, 60) * across + rng.uniform(-60, 60) * down
    return rng.uniform(70, 190) + slope + values / values.std() * rng.uniform(5, 40)


def _cells(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """How far the nearest of some points is (as Worley 1996)."""
    points = (rng.uniform(0, 1, (int(rng.integers(20, 400)), 2)) * (height, width)).astype(int)
    elsewhere = np.ones((height, width), np.uint8)
    elsewhere[tuple(points.T)] = 0
    distance = cv2.distanceTransform(elsewhere, cv2.DIST_L2, 5)
    return 255 * np.clip(distance / np.quantile(distance, 0.98), 0, 1) ** rng.uniform(0.5, 2)


DRAWN = {
    "coloured": _coloured,
    "uniform": _uniform,
    "salt": _salt,
    "rayleigh": _rayleigh,
    "clouds": _clouds,
    "octaves": _octaves,
    "grain": _grain,
    "cells": _cells,
}
NOISES = tuple(DRAWN)


def blank(kind: int, rng: np.random.Generator) -> Iterator[Levels]:
    """Pictures of one of BLANKS."""
    for _ in range(34):
        height, width = (int(side) for side in rng.integers(96, 600, 2))
        first, last = rng.integers(0, 256, (2, 3)).astype(np.float64)
        if kind == 0:
            last = first
        values = np.repeat(np.linspace(first, last, width)[None], height, axis=0)
        if kind == 2:
            values = values + rng.normal(0, rng.uniform(0.3, 3), values.shape)
        yield np.uint8(np.clip(values, 0, 255))
