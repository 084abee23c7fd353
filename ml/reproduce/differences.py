"""What differs from the paper, in data and in protocol: read from the runs themselves, not from memory."""

from typing import Any

from ml import paper
from ml.reproduce.collect import Findings
from ml.reproduce.config import Grid, GridConfig

PAPER_INPUT = 384
PAPER_RECIPE = {"learning_rate": 5e-5, "batch_size": 16, "patience": 5}


def differences(found: Findings, config: GridConfig) -> dict[str, list[str]]:
    """Sentences under "data", "protocol", "not run" and "slips in the paper"."""
    return {
        "data": [*_synthetic(config), *_pretraining_data(found), *_target_data(found)],
        "protocol": [*_backbones(config.grid), *_recipe(found), *_split(found), *_start(found), *_always()],
        "not run": [f"{name}: {why}" for name, why in found.missing.items()],
        "slips in the paper": list(paper.SLIPS),
    }


def _synthetic(config: GridConfig) -> list[str]:
    if not config.synthetic:
        return []
    return [
        "SYNTHETIC: all six sets are computer-made phantoms. The gaps below say nothing about the method; "
        "they show that the report works."
    ]


def _infos(found: Findings) -> list[dict[str, Any]]:
    return [run.info for run in [*found.pretraining.values(), *found.runs.values()]]


def _pretraining_data(found: Findings) -> list[str]:
    """Sets that are absent or have other counts than Table 1."""
    if not found.pretraining:
        return ["No pre-training has finished."]
    sets: dict[str, dict[str, int]] = {}
    for run in found.pretraining.values():
        sets |= {name: entry["classes"] for name, entry in run.info.get("data", {}).items()}
    lines = []
    for name, row in paper.TABLE_1.items():
        if name not in sets:
            lines.append(
                f"{row.name} ({row.body_part}) was not used; the paper has {row.total} images of it."
            )
        elif sets[name] != row.counts:
            here = ", ".join(f"{label} {count}" for label, count in sets[name].items())
            there = ", ".join(f"{label} {count}" for label, count in row.counts.items())
            lines.append(f"{row.name}: {here} here; {there} in Table 1.")
    return lines


def _target_data(found: Findings) -> list[str]:
    """The target set as the fullest run has seen it."""
    seen = [run.predictions for run in found.runs.values() if run.predictions is not None]
    if not seen:
        return ["No fine-tuning has finished a fold."]
    most = max(seen, key=len)
    if most.class_names != tuple(paper.PATIENTS):
        return [f"The target classes are {', '.join(most.class_names)}, not the paper's."]
    lines = [f"{len(set(most.patients))} {most.unit}s of lymph nodes; 586 patients in the paper."]
    partial = sum(len(one) < len(most) for one in seen)
    return (
        [*lines, f"{partial} fine-tunings have scored only some of the folds so far."] if partial else lines
    )


def _backbones(grid: Grid) -> list[str]:
    lines = []
    for family, full in paper.FULL_BACKBONES.items():
        own = [b for b in grid.backbones if paper.family_of(b) == family]
        if not own:
            lines.append(f"{paper.FAMILY_NAMES[family]} ({full}) was left out.")
        elif full not in own:
            lines.append(f"{own[0]} stands for the paper's {full}.")
    return lines


def _recipe(found: Findings) -> list[str]:
    configs = [info["config"] for info in _infos(found) if "config" in info]
    lines = []
    sizes = sorted({c["input_size"] for c in configs if c.get("input_size") != PAPER_INPUT})
    if sizes:
        lines.append(f"Input size {', '.join(map(str, sizes))} pixels; 384 in the paper (§2.2).")
    for name, value in PAPER_RECIPE.items():
        other = sorted({c[name] for c in configs if name in c and c[name] != value})
        if other:
            lines.append(f"{name} {', '.join(f'{v:g}' for v in other)}; {value:g} in the paper (§2.4).")
    caps = sorted({c["epochs"] for c in configs if "epochs" in c})
    if caps:
        lines.append(f"At most {', '.join(map(str, caps))} epochs; the paper states no limit.")
    return lines


def _split(found: Findings) -> list[str]:
    lines = []
    for info in _infos(found):
        if info.get("kind") != "finetune":
            continue
        protocol = info.get("protocol_label", info.get("protocol"))
        line = f"Folds: {protocol}, grouped by {info.get('grouped_by', '?')}."
        if line not in lines:
            lines.append(line)
    return [
        *lines,
        "The paper does not say how its folds were drawn; its published code draws them by image.",
    ]


def _start(found: Findings) -> list[str]:
    starts = sorted({i["start"] for i in _infos(found) if i.get("start") in ("random", "imagenet")})
    return (
        [f"Weights begin {' and '.join(starts)}; the paper does not say where its begin."] if starts else []
    )


def _always() -> list[str]:
    return [f"The authors' code: {line[0].lower()}{line[1:]}" for line in paper.CODE_DIFFERENCES]
