"""Where things lie: the field in millimetres, the tissue layers, the node's outline, the great vessels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ml.phantoms.features import NodeFeatures
from ml.phantoms.noise import BoolArray, FloatArray


@dataclass(frozen=True)
class Field:
    """Pixel grid of the scanned field. `curve_mm` is the radius of a curved probe, None for a linear one."""

    width: int
    height: int
    mm_per_px: float
    curve_mm: float | None = None

    @property
    def shape(self) -> tuple[int, int]:
        return self.height, self.width

    @property
    def width_mm(self) -> float:
        return self.width * self.mm_per_px

    @property
    def height_mm(self) -> float:
        return self.height * self.mm_per_px

    @cached_property
    def x(self) -> FloatArray:
        """Millimetres from the left edge, (1, width)."""
        return ((np.arange(self.width, dtype=np.float32) + 0.5) * np.float32(self.mm_per_px))[None, :]

    @cached_property
    def y(self) -> FloatArray:
        """Millimetres from the upper edge, (height, 1)."""
        return ((np.arange(self.height, dtype=np.float32) + 0.5) * np.float32(self.mm_per_px))[:, None]

    @cached_property
    def depth(self) -> FloatArray:
        """Millimetres from the probe's face, (height, width)."""
        if self.curve_mm is None:
            return np.broadcast_to(self.y, self.shape)
        radius = np.hypot(self.x - self.width_mm / 2, self.y + np.float32(self.curve_mm))
        return np.asarray(radius - self.curve_mm, dtype=np.float32)

    @cached_property
    def inside(self) -> BoolArray:
        """Pixels that the probe sees."""
        if self.curve_mm is None:
            return np.ones(self.shape, dtype=bool)
        half_angle = np.arctan2(self.width_mm / 2, self.curve_mm + 0.80 * self.height_mm)
        offset = np.abs(self.x - self.width_mm / 2)
        within_angle = offset <= np.tan(half_angle) * (self.y + self.curve_mm)
        return within_angle & (self.depth >= 0) & (self.depth <= self.height_mm * 0.99)


@dataclass(frozen=True)
class NodeShape:
    """Outline of the node: an ellipse with radial harmonics and, at the hilum, a notch. Lengths in mm."""

    centre: tuple[float, float]
    half_axes: tuple[float, float]
    tilt_rad: float
    harmonics: tuple[tuple[int, float, float], ...]
    hilum_angle: float
    notch: float

    def radius(self, angle: FloatArray) -> FloatArray:
        """Outline radius in units of the ellipse at each angle."""
        radius = np.ones_like(angle)
        for order, amplitude, phase in self.harmonics:
            radius += np.float32(amplitude) * np.cos(order * angle + np.float32(phase))
        turn = np.angle(np.exp(1j * (angle - self.hilum_angle))) if self.notch else 0.0
        return np.asarray(radius - self.notch * np.exp(-(np.square(turn) / 0.09)), dtype=np.float32)

    @cached_property
    def _outline(self) -> FloatArray:
        return self.radius(np.linspace(-np.pi, np.pi, 721, dtype=np.float32))

    def uv(self, field: Field) -> tuple[FloatArray, FloatArray]:
        """Every pixel in the node's own axes: (u, v), where the plain ellipse has radius 1."""
        dx, dy = field.x - np.float32(self.centre[0]), field.y - np.float32(self.centre[1])
        cos, sin = np.float32(np.cos(self.tilt_rad)), np.float32(np.sin(self.tilt_rad))
        u = (dx * cos + dy * sin) / np.float32(self.half_axes[0])
        v = (dy * cos - dx * sin) / np.float32(self.half_axes[1])
        return u, v

    def rho(self, field: Field) -> FloatArray:
        """Radius of every pixel relative to the outline: below 1 is inside."""
        u, v = self.uv(field)
        position = (np.arctan2(v, u) + np.float32(np.pi)) * np.float32(720 / (2 * np.pi))
        return np.asarray(
            np.hypot(u, v) / self._outline[np.rint(position).astype(np.int16)], dtype=np.float32
        )

    def point(self, u: float, v: float) -> tuple[float, float]:
        """Millimetres of a point given in the node's own axes."""
        cos, sin = float(np.cos(self.tilt_rad)), float(np.sin(self.tilt_rad))
        a, b = u * self.half_axes[0], v * self.half_axes[1]
        return self.centre[0] + a * cos - b * sin, self.centre[1] + a * sin + b * cos

    @cached_property
    def half_extent(self) -> tuple[float, float]:
        """Half width and half height of the bounding box in mm."""
        cos, sin = np.cos(self.tilt_rad), np.sin(self.tilt_rad)
        a, b = self.half_axes
        reach = float(self._outline.max())
        return float(np.hypot(a * cos, b * sin)) * reach, float(np.hypot(a * sin, b * cos)) * reach


