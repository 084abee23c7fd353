"""The parts of a grid: one pre-training a backbone, one fine-tuning a backbone, modality and variant."""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ml.reproduce.config import GridConfig, GridError

RUNS = "runs"


@dataclass(frozen=True)
class Part:
    """One training command; `needs` is the part whose backbone it starts from."""

    name: str  # resnet152/pretrain, resnet152/2d/scratch, resnet152/2d/pretrained
    backbone: str
    modality: str | None  # None: pre-training
    variant: str | None
    folder: Path
    needs: str | None = None

    @property
    def is_pretraining(self) -> bool:
        return self.modality is None


def plan(config: GridConfig, out: Path) -> list[Part]:
    """Every part, in an order in which each one's needs come first."""
    parts = []
    for backbone in config.grid.backbones:
        home = out / RUNS / folder_name(backbone)
        first = f"{folder_name(backbone)}/pretrain"
        if "pretrained" in config.grid.variants:
            parts.append(Part(first, backbone, None, None, home / "pretrain"))
        for modality in config.grid.modalities:
            for variant in config.grid.variants:
                name = f"{folder_name(backbone)}/{modality}/{variant}"
                needs = first if variant == "pretrained" else None
                parts.append(Part(name, backbone, modality, variant, home / modality / variant, needs))
    return parts


def choose(parts: list[Part], patterns: list[str]) -> list[Part]:
    """The parts whose names match a pattern (`*` stands for anything), and what they need; else all."""
    if not patterns:
        return parts
    chosen = [part for part in parts if any(fnmatchcase(part.name, pattern) for pattern in patterns)]
    if not chosen:
        names = ", ".join(part.name for part in parts[:4])
        raise GridError(f"No part matches {' or '.join(patterns)}. Parts are named like {names}, …")
    needed = {part.needs for part in chosen}
    return [part for part in parts if part in chosen or part.name in needed]


def is_done(part: Part) -> bool:
    """Whether the training command has written its last word."""
    return status(part) == "done"


def status(part: Part) -> str:
    """ "done", "begun" or "open"."""
    path = part.folder / "run.json"
    if not path.is_file():
        return "open"
    try:
        return "done" if json.loads(path.read_text(encoding="utf-8")).get("status") == "done" else "begun"
    except ValueError:
        return "begun"


def drop_weights(part: Part, config: GridConfig) -> int:
    """Deletes the fold weights of a finished part unless they are to be kept; gives the bytes freed."""
    chosen = (part.backbone, part.modality) == (config.grid.chosen_backbone, config.grid.chosen_modality)
    if config.grid.keep_weights == "all" or chosen or part.is_pretraining or not is_done(part):
        return 0
    freed = 0
    for path in part.folder.glob("fold-*/best.safetensors"):
        freed += path.stat().st_size
        path.unlink()
    return freed


def folder_name(backbone: str) -> str:
    """A backbone's name as a folder: timm:vit_tiny becomes timm-vit_tiny."""
    return backbone.replace(":", "-").replace("/", "-")
