"""What a model card says, read from the manifest: figures with intervals, weaknesses in words. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ml.audit.record import Audit, audit_of
from ml.manifest import ManifestError
from ml.taxonomy import CLASS_NAMES
from ml.trust.record import ReliabilityBin

WEAK_BELOW = 0.7  # of a recall: more than three in ten nodes of the class are missed
SCORES = ("auc", "precision", "recall")
_SCORE_WORDS = {"auc": "AUC", "precision": "Precision", "recall": "Recall"}
_HEADLINES = ("held_out_phantoms", "out_of_fold")


@dataclass(frozen=True)
class Score:
    """A figure in 0..1 with its 95 % interval; None where it was not measured."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "not measured"
        interval = (
            f" ({self.low:.2f} to {self.high:.2f})" if self.low is not None and self.high is not None else ""
        )
        return f"{self.value:.2f}{interval}"


@dataclass(frozen=True)
class ClassScores:
    """How well one class is told from the others."""

    name: str
    auc: Score
    precision: Score
    recall: Score

    @property
    def is_weak(self) -> bool:
        """The class is often missed."""
        return self.recall.value is not None and self.recall.value < WEAK_BELOW


def class_scores(metrics: Mapping[str, Any]) -> list[ClassScores]:
    """One row a class, in the classes' order; empty when nothing was measured per class."""
    rows = [ClassScores(name, *(_score(metrics, score, name) for score in SCORES)) for name in CLASS_NAMES]
    return rows if any(row.recall.value is not None or row.auc.value is not None for row in rows) else []


def _score(metrics: Mapping[str, Any], score: str, class_name: str) -> Score:
    interval = _mapping(_mapping(_mapping(metrics.get("intervals")).get(class_name)).get(score))
    if interval:
        return Score(*(_number(interval.get(key)) for key in ("value", "low", "high")))
    plain = _mapping(metrics.get("auc_per_class" if score == "auc" else score))
    return Score(_number(plain.get(class_name)))


def headline(metrics: Mapping[str, Any]) -> dict[str, float]:
    """The overall figures, by name."""
    found = next((_mapping(metrics[key]) for key in _HEADLINES if key in metrics), {})
    return {name: number for name, value in found.items() if (number := _number(value)) is not None}


def images_measured(metrics: Mapping[str, Any]) -> int | None:
    """On how many images the figures rest."""
    count = metrics.get("images")
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def known_weaknesses(metrics: Mapping[str, Any]) -> list[str]:
    """Classes that are often missed, in words."""
    weak = [row for row in class_scores(metrics) if row.is_weak]
    return [f"Misses many {row.name} nodes: recall {row.recall}." for row in weak]


def known_weak_classes(metrics: Mapping[str, Any]) -> dict[str, float]:
    """The recall of classes that are often missed."""
    return {row.name: row.recall.value or 0.0 for row in class_scores(metrics) if row.is_weak}


def calibration(manifest: Mapping[str, Any]) -> str:
    """Whether the probabilities can be read as such."""
    figures = calibration_figures(manifest)
    if figures is None:
        return "Not calibrated: the numbers are a bare softmax, not how often the answer is right."
    return (
        f"Calibrated on {figures.images} images ({figures.source}): the expected calibration error is "
        f"{figures.after.ece:.3f}, before {figures.before.ece:.3f}; the Brier score "
        f"{figures.after.brier:.3f}, before {figures.before.brier:.3f}."
    )


@dataclass(frozen=True)
class Quality:
    """Expected calibration error and Brier score: the lower, the better."""

    ece: float
    brier: float


@dataclass(frozen=True)
class CalibrationFigures:
    """What calibration was fitted on, and what it changed; `bins` after it."""

    images: int
    source: str
    synthetic: bool
    before: Quality
    after: Quality
    bins: list[ReliabilityBin]


def calibration_figures(manifest: Mapping[str, Any]) -> CalibrationFigures | None:
    """None where the version is not calibrated, or says nothing that can be read."""
    stored = _mapping(_mapping(manifest.get("extras")).get("calibration"))
    try:
        return CalibrationFigures(
            images=int(stored["images"]),
            source=str(stored["source"]),
            synthetic=bool(stored["synthetic"]),
            before=_quality(stored["before"]),
            after=_quality(stored["after"]),
            bins=[_bin(item) for item in stored["reliability"]["after"]],
        )
    except (KeyError, TypeError, ValueError):
        return None


def map_audit(manifest: Mapping[str, Any]) -> Audit | None:
    """Whether the maps show what the model uses; None where nobody measured it, or it can't be read."""
    try:
        return audit_of(_mapping(manifest.get("extras")))
    except ManifestError:
        return None


def _quality(stored: Mapping[str, Any]) -> Quality:
    return Quality(ece=float(stored["ece"]), brier=float(stored["brier"]))


def _bin(stored: Mapping[str, Any]) -> ReliabilityBin:
    return ReliabilityBin(
        low=float(stored["low"]),
        high=float(stored["high"]),
        count=int(stored["count"]),
        confidence=_number(stored["confidence"]),
        accuracy=_number(stored["accuracy"]),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
