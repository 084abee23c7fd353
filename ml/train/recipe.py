"""The recipe of a run: every number that training depends on, from a TOML file and the command line."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from ml.data.augmentation import Augmentation
from ml.data.samples import DataError
from ml.manifest import INPUT_SIZES

PRECISIONS = ("auto", "fp32", "bf16")
STATISTICS = ("task", "shared")


@dataclass(frozen=True)
class Recipe:
    """Defaults are the paper's (§2.2 – §2.4) where it states a value."""

    architecture: str = "resnet152"
    input_size: int = 384  # pixels, height = width
    start: str = "random"  # random, imagenet, or a .safetensors file; the paper does not say which
    learning_rate: float = 5e-5  # Adam
    batch_size: int = 16
    epochs: int = 100  # at most; the paper does not say
    patience: int = 5  # epochs without a better validation loss; 0: run all epochs
    balance: bool = False  # over-sample smaller classes of the training part
    seed: int = 0
    statistics: str = "task"  # of batch norm in validation, over several tasks: each task's own, or shared
    precision: str = "auto"  # auto: bf16 on a GPU, fp32 elsewhere
    save_every_s: float = 600.0  # seconds between states inside an epoch; one is always saved after an epoch
    augment: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        rules = {
            "input_size": self.input_size in INPUT_SIZES,
            "learning_rate": 0 < self.learning_rate < 1,
            "batch_size": self.batch_size >= 2,
            "epochs": self.epochs >= 1,
            "patience": self.patience >= 0,
            "statistics": self.statistics in STATISTICS,
            "precision": self.precision in PRECISIONS,
            "save_every_s": self.save_every_s > 0,
        }
        wrong = [name for name, good in rules.items() if not good]
        if wrong:
            raise DataError(f"The recipe's {wrong[0]} cannot be {getattr(self, wrong[0])!r}.")

    def to_dict(self) -> dict[str, Any]:
        """As written to run.json."""
        return asdict(self)

    def with_changes(self, changes: dict[str, Any]) -> Self:
        """The recipe with the given values; an unknown name is an error that lists the known ones."""
        known = {item.name for item in fields(self)}
        unknown = sorted(set(changes) - known)
        if unknown:
            raise DataError(f"The recipe has no '{unknown[0]}'. Known: {', '.join(sorted(known))}.")
        if isinstance(changes.get("augment"), dict):
            changes = changes | {"augment": Augmentation.from_dict(changes["augment"])}
        try:
            return replace(self, **changes)
        except TypeError as error:
            raise DataError(f"A value of the recipe has the wrong type ({error}).") from error


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file, or a sentence."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"The configuration '{path}' does not exist.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"The configuration '{path}' is not valid TOML: {error}.") from error
