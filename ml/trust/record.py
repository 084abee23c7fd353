"""What a checkpoint says about the trust in its answers, as its manifest keeps it. No torch.

`extras["calibration"]`: temperature, and the scores of calibration images that conformal sets are made of.
`extras["likeness"]`: what the features of images like the training images look like.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.manifest import Manifest, ManifestError
from ml.trust.packing import packed, unpacked

CALIBRATION_KEY, LIKENESS_KEY = "calibration", "likeness"  # of the manifest's extras
FORMAT = 1
TEMPERATURES = (0.01, 100.0)
MOST_SCORES = 10_000  # a class
MOST_BINS = 50
MOST_DIMENSIONS = 65_536
MOST_COMPONENT_NUMBERS = 98_304  # of all components together: 256 kB of text
LONGEST_SOURCE = 500
STAGES = ("before", "after")
QUALITY = ("ece", "brier")

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class ReliabilityBin:
    """Cases whose top probability lies in (low, high]: how sure the model was, how often it was right."""

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Calibration:
    """Logits are divided by `temperature` before softmax (Guo et al. 2017, arXiv:1706.04599).

    `scores` holds, per class, 1 - p(true class) of calibration images of that class, in 0..1 and rising.
    `before` and `after` the temperature: "ece" and "brier"; `reliability` the diagram, also by stage.
    """

    temperature: float
    scores: Mapping[str, Floats]
    images: int
    source: str  # which images, in words
    synthetic: bool
    before: Mapping[str, float]
    after: Mapping[str, float]
    reliability: Mapping[str, tuple[ReliabilityBin, ...]]


@dataclass(frozen=True)
class Gaussian:
    """Of vectors C long: `mean` C, `components` k×C (rows of length 1), `variances` k along them,
    `residual_variance` in each direction beside them; a distance beyond `threshold` is a stranger's."""

    mean: Floats
    components: Floats
    variances: Floats
    residual_variance: float
    threshold: float


@dataclass(frozen=True)
class Likeness:
    """What images like the training images look like to the network and in plain measures; see
    `ml.trust.likeness`. Held-out images of the same source pass either threshold at `false_alarm_rate`."""

    features: Gaussian
    appearance: Gaussian
    false_alarm_rate: float
    images: int
    held_out_images: int
    source: str
    synthetic: bool


@dataclass(frozen=True)
class Trust:
    """What a checkpoint has of it."""

    calibration: Calibration | None = None
    likeness: Likeness | None = None


def read_trust(manifest: Manifest) -> Trust:
    """What the manifest says, None where it says nothing; ManifestError `trust_invalid` where it is unfit."""
    calibration, likeness = manifest.extras.get(CALIBRATION_KEY), manifest.extras.get(LIKENESS_KEY)
    try:
        return Trust(
            None if calibration is None else _calibration(calibration, manifest.class_names),
            None if likeness is None else _likeness(likeness),
        )
    except KeyError as error:
        raise _unfit(f"{error} is missing") from None
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise _unfit(f"{error}") from None


def trust_as_extras(trust: Trust) -> dict[str, Any]:
    """As the manifest's extras keep it."""
    extras = {}
    if trust.calibration is not None:
        extras[CALIBRATION_KEY] = calibration_as_json(trust.calibration)
    if trust.likeness is not None:
        extras[LIKENESS_KEY] = likeness_as_json(trust.likeness)
    return extras


def _unfit(reason: str) -> ManifestError:
    return ManifestError(
        "trust_invalid", f"What the file says about calibration and likeness can't be used: {reason}."
    )


def calibration_as_json(calibration: Calibration) -> dict[str, Any]:
    """As the manifest keeps it."""
    return {
        "format": FORMAT,
        "temperature": calibration.temperature,
        "scores": {name: packed(scores, "float32") for name, scores in calibration.scores.items()},
        "images": calibration.images,
        "source": calibration.source,
        "synthetic": calibration.synthetic,
        "before": dict(calibration.before),
        "after": dict(calibration.after),
        "reliability": {stage: [asdict(item) for item in calibration.reliability[stage]] for stage in STAGES},
    }


def likeness_as_json(likeness: Likeness) -> dict[str, Any]:
    """As the manifest keeps it; components in half precision."""
    return {
        "format": FORMAT,
        "features": _gaussian_as_json(likeness.features),
        "appearance": _gaussian_as_json(likeness.appearance),
        "false_alarm_rate": likeness.false_alarm_rate,
        "images": likeness.images,
        "held_out_images": likeness.held_out_images,
        "source": likeness.source,
        "synthetic": likeness.synthetic,
    }