@dataclass(frozen=True)
class Vessel:
    """A great vessel cut across: centre, half axes in mm, flow towards (+) or away from (-) the probe."""

    centre: tuple[float, float]
    half_axes: tuple[float, float]
    wall_mm: float
    velocity: float

    def rho(self, field: Field) -> FloatArray:
        u = (field.x - np.float32(self.centre[0])) / np.float32(self.half_axes[0])
        v = (field.y - np.float32(self.centre[1])) / np.float32(self.half_axes[1])
        return np.asarray(np.hypot(u, v), dtype=np.float32)


@dataclass(frozen=True)
class Anatomy:
    """The scene of one image."""

    node: NodeShape
    vessels: tuple[Vessel, ...]
    layers_mm: tuple[float, float, float]


def node_shape(rng: np.random.Generator, features: NodeFeatures, field: Field) -> NodeShape:
    """Place the node where it fits into the field, below the skin and the muscle."""
    half = (features.long_mm / 2, features.short_mm / 2)
    room_x = max(0.0, field.width_mm / 2 - half[0] * 1.02)
    low, high = half[1] + 4.0, field.height_mm - half[1] - 1.0
    centre_y = rng.uniform(0.44, 0.60) * field.height_mm
    return NodeShape(
        centre=(
            field.width_mm / 2 + float(np.clip(rng.normal(0, 0.09) * field.width_mm, -room_x, room_x)),
            float(np.clip(centre_y, low, high)) if low < high else (low + high) / 2,
        ),
        half_axes=half,
        tilt_rad=features.tilt_rad + float(rng.normal(0, 0.04)),
        harmonics=features.harmonics,
        hilum_angle=features.hilum_angle,
        notch=features.notch,
    )


def great_vessels(rng: np.random.Generator, node: NodeShape, field: Field) -> tuple[Vessel, ...]:
    """Carotid and jugular beside the node, on the side with more room; those that do not fit are left out."""
    side = 1.0 if node.centre[0] < field.width_mm / 2 else -1.0
    radius = float(rng.uniform(2.4, 3.3))
    gap = float(rng.uniform(0.8, 2.0))
    x = node.centre[0] + side * (node.half_extent[0] * 0.80 + radius + gap)
    y = float(
        np.clip(
            node.centre[1] + rng.uniform(0.35, 0.8) * node.half_extent[1] + radius,
            0,
            field.height_mm - radius,
        )
    )
    carotid = Vessel(
        (x, y), (radius * float(rng.uniform(0.95, 1.25)), radius), 0.40, float(rng.uniform(0.4, 1.15))
    )
    flat = float(rng.uniform(0.45, 0.85))
    wide = radius * float(rng.uniform(1.1, 1.5))
    jugular = Vessel(
        (x + side * rng.uniform(0.5, 1.5), y - radius - wide * flat - 0.7),
        (wide, wide * flat),
        0.18,
        -float(rng.uniform(0.4, 0.9)),
    )
    shown = rng.random(2) < np.array((0.75, 0.6))
    return tuple(
        v for v, show in zip((carotid, jugular), shown, strict=True) if show and not _touches(v, node)
    )


def _touches(vessel: Vessel, node: NodeShape) -> bool:
    """Whether the vessel's outline enters the node (sampled around the vessel)."""
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    reach = 1.0 + vessel.wall_mm
    dx = vessel.centre[0] + reach * vessel.half_axes[0] * np.cos(angle) - node.centre[0]
    dy = vessel.centre[1] + reach * vessel.half_axes[1] * np.sin(angle) - node.centre[1]
    cos, sin = np.cos(node.tilt_rad), np.sin(node.tilt_rad)
    u, v = (dx * cos + dy * sin) / node.half_axes[0], (dy * cos - dx * sin) / node.half_axes[1]
    return bool((np.hypot(u, v) < node.radius(np.arctan2(v, u).astype(np.float32)) * 1.04).any())


def anatomy_of(rng: np.random.Generator, features: NodeFeatures, field: Field) -> Anatomy:
    """Node, vessels and the depths of skin, fat and muscle (mm) for one view."""
    node = node_shape(rng, features, field)
    top = max(3.2, node.centre[1] - node.half_extent[1])
    skin = float(rng.uniform(0.9, 1.6))
    fat = float(rng.uniform(0.30, 0.50)) * top
    muscle = float(rng.uniform(0.80, 0.97)) * top
    return Anatomy(node, great_vessels(rng, node, field), (min(skin, fat * 0.6), fat, muscle))
