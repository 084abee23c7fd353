"""Does the recipe keep its promise with other seeds? Trains several times and writes down what came out."""

from __future__ import annotations

import json
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from ml.demo.build import train_all
from ml.demo.checks import GOAL_AUC, GOAL_ENERGY_RATIO, reaches_goals
from ml.demo.files import fingerprint
from ml.demo.progress import WorkBar
from ml.demo.recipe import DemoRecipe
from ml.train.run import code_commit, environment


def check_seeds(recipe: DemoRecipe, count: int) -> dict[str, Any]:
    """Train with `count` seeds, the recipe's own first, and measure each on its own fresh phantoms."""
    runs = [_one_seed(recipe.with_seed(recipe.seed + number)) for number in range(count)]
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python -m ml demo --check-seeds {count}",
        "goals": {"auc_ovr": GOAL_AUC, "energy_ratio": GOAL_ENERGY_RATIO},
        "passed": all(row["reaches_goals"] for row in runs),
        "runs": runs,
        "commit": code_commit(),
        "threads": torch.get_num_threads(),
        "environment": environment(),
    }


def write_results(path: Path, results: dict[str, Any]) -> None:
    """The results as readable JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _one_seed(recipe: DemoRecipe) -> dict[str, Any]:
    started, processor = time.monotonic(), _processor_seconds()
    with WorkBar(recipe, checkpoints=0, title=f"seed {recipe.seed}") as bar:
        trained = train_all(recipe, bar.tick)
    metrics = {str(modality): item.metrics for modality, item in trained.items()}
    return {
        "seed": recipe.seed,
        "phantoms": fingerprint(recipe),
        "reaches_goals": all(reaches_goals(values) for values in metrics.values()),
        "modalities": metrics,
        "wall_seconds": round(time.monotonic() - started, 1),
        "processor_seconds": round(_processor_seconds() - processor, 1),
    }


def _processor_seconds() -> float:
    """Processor time of this process and its finished children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)