def _gaussian_as_json(gaussian: Gaussian) -> dict[str, Any]:
    return {
        "dimensions": len(gaussian.mean),
        "mean": packed(gaussian.mean, "float32"),
        "components": packed(gaussian.components, "float16"),
        "variances": packed(gaussian.variances, "float32"),
        "residual_variance": gaussian.residual_variance,
        "threshold": gaussian.threshold,
    }


def _calibration(stored: Any, classes: Sequence[str]) -> Calibration:
    _check_object(stored, "the calibration")
    if set(stored["scores"]) != set(classes):
        raise ValueError("the scores are not those of the classes")
    temperature = _number(stored["temperature"], "the temperature")
    if not TEMPERATURES[0] <= temperature <= TEMPERATURES[1]:
        raise ValueError(f"the temperature is not within {TEMPERATURES[0]} and {TEMPERATURES[1]}")
    return Calibration(
        temperature=temperature,
        scores={name: _scores(stored["scores"][name]) for name in classes},
        images=_count(stored["images"], "images"),
        source=_source(stored["source"]),
        synthetic=_flag(stored["synthetic"]),
        before=_quality(stored["before"]),
        after=_quality(stored["after"]),
        reliability={stage: _bins(stored["reliability"][stage]) for stage in STAGES},
    )


def _scores(text: Any) -> Floats:
    scores = unpacked(text, "float32", most=MOST_SCORES)
    if not len(scores):
        raise ValueError("a class has no scores")
    if scores.min() < 0 or scores.max() > 1 or bool((np.diff(scores) < 0).any()):
        raise ValueError("scores are not numbers in 0..1 that rise")
    return scores


def _quality(stored: Any) -> dict[str, float]:
    values = {name: _number(stored[name], name) for name in QUALITY}
    if not all(0 <= value <= 2 for value in values.values()):
        raise ValueError("a calibration error or Brier score is not within 0 and 2")
    return values


def _bins(stored: Any) -> tuple[ReliabilityBin, ...]:
    if not isinstance(stored, list) or len(stored) > MOST_BINS:
        raise ValueError(f"a reliability diagram is no list of at most {MOST_BINS} bins")
    return tuple(_bin(item) for item in stored)


def _bin(item: Any) -> ReliabilityBin:
    return ReliabilityBin(
        low=_share(item["low"]),
        high=_share(item["high"]),
        count=_count(item["count"], "the images of a bin", least=0),
        confidence=None if item["confidence"] is None else _share(item["confidence"]),
        accuracy=None if item["accuracy"] is None else _share(item["accuracy"]),
    )


def _likeness(stored: Any) -> Likeness:
    _check_object(stored, "the likeness")
    return Likeness(
        features=_gaussian(stored["features"]),
        appearance=_gaussian(stored["appearance"]),
        false_alarm_rate=_share(stored["false_alarm_rate"]),
        images=_count(stored["images"], "images"),
        held_out_images=_count(stored["held_out_images"], "held-out images"),
        source=_source(stored["source"]),
        synthetic=_flag(stored["synthetic"]),
    )


def _gaussian(stored: Any) -> Gaussian:
    size = _count(stored["dimensions"], "dimensions")
    mean = unpacked(stored["mean"], "float32", most=MOST_DIMENSIONS)
    variances = unpacked(stored["variances"], "float32", most=MOST_COMPONENT_NUMBERS)
    components = unpacked(stored["components"], "float16", most=MOST_COMPONENT_NUMBERS)
    if len(mean) != size or len(components) != size * len(variances):
        raise ValueError("mean, components and variances do not fit together")
    residual = _number(stored["residual_variance"], "a variance")
    threshold = _number(stored["threshold"], "the threshold")
    if residual <= 0 or threshold <= 0 or (len(variances) and variances.min() <= 0):
        raise ValueError("variances and threshold must be above zero")
    return Gaussian(mean, components.reshape(len(variances), size), variances, residual, threshold)


def _check_object(stored: Any, what: str) -> None:
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise ValueError(f"{what} is of another format")


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{what} is no finite number")
    return float(value)


def _share(value: Any) -> float:
    number = _number(value, "a share")
    if not 0 <= number <= 1:
        raise ValueError("a share is not within 0 and 1")
    return number


def _count(value: Any, what: str, least: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 10**9:
        raise ValueError(f"the number of {what} is no whole number from {least} up")
    return value


def _source(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_SOURCE:
        raise ValueError(f"the source is no text of at most {LONGEST_SOURCE} characters")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("synthetic is neither true nor false")
    return value
