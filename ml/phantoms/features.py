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
        diameter_mm=(14.2, 1.7), axis_ratio=(2.15, 0.50), hilum=0.84,
        irregularity=(0.022, 0.018), margin_blur_mm=(0.28, 0.13), cortex_db=(-42.5, 2.8),
        heterogeneity_db=(1.5, 0.7), behind_db=(0.6, 1.5),
        necrosis=0.04, calcification=0.05, reticulation=0.08,
        flow=(0.28, 0.58, 0.04, 0.10), asteria=(0.46, 0.40, 0.11, 0.03),
    ),
    "lymphoma": ClassProfile(
        diameter_mm=(16.0, 1.9), axis_ratio=(1.36, 0.26), hilum=0.18,
        irregularity=(0.024, 0.019), margin_blur_mm=(0.26, 0.12), cortex_db=(-48.5, 3.0),
        heterogeneity_db=(1.8, 0.8), behind_db=(2.8, 1.8),
        necrosis=0.07, calcification=0.05, reticulation=0.55,
        flow=(0.08, 0.26, 0.06, 0.60), asteria=(0.06, 0.46, 0.40, 0.08),
    ),
    "metastatic": ClassProfile(
        diameter_mm=(15.6, 2.0), axis_ratio=(1.50, 0.34), hilum=0.10,
        irregularity=(0.070, 0.036), margin_blur_mm=(0.42, 0.25), cortex_db=(-42.5, 3.2),
        heterogeneity_db=(3.8, 1.5), behind_db=(-0.2, 2.0),
        necrosis=0.30, calcification=0.34, reticulation=0.08,
        flow=(0.06, 0.04, 0.54, 0.36), asteria=(0.02, 0.08, 0.32, 0.58),
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
    diameter = _normal(rng, profile.diameter_mm, 9.5, 20.0)
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
