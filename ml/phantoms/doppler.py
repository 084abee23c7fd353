"""Colour Doppler: the node's vessels by flow type, the great vessels, colour noise, and the velocity bar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from ml.phantoms.features import FlowType
from ml.phantoms.geometry import Field, NodeShape
from ml.phantoms.noise import FloatArray, blur, smooth_noise
from ml.phantoms.scene import Scene

Path = list[tuple[float, float]]
TOWARDS = np.array([(70, 0, 0), (190, 10, 0), (245, 90, 10), (255, 215, 70)], dtype=np.float32)
AWAY = np.array([(0, 0, 80), (10, 40, 200), (30, 120, 250), (120, 235, 255)], dtype=np.float32)


@dataclass(frozen=True)
class Stroke:
    """One vessel: a path in the node's own axes, width in mm, velocity (±1 is the end of the bar)."""

    path: Path
    width_mm: float
    velocity: float


def node_strokes(rng: np.random.Generator, node: NodeShape, flow: FlowType, amount: float) -> list[Stroke]:
    """Vessels of the node for one flow type."""
    strokes: list[Stroke] = []
    if flow in ("hilar", "mixed"):
        strokes += _hilar_tree(rng, node, amount)
    if flow in ("peripheral", "mixed"):
        strokes += _peripheral_arcs(rng, node, amount)
    if flow == "mixed":
        strokes += _wanderers(rng, amount)
    return strokes


def _hilar_tree(rng: np.random.Generator, node: NodeShape, amount: float) -> list[Stroke]:
    """A trunk from the hilum to the centre and branches along the long axis that stay inside."""
    entry = (1.05 * float(np.cos(node.hilum_angle)), 1.05 * float(np.sin(node.hilum_angle)))
    centre = (float(rng.normal(0, 0.08)), 0.15 * entry[1])
    sign = float(rng.choice((-1.0, 1.0)))
    strokes = [Stroke(_winding(rng, entry, centre, 0.08), 0.95, sign * float(rng.uniform(0.5, 0.9)))]
    for _ in range(max(2, round(4 * amount))):
        along = float(rng.choice((-1.0, 1.0)) * rng.uniform(0.25, 0.55))
        end = (centre[0] + along, centre[1] + float(rng.normal(0, 0.22)))
        speed = sign * float(rng.choice((-1.0, 1.0), p=(0.3, 0.7))) * float(rng.uniform(0.25, 0.6))
        strokes.append(Stroke(_winding(rng, centre, end, 0.10), float(rng.uniform(0.45, 0.75)), speed))
    return strokes


def _peripheral_arcs(rng: np.random.Generator, node: NodeShape, amount: float) -> list[Stroke]:
    """Pieces along the capsule, some with a spur into the node, none from the hilum."""
    strokes = []
    for start in rng.uniform(0, 2 * np.pi, max(3, round(5 * amount))):
        angle = start + np.linspace(0, rng.uniform(0.25, 0.8), 8)
        reach = rng.uniform(0.84, 1.02) * node.radius(angle.astype(np.float32))
        path = [(float(r * np.cos(a)), float(r * np.sin(a))) for r, a in zip(reach, angle, strict=True)]
        speed = float(rng.choice((-1.0, 1.0)) * rng.uniform(0.3, 1.0))
        strokes.append(Stroke(path, float(rng.uniform(0.5, 0.85)), speed))
        if rng.random() < 0.35:
            inward = (path[4][0] * 0.65, path[4][1] * 0.65)
            strokes.append(Stroke(_winding(rng, path[4], inward, 0.06), 0.45, -speed * 0.7))
    return strokes


