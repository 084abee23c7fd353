"""The demo's recipe, read from ml/configs/demo.toml."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ml.data.augmentation import Augmentation

RECIPE_FILE = Path(__file__).resolve().parents[1] / "configs" / "demo.toml"


@dataclass(frozen=True)
class Phase:
    """Training at one image size."""

    side_px: int
    steps: int
    batch_size: int
    learning_rate: float
    outside_penalty: float


@dataclass(frozen=True)
class DemoRecipe:
    """Everything that decides the demo checkpoints; the comments are in the file."""

    architecture: str
    threads: int
    blocks: tuple[int, int, int, int]
    input_size: int
    seed: int
    phantom_size: tuple[int, int]
    cases_per_class: int
    statistics_per_class: int
    held_out_per_class: int
    calibration_per_class: int
    audited_per_class: int
    weight_decay: float
    label_smoothing: float
    warm_up_steps: int
    mask_weight: float
    phases: tuple[Phase, ...]
    augmentation: Augmentation

    def with_seed(self, seed: int) -> DemoRecipe:
        """The same recipe on other phantoms, from other initial weights."""
        return replace(self, seed=seed)

    def as_config(self) -> dict[str, Any]:
        """Plain values, as the manifest keeps them."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain


def read_recipe(*, tiny: bool = False) -> DemoRecipe:
    """The recipe of the full demo, or the one of `--tiny`."""
    values = tomllib.loads(RECIPE_FILE.read_text(encoding="utf-8"))["tiny" if tiny else "full"]
    phases = tuple(Phase(**phase) for phase in values.pop("phases"))
    augmentation = Augmentation.from_dict(values.pop("augmentation"))
    width, height = values.pop("phantom_size")
    first, second, third, fourth = values.pop("blocks")
    return DemoRecipe(
        **values,
        phantom_size=(width, height),
        blocks=(first, second, third, fourth),
        phases=phases,
        augmentation=augmentation,
    )
