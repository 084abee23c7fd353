"""The case's answer from its modalities, which classes it can't rule out, and whether they disagree."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ml.taxonomy import CLASS_NAMES
from ml.trust.p_values import prediction_set

LOG_MEAN = "log_mean"  # of bare softmax numbers, whose confidence means nothing: none may outweigh the others
PRODUCT_OF_EXPERTS = "product_of_experts"  # of calibrated ones: agreement of several makes surer
SMALLEST = 1e-12  # a probability of zero must not veto the other modalities by an infinite logarithm


class Answered(Protocol):
    """What a prediction says; `p_values` and `set_level` (percent) only where its version is calibrated."""

    probabilities: dict[str, float] | None
    p_values: dict[str, float] | None
    set_level: int | None


@dataclass(frozen=True)
class ImageAnswer:
    """One image's answer, apart from its row."""

    probabilities: Mapping[str, float]
    p_values: Mapping[str, float] | None = None
    set_level: int | None = None


@dataclass(frozen=True)
class CaseAnswer:
    """`conflict`: the modalities name different classes; it is shown, never averaged away."""

    probabilities: dict[str, float]
    conflict: bool
    method: str
    prediction_set: list[str] | None = None
    set_level: int | None = None  # percent


def said_by(rows: Iterable[Answered]) -> list[ImageAnswer]:
    """The answers among the rows."""
    return [
        ImageAnswer(row.probabilities, row.p_values, row.set_level)
        for row in rows
        if row.probabilities is not None
    ]


def case_answer(answers: Sequence[ImageAnswer]) -> CaseAnswer | None:
    """None while no modality has an answer."""
    if not answers:
        return None
    is_calibrated = all(answer.p_values is not None for answer in answers)
    weight = 1.0 if is_calibrated else 1 / len(answers)
    logs = [weight * sum(_log(answer.probabilities[name]) for answer in answers) for name in CLASS_NAMES]
    weights = [math.exp(log - max(logs)) for log in logs]
    named = {most_probable(answer.probabilities) for answer in answers}
    level = max((answer.set_level or 0 for answer in answers), default=0) if is_calibrated else None
    return CaseAnswer(
        probabilities={name: share / sum(weights) for name, share in zip(CLASS_NAMES, weights, strict=True)},
        conflict=len(named) > 1,
        method=PRODUCT_OF_EXPERTS if is_calibrated else LOG_MEAN,
        prediction_set=_case_set(answers, level) if level else None,
        set_level=level or None,
    )


def most_probable(answer: Mapping[str, float]) -> str:
    """The class that an answer names."""
    return max(CLASS_NAMES, key=answer.__getitem__)


def _case_set(answers: Sequence[ImageAnswer], level: int) -> list[str]:
    """What no image rules out once each is asked so much more strictly that the level holds for all together.

    Bonferroni's rule: it needs to know nothing of how the images of one node depend on each other."""
    merged = {
        name: min(1.0, len(answers) * min((answer.p_values or {})[name] for answer in answers))
        for name in CLASS_NAMES
    }
    return list(prediction_set(merged, level / 100))


def _log(probability: float) -> float:
    return math.log(max(probability, SMALLEST))
