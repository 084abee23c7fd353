"""Echo levels (dB below white) of the scene before any machine looks at it: layers, vessels, node."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ml.phantoms.features import NodeFeatures
from ml.phantoms.geometry import Anatomy, Field, NodeShape, Vessel, anatomy_of
from ml.phantoms.noise import FloatArray, blur, grain, sigmoid, smooth_noise, wave

SKIN_DB, FAT_DB, MUSCLE_DB, DEEP_DB = -22.0, -38.0, -43.0, -32.0
FASCIA_DB, BLOOD_DB, WALL_DB, HILUM_DB, FLUID_DB = -14.0, -66.0, -20.0, -29.0, -60.0


@dataclass(frozen=True)
class Scene:
    """One view of one node; `rho` is the radius relative to the node's outline, `echo_db` the echo level."""

    field: Field
    anatomy: Anatomy
    features: NodeFeatures
    rho: FloatArray
    echo_db: FloatArray


def scene_of(rng: np.random.Generator, features: NodeFeatures, field: Field) -> Scene:
    """Lay out one view of the node and give every tissue its echo."""
    anatomy = anatomy_of(rng, features, field)
    rho = anatomy.node.rho(field)
    echo = _layers(rng, field, anatomy)
    for vessel in anatomy.vessels:
        echo = _with_vessel(echo, field, vessel)
    return _with_node(rng, Scene(field, anatomy, features, rho, echo))


def _layers(rng: np.random.Generator, field: Field, anatomy: Anatomy) -> FloatArray:
    """Skin, fat with septa, striated muscle, bright fasciae, mixed tissue below."""
    skin, fat, muscle = anatomy.layers_mm
    sway = 0.35 * wave(rng, field.width, 5)[None, :]
    depth = field.depth - sway
    long_fibres, short_fibres = _fibres(rng, field, 3.0, 0.10), _fibres(rng, field, 0.9, 0.11)
    texture = smooth_noise(rng, field.shape, (9, 7))
    echo = DEEP_DB + 2.8 * texture + 5.0 * np.maximum(short_fibres - 0.5, -0.8)
    striae = MUSCLE_DB + 8.0 * np.maximum(long_fibres - 0.6, -0.2) + texture
    echo = _blend(striae, echo, sigmoid((depth - muscle) / 0.15))
    septa = FAT_DB + 6.5 * np.maximum(long_fibres[::-1] - 0.8, -0.2) + 1.5 * texture
    echo = _blend(septa, echo, sigmoid((depth - fat) / 0.12))
    echo = _blend(np.asarray(SKIN_DB, np.float32), echo, sigmoid((field.depth - skin) / 0.10))
    broken = 2.5 * smooth_noise(rng, field.shape, (3, 11))
    for level, thick in ((skin, 0.14), (fat, 0.20), (muscle, 0.24)):
        echo = np.maximum(echo, FASCIA_DB + broken - 9.0 * np.square((depth - level) * np.float32(1 / thick)))
    return np.asarray(echo, dtype=np.float32)


def _fibres(rng: np.random.Generator, field: Field, long_mm: float, thin_mm: float) -> FloatArray:
    """Fibres along the skin, of unit variance, gently tilted and wavy."""
    fibres = grain(rng, field.shape, (max(0.6, thin_mm / field.mm_per_px), long_mm / field.mm_per_px))
    slope = rng.normal(0, 0.07) * (field.x[0] - field.width_mm / 2) + 0.6 * wave(rng, field.width, 4)
    rows = np.arange(field.height)[:, None] + np.rint(slope / field.mm_per_px).astype(np.intp)[None, :]
    return np.take_along_axis(fibres, rows % field.height, axis=0)


def _blend(above: FloatArray, below: FloatArray, weight: FloatArray) -> FloatArray:
    return np.asarray(above + (below - above) * weight, dtype=np.float32)


def _with_vessel(echo: FloatArray, field: Field, vessel: Vessel) -> FloatArray:
    """Black lumen, a wall that is bright where the beam meets it squarely, enhancement behind."""
    rho = vessel.rho(field)
    radius = min(vessel.half_axes)
    steep = np.minimum(np.abs(field.y - vessel.centre[1]) / np.float32(vessel.half_axes[1]), 1.0)
    wall = WALL_DB - 16.0 * (1.0 - steep) - 4.0 * np.square((rho - 1.0) * (radius / (vessel.wall_mm * 0.7)))
    echo = echo + _behind(field, rho < 1.0, 4.0)
    lumen = BLOOD_DB + 16.0 * np.maximum(rho - 0.75, 0.0)
    return np.maximum(_blend(lumen, echo, sigmoid((rho - 1.0) * (radius / 0.10))), wall)


