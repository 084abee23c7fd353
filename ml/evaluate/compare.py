"""Two runs on the same images: second minus first, drawn patient by patient."""

from typing import Any

import numpy as np

from ml import metrics
from ml.evaluate.predictions import Predictions, PredictionsError
from ml.statistics import LEVEL, RESAMPLES, compare, mcnemar


def aligned(first: Predictions, second: Predictions) -> tuple[Predictions, Predictions]:
    """Both runs cut to the images they share, in one order; refuses runs that disagree about the truth."""
    if first.class_names != second.class_names:
        names = " and ".join(", ".join(run.class_names) for run in (first, second))
        raise PredictionsError(f"The runs have different classes: {names}.")
    places = {name: row for row, name in enumerate(second.image_ids)}
    shared = [row for row, name in enumerate(first.image_ids) if name in places]
    if not shared:
        raise PredictionsError("The runs share no image, so they cannot be compared pair by pair.")
    left = first.take(np.array(shared))
    right = second.take(np.array([places[name] for name in left.image_ids]))
    wrong = np.flatnonzero(left.labels != right.labels)
    if len(wrong):
        example = left.image_ids[wrong[0]]
        raise PredictionsError(f"The runs give different labels to {len(wrong)} image(s), e.g. '{example}'.")
    return left, right


def comparison_of(
    first: Predictions,
    second: Predictions,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> dict[str, Any]:
    """Differences with intervals and p-values, and who is right where the two disagree."""
    left, right = aligned(first, second)
    found = compare(
        left.labels,
        left.probabilities,
        right.probabilities,
        left.patients,
        resamples=resamples,
        seed=seed,
        level=level,
    )
    return {
        "images": len(left),
        "only_in_first": len(first) - len(left),
        "only_in_second": len(second) - len(right),
        "values": {
            "first": metrics.summary(left.labels, left.probabilities),
            "second": metrics.summary(right.labels, right.probabilities),
        },
        "differences": {name: found[name].to_json() for name in metrics.SUMMARY_METRICS},
        "per_class_auc": {name: found[f"auc:{k}"].to_json() for k, name in enumerate(left.class_names)},
        "mcnemar": mcnemar(left.labels, left.probabilities, right.probabilities),
        "verdict": _verdict(found["auc_ovr"].interval.low, found["auc_ovr"].interval.high),
    }


def _verdict(low: float | None, high: float | None) -> dict[str, str]:
    if low is None or high is None:
        text = "The difference in AUC does not exist: a class has no images."
        return {"code": "undefined", "text": text}
    if low > 0:
        text = "The second run is better: the interval of the AUC difference lies above 0."
        return {"code": "second_better", "text": text}
    if high < 0:
        text = "The first run is better: the interval of the AUC difference lies below 0."
        return {"code": "first_better", "text": text}
    return {"code": "no_difference", "text": "No difference in AUC can be shown: its interval holds 0."}
