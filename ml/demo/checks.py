"""What a demo classifier is worth: metrics and Grad-CAM energy on fresh phantoms, measured, never typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ml.demo.phantom_arrays import PhantomArrays
from ml.demo.training import MEAN, STD
from ml.gradcam import class_maps, upscale
from ml.metrics import auc_per_class, precision_recall_f1, softmax, summary
from ml.model import SplitClassifier
from ml.statistics import class_intervals
from ml.taxonomy import CLASS_NAMES
from ml.transforms import normalise

GOAL_AUC = 0.85
GOAL_ENERGY_RATIO = 1.7
BATCH = 30


@dataclass(frozen=True)
class Answers:
    """logits float32 N×classes and the true class's map on the feature grid, N×h×w in 0..1."""

    logits: NDArray[np.float32]
    maps: NDArray[np.float32]


def answer(model: SplitClassifier, arrays: PhantomArrays) -> Answers:
    """Logits and true-class maps of every image."""
    logits, maps = [], []
    for start in range(0, len(arrays.labels), BATCH):
        labels = arrays.labels[start : start + BATCH]
        images = normalise(torch.from_numpy(arrays.pixels[start : start + BATCH]), MEAN, STD)
        with torch.inference_mode():
            features = model.features(images)
            logits.append(model.tail(features).numpy())
        maps.append(class_maps(model, features)[np.arange(len(labels)), labels])
    return Answers(np.concatenate(logits), np.concatenate(maps))


def measure(model: SplitClassifier, arrays: PhantomArrays) -> dict[str, Any]:
    """The manifest's metrics of one modality on phantoms that were not trained on."""
    answers = answer(model, arrays)
    probabilities = softmax(answers.logits)
    per_class = precision_recall_f1(arrays.labels, probabilities)
    return {
        "held_out_phantoms": summary(arrays.labels, probabilities),
        "auc_per_class": dict(zip(CLASS_NAMES, auc_per_class(arrays.labels, probabilities), strict=True)),
        "precision": dict(zip(CLASS_NAMES, per_class["precision"], strict=True)),
        "recall": dict(zip(CLASS_NAMES, per_class["recall"], strict=True)),
        "intervals": class_intervals(arrays.labels, probabilities, _one_patient_each(arrays), CLASS_NAMES),
        "true_class_map": map_energy(answers.maps, arrays.masks),
        "images": len(arrays.labels),
    }


def _one_patient_each(arrays: PhantomArrays) -> list[str]:
    return [str(number) for number in range(len(arrays.labels))]


def map_energy(maps: NDArray[np.float32], masks: NDArray[np.bool_]) -> dict[str, float | int | None]:
    """Share of the maps' energy inside the node beside the node's share of the image, over non-empty maps."""
    side = masks.shape[-1]
    enlarged = [upscale(values, (side, side)) for values in maps]
    shown = [row for row, values in enumerate(enlarged) if values.any()]  # a flat map says nothing either
    inside = [_inside_share(enlarged[row], masks[row]) for row in shown]
    areas = [float(masks[row].mean()) for row in shown]
    return {
        "energy_inside_node": round(float(np.mean(inside)), 4) if shown else None,
        "node_area_share": round(float(np.mean(areas)), 4) if shown else None,
        "energy_ratio": round(float(np.mean(inside) / np.mean(areas)), 3) if shown else None,
        "empty_maps": len(maps) - len(shown),
    }


def reaches_goals(metrics: dict[str, Any]) -> bool:
    """Whether AUC and energy ratio are as good as the project promises."""
    auc, ratio = metrics["held_out_phantoms"]["auc_ovr"], metrics["true_class_map"]["energy_ratio"]
    return auc is not None and ratio is not None and auc >= GOAL_AUC and ratio >= GOAL_ENERGY_RATIO


def _inside_share(enlarged: NDArray[np.float32], mask: NDArray[np.bool_]) -> float:
    return float(enlarged[mask].sum() / enlarged.sum())