def _behind(field: Field, mask: np.ndarray, gain_db: float) -> FloatArray:
    """Gain below a structure, growing with the length of the beam's path through it (full at 8 mm)."""
    inside = mask.astype(np.float32)
    path = np.minimum(np.cumsum(inside, axis=0, dtype=np.float32) * np.float32(field.mm_per_px / 8.0), 1.0)
    return np.float32(gain_db) * blur(path * (1.0 - inside), (0.1, 0.5 / field.mm_per_px))


def _with_node(rng: np.random.Generator, scene: Scene) -> Scene:
    """Cortex, what is inside it, the hilum, the capsule, and enhancement or shadow behind."""
    field, node, features, rho = scene.field, scene.anatomy.node, scene.features, scene.rho
    inner = _cortex(rng, field, node, features)
    if features.hilum:
        inner = _with_hilum(rng, inner, field, node)
    if features.calcification:
        inner = _with_calcifications(rng, inner, field, node)
    edge_mm = (rho - 1.0) * np.float32(min(node.half_axes))
    edge_mm += features.irregularity * 2.5 * smooth_noise(rng, field.shape, (16, 20))
    outer = scene.echo_db + _behind(field, rho < 1.0, features.behind_db)
    echo = _blend(inner, outer, sigmoid(edge_mm * np.float32(2.2 / features.margin_blur_mm)))
    steep = np.minimum(np.square((field.y - node.centre[1]) / np.float32(node.half_extent[1])), 1.0)
    sharp = max(0.0, 1.0 - features.margin_blur_mm)
    capsule = (
        -22.0 - 12.0 * (1.0 - steep) - 8.0 * (1.0 - sharp) - 3.0 * np.square(edge_mm * np.float32(1 / 0.22))
    )
    capsule += 1.5 * smooth_noise(rng, field.shape, (5, 9))
    return replace(scene, echo_db=np.maximum(echo, capsule))


def _cortex(rng: np.random.Generator, field: Field, node: NodeShape, features: NodeFeatures) -> FloatArray:
    cortex = features.cortex_db + features.heterogeneity_db * smooth_noise(rng, field.shape, (8, 10))
    if features.reticulation:
        web = np.abs(smooth_noise(rng, field.shape, (22, 28)))
        cortex = cortex + 7.0 * np.exp(-np.square(web * np.float32(1 / 0.16)))
    if features.necrosis:
        u, v = node.uv(field)
        at = rng.uniform(-0.35, 0.35, 2)
        hole = np.hypot((u - at[0]) / rng.uniform(0.28, 0.5), (v - at[1]) / rng.uniform(0.25, 0.45))
        hole += 0.15 * smooth_noise(rng, field.shape, (12, 12))
        cortex = _blend(np.asarray(FLUID_DB, np.float32), cortex, sigmoid((hole - 1.0) / 0.06))
    return np.asarray(cortex, dtype=np.float32)


def _with_hilum(rng: np.random.Generator, inner: FloatArray, field: Field, node: NodeShape) -> FloatArray:
    """Echogenic centre along the long axis, reaching the surface at the notch."""
    u, v = node.uv(field)
    long, short = float(rng.uniform(0.42, 0.66)), float(rng.uniform(0.20, 0.36))
    side = float(np.sin(node.hilum_angle))
    centre = np.hypot(u / long, (v - 0.10 * side) / short) + 0.22 * smooth_noise(rng, field.shape, (8, 12))
    neck = np.hypot((u - 0.6 * np.cos(node.hilum_angle)) / 0.16, (v - 0.7 * side) / 0.42)
    inside = sigmoid((np.minimum(centre, neck) - 1.0) * np.float32(1 / 0.12))
    level = HILUM_DB + float(rng.normal(0, 1.5)) + 2.0 * smooth_noise(rng, field.shape, (14, 12))
    return _blend(np.asarray(level, dtype=np.float32), inner, inside)


def _with_calcifications(
    rng: np.random.Generator, inner: FloatArray, field: Field, node: NodeShape
) -> FloatArray:
    """A few bright specks in the node."""
    specks = np.zeros(field.shape, np.float32)
    for _ in range(int(rng.integers(4, 12))):
        angle, reach = rng.uniform(0, 2 * np.pi), 0.75 * float(rng.random()) ** 0.5
        x, y = node.point(reach * float(np.cos(angle)), reach * float(np.sin(angle)))
        row, column = int(y / field.mm_per_px), int(x / field.mm_per_px)
        if 0 <= row < field.height and 0 <= column < field.width:
            specks[row, column] = rng.uniform(0.6, 1.0)
    sigma = max(0.6, 0.16 / field.mm_per_px)
    spread = blur(specks, (sigma * 0.8, sigma * 1.2)) * np.float32(2 * np.pi * sigma * sigma * 0.96)
    return inner + np.float32(34.0) * np.minimum(spread, 1.0)
