"""What a fusion's manifest says of its worth, checked when it is read. No torch, no scikit-learn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ml.manifest import Manifest, ManifestError
from ml.taxonomy import Modality

LONGEST_SOURCE = 500


@dataclass(frozen=True)
class Bounds:
    """A difference of AUCs (-1..1) with its 95 % interval; None where it could not be drawn."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Gain:
    """Macro one-vs-rest AUC of the case answer beside that of the best modality alone, on the same cases that
    the stacker had not seen."""

    modalities: tuple[Modality, ...]
    cases: int
    joined_auc: float
    best: Modality
    best_auc: float
    difference: Bounds

    @property
    def is_shown(self) -> bool:
        """The whole interval lies above zero."""
        return self.difference.low is not None and self.difference.low > 0


@dataclass(frozen=True)
class ConflictFigures:
    """Of made-up contradictions and ordinary cases; `precision` as if there were as many of each."""

    contradictions: int
    ordinary: int
    recall: float
    flagged_ordinary: float

    @property
    def precision(self) -> float:
        flagged = self.recall + self.flagged_ordinary
        return self.recall / flagged if flagged else 0.0


@dataclass(frozen=True)
class FusionFigures:
    """All of them; `source` says in words on which cases."""

    source: str
    inputs: Mapping[Modality, str]  # names of the versions
    gains: tuple[Gain, ...]
    conflict: ConflictFigures


def fusion_figures(manifest: Manifest) -> FusionFigures:
    """From a fusion's manifest; ManifestError `fusion_invalid` where they can't be read."""
    return figures_in(manifest.extras, manifest.metrics)


def figures_in(extras: Mapping[str, Any], metrics: Mapping[str, Any]) -> FusionFigures:
    """As `fusion_figures`, from the parts of a manifest that is plain JSON."""
    try:
        stored = extras["fusion"]
        return FusionFigures(
            source=_text(stored["source"]),
            inputs={Modality(name): _text(item["name"]) for name, item in stored["inputs"].items()},
            gains=tuple(_gain(item) for item in metrics["gains"]),
            conflict=_conflict(metrics["conflict"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ManifestError(
            "fusion_invalid", f"The fusion's figures can't be read: {error or type(error).__name__}."
        ) from None


def _gain(item: Mapping[str, Any]) -> Gain:
    difference = item["difference"]
    return Gain(
        modalities=tuple(Modality(name) for name in item["modalities"]),
        cases=_count(item["cases"]),
        joined_auc=_number(item["joined_auc"], 0),
        best=Modality(item["best"]),
        best_auc=_number(item["best_auc"], 0),
        difference=Bounds(
            _number(difference["value"], -1), *(_number_or_none(difference[name]) for name in ("low", "high"))
        ),
    )


def _conflict(item: Mapping[str, Any]) -> ConflictFigures:
    return ConflictFigures(
        contradictions=_count(item["contradictions"]),
        ordinary=_count(item["ordinary"]),
        recall=_number(item["recall"], 0),
        flagged_ordinary=_number(item["flagged_ordinary"], 0),
    )


def _number(value: Any, least: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a figure is no finite number")
    if not least <= value <= 1:
        raise ValueError(f"a figure is not within {least} and 1")
    return float(value)


def _number_or_none(value: Any) -> float | None:
    return None if value is None else _number(value, -1)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise ValueError("a count is no whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_SOURCE:
        raise ValueError(f"a text is empty or longer than {LONGEST_SOURCE} characters")
    return value
