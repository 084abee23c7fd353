"""One set of predictions as a dictionary of numbers: for JSON, tables and figures."""

from typing import Any

import numpy as np

from ml import metrics
from ml.evaluate.predictions import Predictions
from ml.statistics import LEVEL, RESAMPLES, Interval, bootstrap

CHANCE = 0.5


def results_of(
    predictions: Predictions, *, resamples: int = RESAMPLES, seed: int = 0, level: float = LEVEL
) -> dict[str, Any]:
    """Headline metrics, per class, per fold, confusion, ROC and calibration of one set of predictions."""
    labels, p = predictions.labels, predictions.probabilities
    intervals = bootstrap(labels, p, predictions.patients, resamples=resamples, seed=seed, level=level)
    names = predictions.class_names
    folds = fold_rows(predictions)
    return {
        "classes": list(names),
        "modality": predictions.modality,
        "images": len(predictions),
        "units": len(set(predictions.patients)),
        "unit": predictions.unit,
        "class_counts": {name: int((labels == k).sum()) for k, name in enumerate(names)},
        "metrics": {name: intervals[name].to_json() for name in metrics.SUMMARY_METRICS},
        "per_class": {name: _class_row(intervals, labels, k) for k, name in enumerate(names)},
        "confusion": metrics.confusion(labels, p).tolist(),
        "roc": {name: _curve(labels, p, k) for k, name in enumerate(names)},
        "reliability": [vars(b) for b in metrics.reliability(labels, p)],
        "folds": folds,
        "fold_mean": fold_means(folds),
        "bootstrap": {"resamples": resamples, "seed": seed, "level": level},
        "leak": leak_of(predictions),
        "verdict": verdict(intervals["auc_ovr"]),
    }


def fold_rows(predictions: Predictions) -> list[dict[str, Any]]:
    """The headline metrics of each fold on its own, without intervals."""
    rows = []
    for number in sorted(set(predictions.folds.tolist())):
        part = predictions.fold(number)
        values = metrics.summary(part.labels, part.probabilities)
        rows.append({"fold": number, "images": len(part), "metrics": values})
    return rows


def fold_means(rows: list[dict[str, Any]]) -> dict[str, dict[str, float | None]]:
    """Mean and standard deviation (n - 1) over the folds; None where a fold lacks the metric."""
    return {name: _mean_sd([row["metrics"][name] for row in rows]) for name in metrics.SUMMARY_METRICS}


def leak_of(predictions: Predictions) -> dict[str, Any]:
    """Patients that stand in two folds, so that their images trained the model that scored them."""
    shared = predictions.patients_in_two_folds()
    return {"patients_in_two_folds": len(shared), "examples": list(shared[:5])}


def verdict(auc: Interval) -> dict[str, str]:
    """Whether the area under the curve can be told from chance, as a code and a sentence."""
    if auc.value is None or auc.low is None:
        return {"code": "undefined", "text": "The AUC does not exist here: a class has no images."}
    if auc.contains(CHANCE):
        text = f"No better than chance: the interval of the AUC ({auc.low:.3f} to {auc.high:.3f}) holds 0.5."
        return {"code": "chance", "text": text}
    if auc.value < CHANCE:
        return {"code": "below_chance", "text": "Worse than chance: look for swapped labels or classes."}
    return {"code": "above_chance", "text": f"Better than chance: the whole interval lies above {CHANCE}."}


def _class_row(intervals: dict[str, Interval], labels: metrics.Labels, k: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        name: intervals[f"{name}:{k}"].to_json() for name in ("auc", "precision", "recall", "f1")
    }
    return row | {"support": int((labels == k).sum())}


def _curve(labels: metrics.Labels, p: metrics.Probabilities, k: int) -> dict[str, list[float]] | None:
    curve = metrics.roc_curve(labels, p, k)
    return None if curve is None else {"fpr": curve[0], "tpr": curve[1]}


def _mean_sd(values: list[float | None]) -> dict[str, float | None]:
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return {"mean": None, "sd": None}
    return {"mean": float(np.mean(known)), "sd": float(np.std(known, ddof=1)) if len(known) > 1 else None}
