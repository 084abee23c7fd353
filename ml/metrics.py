"""Every number the paper reports and the calibration it leaves out; scikit-learn wherever it has the metric.

Shapes: `labels` int[N] in 0..K-1, `probabilities` float64[N, K] with rows that sum to 1. K = 2 or more.
Macro averages run over all K classes, a class nobody predicted counts 0 (scikit-learn's zero_division=0).
A value that does not exist in the data at hand (AUC without both kinds of cases) is None, never 0 or 0.5.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax as scipy_softmax
from sklearn import metrics as sk

from ml.trust.record import ReliabilityBin

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]

CALIBRATION_BINS = 15
SUMMARY_METRICS = ("auc_ovr", "auc_ovo", "accuracy", "precision", "recall", "f1", "mcc", "ece", "brier")


def softmax(logits: NDArray[np.floating[Any]]) -> Probabilities:
    """Logits[N, K] to probabilities[N, K] in double precision."""
    return np.asarray(scipy_softmax(np.asarray(logits, dtype=np.float64), axis=1))


def auc_per_class(labels: Labels, probabilities: Probabilities) -> tuple[float | None, ...]:
    """Area under the curve of each class against all others; None where one side is empty."""
    scores = class_scores(probabilities)
    return tuple(_auc(labels == k, scores[:, k]) for k in range(scores.shape[1]))


def class_scores(probabilities: Probabilities) -> NDArray[np.float64]:
    """The score that ranks each class's cases; with two classes one ranking serves both, ties and all."""
    if probabilities.shape[1] == 2:
        return np.stack([-probabilities[:, 1], probabilities[:, 1]], axis=1)
    return probabilities


def auc_ovr(labels: Labels, probabilities: Probabilities) -> float | None:
    """Macro mean of the one-vs-rest areas (0..1)."""
    return _mean(auc_per_class(labels, probabilities))


def auc_ovo(labels: Labels, probabilities: Probabilities) -> float | None:
    """Macro mean over pairs of classes (Hand and Till): the one the authors' published code computes."""
    if probabilities.shape[1] == 2:
        return _auc(labels == 1, probabilities[:, 1])
    if len(np.unique(labels)) < probabilities.shape[1]:
        return None
    return float(sk.roc_auc_score(labels, probabilities, multi_class="ovo", average="macro"))


def confusion(labels: Labels, probabilities: Probabilities) -> NDArray[np.int64]:
    """Counts[K, K]: row = true class, column = class with the highest probability."""
    classes = np.arange(probabilities.shape[1])
    return np.asarray(
        sk.confusion_matrix(labels, probabilities.argmax(axis=1), labels=classes), dtype=np.int64
    )


def precision_recall_f1(labels: Labels, probabilities: Probabilities) -> dict[str, tuple[float, ...]]:
    """Precision, recall, F1 (0..1) and the number of cases, per class."""
    classes = np.arange(probabilities.shape[1])
    table = sk.precision_recall_fscore_support(
        labels, probabilities.argmax(axis=1), labels=classes, average=None, zero_division=0
    )
    return {
        name: tuple(column.tolist())
        for name, column in zip(("precision", "recall", "f1", "support"), table, strict=True)
    }


def summary(labels: Labels, probabilities: Probabilities) -> dict[str, float | None]:
    """The nine headline metrics, keys as in SUMMARY_METRICS."""
    predicted = probabilities.argmax(axis=1)
    per_class = precision_recall_f1(labels, probabilities)
    return {
        "auc_ovr": auc_ovr(labels, probabilities),
        "auc_ovo": auc_ovo(labels, probabilities),
        "accuracy": float(sk.accuracy_score(labels, predicted)),
        **{name: float(np.mean(per_class[name])) for name in ("precision", "recall", "f1")},
        "mcc": float(sk.matthews_corrcoef(labels, predicted)),
        "ece": expected_calibration_error(labels, probabilities),
        "brier": brier(labels, probabilities),
    }


def roc_curve(labels: Labels, probabilities: Probabilities, k: int) -> tuple[list[float], list[float]] | None:
    """False and true positive rates of class k against the rest; None where one side is empty."""
    positive = labels == k
    if positive.all() or not positive.any():
        return None
    false_rate, true_rate, _ = sk.roc_curve(positive, class_scores(probabilities)[:, k])
    return false_rate.tolist(), true_rate.tolist()


def brier(labels: Labels, probabilities: Probabilities) -> float:
    """Mean squared distance to the one-hot truth, summed over classes (0 best, 2 worst; K = 2 as well)."""
    classes = np.arange(probabilities.shape[1])
    if len(classes) == 2:
        return float(sk.brier_score_loss(labels, probabilities[:, 1], pos_label=1, scale_by_half=False))
    return float(sk.brier_score_loss(labels, probabilities, labels=classes, scale_by_half=False))


def bin_index(confidence: NDArray[np.float64], bins: int = CALIBRATION_BINS) -> NDArray[np.int64]:
    """Equal-width bins over 0..1, closed on the right, as Guo et al. 2017 (arXiv:1706.04599) draw them."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    return np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)


def reliability(
    labels: Labels, probabilities: Probabilities, bins: int = CALIBRATION_BINS
) -> tuple[ReliabilityBin, ...]:
    """The reliability diagram as numbers, empty bins included."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    index = bin_index(confidence, bins)
    edges = np.linspace(0.0, 1.0, bins + 1)
    return tuple(
        ReliabilityBin(
            low=float(edges[b]),
            high=float(edges[b + 1]),
            count=int(inside.sum()),
            confidence=float(confidence[inside].mean()) if inside.any() else None,
            accuracy=float(correct[inside].mean()) if inside.any() else None,
        )
        for b, inside in ((b, index == b) for b in range(bins))
    )


def expected_calibration_error(
    labels: Labels, probabilities: Probabilities, bins: int = CALIBRATION_BINS
) -> float:
    """Mean gap between confidence and accuracy over the bins, weighted by their cases (0 best, 1 worst)."""
    table = reliability(labels, probabilities, bins)
    gaps = (
        b.count * abs(b.accuracy - b.confidence)
        for b in table
        if b.accuracy is not None and b.confidence is not None
    )
    return float(sum(gaps) / len(labels))


def _auc(positive: NDArray[np.bool_], score: NDArray[np.float64]) -> float | None:
    if positive.all() or not positive.any():
        return None
    return float(sk.roc_auc_score(positive, score))


def _mean(values: tuple[float | None, ...]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if len(known) == len(values) else None
