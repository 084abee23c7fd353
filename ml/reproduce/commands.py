"""A part as the command line that trains it, and its recipe as the TOML file the command reads."""

import sys
from pathlib import Path
from typing import Any

from ml.reproduce.config import TASKS, GridConfig, GridError
from ml.reproduce.plan import Part, folder_name

BACKBONE = "backbone.safetensors"  # what `pretrain` leaves for `finetune --start`


def command_of(
    part: Part, config: GridConfig, out: Path, *, folds: str = "", device: str = "auto"
) -> list[str]:
    """`python -m ml pretrain …` or `finetune …`; writes the recipe file that it names."""
    recipe = write_recipe(part, config, out)
    shared = [
        "--config",
        str(recipe),
        "--out",
        str(part.folder),
        "--cache",
        str(out / "cache"),
        "--device",
        device,
    ]
    if config.machine.threads:
        shared += ["--threads", str(config.machine.threads)]
    if part.is_pretraining:
        return [sys.executable, "-m", "ml", "pretrain", *shared]
    arguments = ["--data", target_of(config, out), "--reader", config.data.reader]
    arguments += ["--modality", str(part.modality), "--protocol", config.grid.protocol]
    arguments += ["--folds", str(config.grid.folds)]
    if folds:
        arguments += ["--only-folds", folds]
    if part.variant == "pretrained":
        arguments += ["--start", str(part.folder.parents[1] / "pretrain" / BACKBONE)]
    return [sys.executable, "-m", "ml", "finetune", *shared, *arguments]


def write_recipe(part: Part, config: GridConfig, out: Path) -> Path:
    """The part's recipe: [recipe], outranked by [pretraining] or [finetuning], and the backbone's name."""
    own = config.pretraining if part.is_pretraining else config.finetuning
    recipe = {**config.recipe, **own, "architecture": part.backbone}
    text = toml_of({"recipe": recipe} | ({"sets": sets_of(config, out)} if part.is_pretraining else {}))
    path = out / "recipes" / f"{folder_name(part.name)}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def sets_of(config: GridConfig, out: Path) -> dict[str, str]:
    """Pre-training sets in training order, with their folders."""
    if config.phantoms is None:
        return config.data.pretraining
    return {name: str(data_folder(out) / name) for name in TASKS}


def data_folder(out: Path) -> Path:
    """Where phantom sets lie."""
    return out / "data"


def target_of(config: GridConfig, out: Path) -> str:
    """Where the set that is fine-tuned on lies."""
    return config.data.target if config.phantoms is None else str(data_folder(out) / "lymph-nodes")


def toml_of(tables: dict[str, dict[str, Any]]) -> str:
    """Tables of plain values (and one level of tables in them) as TOML."""
    lines = []
    for name, table in tables.items():
        plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
        lines += [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in plain.items()), ""]
        for key, value in table.items():
            if isinstance(value, dict):
                lines += [f"[{name}.{key}]", *(f"{k} = {_value(v)}" for k, v in value.items()), ""]
    return "\n".join(lines)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    raise GridError(f"A recipe holds numbers, texts, true and false, not {value!r}.")
