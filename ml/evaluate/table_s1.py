"""Table S1: every metric of every backbone on every pre-training task, as Markdown and CSV."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from ml.evaluate.markdown import number, table, with_interval

KEYS = ("auc_ovr", "auc_ovo", "accuracy", "precision", "recall", "f1", "mcc")
HEADER = ("Task", "Model", "AUC (ovr)", "AUC (ovo)", "Accuracy", "Precision", "Recall", "F1", "MCC")

Grid = Mapping[str, Mapping[str, Mapping[str, Any]]]  # model -> task -> results


def table_s1_markdown(grid: Grid) -> str:
    """Values with intervals; a task or model that was not run is left out."""
    rows = [
        [task, model, *(with_interval(results["metrics"][key]) for key in KEYS)]
        for task, model, results in _cells(grid)
    ]
    return table(HEADER, rows)


def table_s1_csv(grid: Grid) -> str:
    """One row a task and model; `_low` and `_high` are the 95 % interval."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["task", "model", "images", *(f"{k}{end}" for k in KEYS for end in ("", "_low", "_high"))]
    )
    for task, model, results in _cells(grid):
        entries = [results["metrics"][key] for key in KEYS]
        values = [number(entry[part], 6) for entry in entries for part in ("value", "low", "high")]
        writer.writerow([task, model, results["images"], *values])
    return text.getvalue()


def _cells(grid: Grid) -> list[tuple[str, str, Mapping[str, Any]]]:
    tasks = list(dict.fromkeys(task for row in grid.values() for task in row))
    return [(task, model, grid[model][task]) for task in tasks for model in grid if task in grid[model]]
