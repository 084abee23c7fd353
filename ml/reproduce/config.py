"""What a grid is: one TOML file, every key checked before any work begins."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from ml.data.samples import DataError
from ml.taxonomy import MODALITIES, PAPER_ARCHITECTURES

VARIANTS = ("scratch", "pretrained")  # without and with multi-task pre-training
TASKS = ("auli", "ocau", "busi", "ddti", "edcu")  # in training order, Table 1

T = TypeVar("T")


class GridError(DataError):
    """The configuration or the grid cannot be run; the message says what to change."""


@dataclass(frozen=True)
class Grid:
    """[grid]: which parts there are; defaults are the paper's."""

    backbones: list[str] = field(default_factory=lambda: list(PAPER_ARCHITECTURES))
    modalities: list[str] = field(default_factory=lambda: [str(m) for m in MODALITIES])
    variants: list[str] = field(default_factory=lambda: list(VARIANTS))
    folds: int = 5
    protocol: str = "grouped"
    chosen_backbone: str = "resnet152"  # Figures 5 and 7
    chosen_modality: str = "elastography"
    resamples: int = 2000
    keep_weights: str = "all"  # "chosen": weights of other models are deleted once they are scored


@dataclass(frozen=True)
class Data:
    """[data]: where the images lie; relative paths count from the current folder."""

    target: str = ""  # the set that is fine-tuned on
    reader: str = "lymph-nodes"
    pretraining: dict[str, str] = field(default_factory=dict)  # set -> folder, in training order


@dataclass(frozen=True)
class Phantoms:
    """[phantoms]: SYNTHETIC sets are made instead of reading real ones."""

    cases: int = 45  # patients of the target set, the three classes in turn
    per_class: int = 10  # images a class in each pre-training set
    size: list[int] = field(default_factory=lambda: [128, 96])  # width, height in pixels
    seed: int = 0


@dataclass(frozen=True)
class MachineConfig:
    """[machine]: jobs = 0 means one a GPU, or one on a machine without; threads = 0 is torch's choice."""

    device: str = "auto"
    jobs: int = 0
    threads: int = 0


@dataclass(frozen=True)
class GridConfig:
    """The whole file. `recipe` holds for every part, the two others outrank it for their kind of part."""

    grid: Grid
    data: Data
    phantoms: Phantoms | None
    machine: MachineConfig
    recipe: dict[str, Any]
    pretraining: dict[str, Any]
    finetuning: dict[str, Any]

    @property
    def synthetic(self) -> bool:
        return self.phantoms is not None


def read_config(path: Path) -> GridConfig:
    """The grid of a TOML file, or a sentence naming the wrong key."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GridError(f"The configuration '{path}' does not exist.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GridError(f"The configuration '{path}' is not valid TOML: {error}.") from None
    known = {"grid", "data", "phantoms", "machine", "recipe", "pretraining", "finetuning"}
    if unknown := sorted(set(tables) - known):
        raise GridError(f"'{path}' has a table [{unknown[0]}]; known are {', '.join(sorted(known))}.")
    config = GridConfig(
        grid=_table(Grid, tables, "grid"),
        data=_table(Data, tables, "data"),
        phantoms=_table(Phantoms, tables, "phantoms") if "phantoms" in tables else None,
        machine=_table(MachineConfig, tables, "machine"),
        recipe=tables.get("recipe", {}),
        pretraining=tables.get("pretraining", {}),
        finetuning=tables.get("finetuning", {}),
    )
    _check(config, path)
    return config


def _table(kind: type[T], tables: dict[str, Any], name: str) -> T:
    given = tables.get(name, {})
    known = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(given) - known):
        raise GridError(f"[{name}] has no '{unknown[0]}'; known are {', '.join(sorted(known))}.")
    built = kind(**given)
    for item in fields(kind):  # type: ignore[arg-type]
        default, value = getattr(kind(), item.name), getattr(built, item.name)
        if not isinstance(value, type(default)):
            wanted = {"str": "text", "int": "a whole number", "list": "a list", "dict": "a table"}
            raise GridError(f"[{name}] {item.name} must be {wanted[type(default).__name__]}, not {value!r}.")
    return built


def _check(config: GridConfig, path: Path) -> None:
    grid = config.grid
    lists = {
        "backbones": (grid.backbones, None),
        "modalities": (grid.modalities, set(MODALITIES)),
        "variants": (grid.variants, set(VARIANTS)),
    }
    for name, (values, allowed) in lists.items():
        wrong = [value for value in values if allowed is not None and value not in allowed]
        if not values or wrong:
            what = f"'{wrong[0]}' is none of {', '.join(sorted(allowed or ()))}" if wrong else "it is empty"
            raise GridError(f"[grid] {name} of '{path}': {what}.")
    if not 2 <= grid.folds <= 20:
        raise GridError(f"[grid] folds = {grid.folds} must lie between 2 and 20.")
    words = {"protocol": ("grouped", "paper"), "keep_weights": ("all", "chosen")}
    for name, known in words.items():
        if getattr(grid, name) not in known:
            raise GridError(f"[grid] {name} = '{getattr(grid, name)}' is none of {', '.join(known)}.")
    if config.phantoms is None:
        _check_data(config, path)


def _check_data(config: GridConfig, path: Path) -> None:
    if not config.data.target:
        raise GridError(f"'{path}' names neither [data] target nor [phantoms].")
    wanted = config.data.pretraining if "pretrained" in config.grid.variants else {"": "nothing"}
    if not wanted:
        raise GridError(f"'{path}' asks for pre-training but [data.pretraining] names no sets.")
    for place in (config.data.target, *config.data.pretraining.values()):
        if not Path(place).exists():
            raise GridError(
                f"'{place}' does not exist. Fetch the set (`python -m ml datasets list`) or correct '{path}'."
            )
