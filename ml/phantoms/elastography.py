"""Strain elastography: a stiffness map after the Asteria score, and its colours."""

from __future__ import annotations

import numpy as np

from ml.phantoms.noise import FloatArray, blur, grain, sigmoid, smooth_noise
from ml.phantoms.scene import Scene

# Share of the node that is stiff, for Asteria 1 (soft all over) to 4 (no elasticity).
STIFF_SHARE = {1: (0.0, 0.08), 2: (0.14, 0.36), 3: (0.52, 0.82), 4: (0.95, 1.0)}
SOFT_TO_HARD = np.array(
    [
        (215, 20, 10),
        (250, 120, 10),
        (245, 235, 30),
        (90, 215, 50),
        (20, 180, 120),
        (20, 130, 230),
        (15, 20, 190),
    ],
    dtype=np.float32,
)


def stiffness_map(rng: np.random.Generator, scene: Scene) -> FloatArray:
    """Stiffness 0 (soft) to 1 (hard), (height, width)."""
    field = scene.field
    _, fat, muscle = scene.anatomy.layers_mm
    base = 0.40 + 0.09 * smooth_noise(rng, field.shape, (7, 6)) + float(rng.normal(0, 0.03))
    above_muscle = sigmoid((fat - field.depth) / 0.5)
    base += -0.16 * above_muscle + 0.10 * (1.0 - above_muscle) * sigmoid((muscle - field.depth) / 0.5)
    for vessel in scene.anatomy.vessels:
        base += np.float32(0.30 * (rng.random() - 0.4)) * sigmoid((1.1 - vessel.rho(field)) / 0.08)
    stiff = _stiff_part(rng, scene)
    hard, soft = float(rng.normal(0.90, 0.05)), float(rng.normal(0.47, 0.05))
    node = soft + 0.06 * smooth_noise(rng, field.shape, (10, 10)) + (hard - soft) * stiff
    value = base + (node - base) * sigmoid((1.03 - scene.rho) / 0.05)
    value += 0.045 * grain(rng, field.shape, (0.12 / field.mm_per_px, 0.9 / field.mm_per_px))
    return np.clip(blur(value, (0.18 / field.mm_per_px,) * 2), 0.0, 1.0)


def _stiff_part(rng: np.random.Generator, scene: Scene) -> FloatArray:
    """Where the node is stiff: soft-edged patches covering the share that the score stands for."""
    share = float(rng.uniform(*STIFF_SHARE[scene.features.asteria]))
    patches = smooth_noise(rng, scene.field.shape, (9, 11)) + 0.9 * np.minimum(scene.rho, 1.2)
    threshold = np.quantile(patches[scene.rho < 1.0], 1.0 - share)
    return sigmoid((patches - np.float32(threshold)) / 0.12)


def stiffness_colours(stiffness: FloatArray) -> FloatArray:
    """RGB (…, 3) in 0..255: red is soft, green between, blue hard."""
    position = np.clip(stiffness, 0.0, 1.0) * np.float32(len(SOFT_TO_HARD) - 1.001)
    low = position.astype(np.int8)
    share = (position - low)[..., None]
    return np.asarray(SOFT_TO_HARD[low] * (1 - share) + SOFT_TO_HARD[low + 1] * share, dtype=np.float32)
