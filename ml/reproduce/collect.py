"""What a grid has produced so far: the runs that have predictions, with their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ml.evaluate.compare import aligned
from ml.evaluate.predictions import Predictions, PredictionsError
from ml.evaluate.results import results_of
from ml.evaluate.run import Run, RunError, read_run
from ml.reproduce.plan import Part

Key = tuple[str, str, str]  # backbone, modality, variant


@dataclass
class Findings:
    """Runs and results, by part; `missing` names the parts without predictions and why."""

    runs: dict[Key, Run] = field(default_factory=dict)
    results: dict[Key, dict[str, Any]] = field(default_factory=dict)
    pretraining: dict[str, Run] = field(default_factory=dict)  # by backbone
    tasks: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)  # backbone -> task -> results
    missing: dict[str, str] = field(default_factory=dict)

    def predictions(self, backbones: Sequence[str], modality: str, variant: str) -> list[Predictions]:
        """The out-of-fold predictions of those backbones that have them."""
        keys = [(backbone, modality, variant) for backbone in backbones]
        found = [self.runs[key].predictions for key in keys if key in self.runs]
        return [one for one in found if one is not None]


def collect(parts: Sequence[Part], *, resamples: int, seed: int = 0) -> Findings:
    """Reads and scores every part that has predictions; a broken one is named, not fatal."""
    found = Findings()
    for part in parts:
        try:
            run = read_run(part.folder)
        except (RunError, PredictionsError) as error:
            found.missing[part.name] = str(error)
            continue
        if part.is_pretraining:
            found.pretraining[part.backbone] = run
            found.tasks[part.backbone] = {
                name: results_of(task, resamples=resamples, seed=seed) for name, task in run.tasks.items()
            }
        elif run.predictions is not None:
            key = (part.backbone, str(part.modality), str(part.variant))
            found.runs[key] = run
            found.results[key] = results_of(run.predictions, resamples=resamples, seed=seed)
    return found


def on_shared_images(group: Sequence[Predictions]) -> list[Predictions]:
    """All predictions cut to the images that every one of them scored, in one order."""
    shared = set(group[0].image_ids).intersection(*(set(one.image_ids) for one in group[1:]))
    rows = np.array([row for row, name in enumerate(group[0].image_ids) if name in shared], dtype=np.int64)
    if not len(rows):
        raise PredictionsError("These runs share no image.")
    first = group[0].take(rows)
    return [first, *(aligned(first, one)[1] for one in group[1:])]
