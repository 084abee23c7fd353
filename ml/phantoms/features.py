"""What is drawn for a node of each class: the features the paper reports, in the literature's direction.

Benign nodes are long, keep an echogenic hilum, are fed from it and stay soft; lymphoma is round, smooth and
very dark; metastases are round or irregular, without a hilum, fed from the periphery and hard (paper §3.1
and §4; its long/short ratios are printed the wrong way round, so the literature is followed). The classes
overlap on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

FlowType = Literal["absent", "hilar", "peripheral", "mixed"]
FLOW_TYPES: tuple[FlowType, ...] = ("absent", "hilar", "peripheral", "mixed")
ASTERIA_SCORES = (1, 2, 3, 4)


@dataclass(frozen=True)
class ClassProfile:
    """Distributions of one class: (mean, standard deviation), or probabilities in the order above."""

    diameter_mm: tuple[float, float]
    axis_ratio: tuple[float, float]
    hilum: float
    irregularity: tuple[float, float]
    margin_blur_mm: tuple[float, float]
    cortex_db: tuple[float, float]
    heterogeneity_db: tuple[float, float]
    behind_db: tuple[float, float]
    necrosis: float
    calcification: float
    reticulation: float
    flow: tuple[float, float, float, float]
    asteria: tuple[float, float, float, float]


PROFILES: dict[str, ClassProfile] = {
    "benign": ClassProfile(
        diameter_mm=(16.2, 1.7), axis_ratio=(2.28, 0.46), hilum=0.92,
        irregularity=(0.020, 0.015), margin_blur_mm=(0.28, 0.13), cortex_db=(-42.0, 2.8),
        heterogeneity_db=(1.3, 0.6), behind_db=(0.6, 1.5),
        necrosis=0.03, calcification=0.03, reticulation=0.05,
        flow=(0.24, 0.66, 0.03, 0.07), asteria=(0.56, 0.38, 0.05, 0.01),
    ),
    "lymphoma": ClassProfile(
        diameter_mm=(18.0, 1.9), axis_ratio=(1.31, 0.22), hilum=0.08,
        irregularity=(0.020, 0.015), margin_blur_mm=(0.26, 0.12), cortex_db=(-49.0, 3.0),
        heterogeneity_db=(1.6, 0.7), behind_db=(4.2, 1.6),
        necrosis=0.05, calcification=0.03, reticulation=0.80,
        flow=(0.05, 0.12, 0.03, 0.80), asteria=(0.05, 0.62, 0.29, 0.04),
    ),
    "metastatic": ClassProfile(
        diameter_mm=(17.6, 2.0), axis_ratio=(1.48, 0.30), hilum=0.05,
        irregularity=(0.080, 0.034), margin_blur_mm=(0.42, 0.25), cortex_db=(-41.8, 3.0),
        heterogeneity_db=(5.8, 1.4), behind_db=(-0.6, 1.8),
        necrosis=0.44, calcification=0.55, reticulation=0.05,
        flow=(0.04, 0.03, 0.77, 0.16), asteria=(0.01, 0.04, 0.25, 0.70),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class NodeFeatures:
    """One node, as a sonographer would describe it; lengths in mm, echo levels in dB below white."""

    long_mm: float
    short_mm: float
    tilt_rad: float
    hilum: bool
    irregularity: float
    margin_blur_mm: float
    cortex_db: float
    heterogeneity_db: float
    behind_db: float
    necrosis: bool
    calcification: bool
    reticulation: bool
    flow: FlowType
    flow_amount: float
    asteria: int
    harmonics: tuple[tuple[int, float, float], ...]  # (order, amplitude, phase) of the outline
    hilum_angle: float
    notch: float

    @property
    def axis_ratio(self) -> float:
        return self.long_mm / self.short_mm


def node_features(rng: np.random.Generator, class_name: str) -> NodeFeatures:
    """Draw one node of the class."""
    profile = PROFILES[class_name]
    diameter = _normal(rng, profile.diameter_mm, 11.0, 22.0)
    ratio = _normal(rng, profile.axis_ratio, 1.02, 3.5)
    hilum = bool(rng.random() < profile.hilum)
    irregularity = _normal(rng, profile.irregularity, 0.0, 0.16)
    return NodeFeatures(
        long_mm=min(diameter * ratio**0.5, 27.0),
        short_mm=min(diameter / ratio**0.5, 18.5),
        tilt_rad=float(np.clip(rng.normal(0.0, 0.16), -0.4, 0.4)),
        hilum=hilum,
        irregularity=irregularity,
        margin_blur_mm=_normal(rng, profile.margin_blur_mm, 0.08, 1.2),
        cortex_db=_normal(rng, profile.cortex_db, -60.0, -34.0),
        heterogeneity_db=_normal(rng, profile.heterogeneity_db, 0.2, 8.0),
        behind_db=_normal(rng, profile.behind_db, -6.0, 8.0),
        necrosis=bool(rng.random() < profile.necrosis),
        calcification=bool(rng.random() < profile.calcification),
        reticulation=bool(rng.random() < profile.reticulation),
        flow=FLOW_TYPES[int(rng.choice(4, p=profile.flow))],
        flow_amount=float(rng.uniform(0.6, 1.4)),
        asteria=int(rng.choice(ASTERIA_SCORES, p=profile.asteria)),
        harmonics=_harmonics(rng, irregularity),
        hilum_angle=float(rng.choice((-1.0, 1.0)) * np.pi / 2 + rng.normal(0, 0.35)),
        notch=float(rng.uniform(0.05, 0.18)) if hilum else 0.0,
    )


def _harmonics(rng: np.random.Generator, irregularity: float) -> tuple[tuple[int, float, float], ...]:
    weights = {2: 0.6, 3: 1.0, 4: 0.8, 5: 0.8, 7: 0.5, 9: 0.35}
    return tuple(
        (order, irregularity * weight * float(rng.uniform(0.4, 1.0)), float(rng.uniform(0, 2 * np.pi)))
        for order, weight in weights.items()
    )


def _normal(rng: np.random.Generator, mean_std: tuple[float, float], low: float, high: float) -> float:
    return float(np.clip(rng.normal(*mean_std), low, high))