def _wanderers(rng: np.random.Generator, amount: float) -> list[Stroke]:
    """Twisted pieces anywhere in the node."""
    strokes = []
    for _ in range(round(4 * amount)):
        begin = rng.uniform(-0.65, 0.65, 2)
        end = begin + rng.normal(0, 0.3, 2)
        path = _winding(rng, (float(begin[0]), float(begin[1])), (float(end[0]), float(end[1])), 0.16)
        strokes.append(
            Stroke(path, float(rng.uniform(0.45, 0.8)), float(rng.choice((-1, 1)) * rng.uniform(0.3, 1.1)))
        )
    return strokes


def _winding(
    rng: np.random.Generator, begin: tuple[float, float], end: tuple[float, float], bend: float
) -> Path:
    """A curve of nine points between two points."""
    t = np.linspace(0, 1, 9)
    side = bend * np.sin(np.pi * t) * rng.normal() + 0.5 * bend * np.sin(2 * np.pi * t) * rng.normal()
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    return [
        (float(begin[0] + dx * s - dy * b), float(begin[1] + dy * s + dx * b))
        for s, b in zip(t, side, strict=True)
    ]


def flow_maps(rng: np.random.Generator, scene: Scene) -> tuple[FloatArray, FloatArray]:
    """Doppler power in 0..1 and velocity (±1 is the bar's end, more aliases), each (height, width)."""
    field, node = scene.field, scene.anatomy.node
    power, moving = (Image.new("F", (field.width, field.height)) for _ in range(2))
    for stroke in node_strokes(rng, node, scene.features.flow, scene.features.flow_amount):
        points = [
            (x / field.mm_per_px, y / field.mm_per_px) for x, y in (node.point(*p) for p in stroke.path)
        ]
        width = max(1, round(stroke.width_mm / field.mm_per_px))
        ImageDraw.Draw(power).line(points, fill=1.0, width=width, joint="curve")
        ImageDraw.Draw(moving).line(points, fill=stroke.velocity, width=width, joint="curve")
    sigma = 0.18 / field.mm_per_px
    amount = blur(np.asarray(power), (sigma, sigma))
    speed = blur(np.asarray(moving), (sigma, sigma)) / np.maximum(amount, 0.05)
    amount, velocity = _with_colour_noise(rng, field, amount, speed)
    for vessel in scene.anatomy.vessels:
        rho = vessel.rho(field)
        lumen = rho < 0.93
        amount = np.where(lumen, np.float32(1.0), amount)
        velocity = np.where(
            lumen, vessel.velocity * (1.0 - 0.5 * np.square(rho)) + 0.2 * (velocity - 0.5), velocity
        )
    return amount, np.asarray(velocity, dtype=np.float32)


def _with_colour_noise(
    rng: np.random.Generator, field: Field, power: FloatArray, velocity: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Ragged edges on the vessels and, here and there, a patch that is no vessel."""
    cells = (max(4, round(field.height_mm / 0.55)), max(4, round(field.width_mm / 0.55)))
    ragged = smooth_noise(rng, field.shape, cells)
    flash = ragged > np.float32(rng.uniform(3.3, 4.2))
    power = np.clip(power * (1.0 + 0.42 * ragged), 0.0, 1.0) + np.float32(0.6) * flash
    velocity = velocity + 0.14 * ragged[:, ::-1] + 0.5 * flash * np.sign(ragged[::-1])
    return np.asarray(power, dtype=np.float32), np.asarray(velocity, dtype=np.float32)


def velocity_colours(velocity: FloatArray) -> FloatArray:
    """RGB (…, 3) in 0..255: red to yellow towards the probe, blue to cyan away, wrapped beyond ±1."""
    wrapped = (velocity + 1.0) % 2.0 - 1.0
    position = np.minimum(np.abs(wrapped) * 3.0, 2.999)
    low = position.astype(np.int8)
    share = (position - low)[..., None]
    towards = TOWARDS[low] * (1 - share) + TOWARDS[low + 1] * share
    away = AWAY[low] * (1 - share) + AWAY[low + 1] * share
    return np.asarray(np.where((wrapped >= 0)[..., None], towards, away), dtype=np.float32)
