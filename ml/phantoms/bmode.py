"""Grey-scale picture of a scene by one machine: speckle, log compression, gain and its drift with depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.phantoms.geometry import Field
from ml.phantoms.noise import FloatArray, blur, grain, wave
from ml.phantoms.scene import Scene


@dataclass(frozen=True)
class Scanner:
    """Settings of one machine: gain and range in dB, resolution cell in mm (depth, width)."""

    gain_db: float
    range_db: float
    cell_mm: tuple[float, float]
    contrast: float
    tint: tuple[float, float, float]


def scanner_settings(rng: np.random.Generator) -> Scanner:
    """Draw the settings of one machine."""
    tints = ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (0.95, 0.98, 1.0), (1.0, 0.98, 0.92))
    return Scanner(
        gain_db=float(rng.normal(0.0, 2.2)),
        range_db=float(rng.uniform(52.0, 62.0)),
        cell_mm=(float(rng.uniform(0.07, 0.12)), float(rng.uniform(0.16, 0.30))),
        contrast=float(rng.uniform(0.60, 0.90)),
        tint=tints[int(rng.integers(len(tints)))],
    )


def bmode(rng: np.random.Generator, scene: Scene, scanner: Scanner) -> FloatArray:
    """Grey values in 0..1, (height, width), black outside what the probe sees."""
    field = scene.field
    echo = scene.echo_db + _depth_gain(rng, field) + _speckle_db(rng, field, scanner)
    grey = np.clip((echo + np.float32(scanner.gain_db)) * np.float32(1 / scanner.range_db) + 1.0, 0.0, 1.0)
    if field.mm_per_px < 0.1:
        return blur(grey, (0.035 / field.mm_per_px,) * 2) * field.inside
    return grey * field.inside


def _depth_gain(rng: np.random.Generator, field: Field) -> FloatArray:
    """What the time-gain sliders leave: a slow drift with depth, weak beams at the sides (dB)."""
    drift = 1.5 * wave(rng, field.height, 4)[:, None] - rng.uniform(2.0, 7.0) * (field.y / field.height_mm)
    contact = -3.0 * np.maximum(wave(rng, field.width, 6)[None, :] - 0.9, 0.0)
    return np.asarray(drift + contact, dtype=np.float32)


def _speckle_db(rng: np.random.Generator, field: Field, scanner: Scanner) -> FloatArray:
    """Log-compressed speckle of two compounded looks; the second look is the first one, moved."""
    rows, columns = (max(0.55, cell / field.mm_per_px) for cell in scanner.cell_mm)
    power = sum(np.square(grain(rng, field.shape, (rows, columns))) for _ in range(2))
    second = np.roll(power, (field.height // 2 + 3, field.width // 3), axis=(0, 1))
    return np.float32(scanner.contrast * 10.0) * np.log10(
        (power + second) * np.float32(0.25) + np.float32(0.02)
    )
