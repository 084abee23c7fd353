"""The case's answer from its modalities, which classes it can't rule out, and whether they disagree."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ml.fusion.stack import Fusion, agreement, joined
from ml.taxonomy import CLASS_NAMES, Modality
from ml.trust.p_values import prediction_set

LOG_MEAN = "log_mean"  # of bare softmax numbers, whose confidence means nothing: none may outweigh the others
PRODUCT_OF_EXPERTS = "product_of_experts"  # of calibrated ones: agreement of several makes surer
FUSION = "fusion"  # a version fitted for these versions' answers together
SMALLEST = 1e-12  # a probability of zero must not veto the other modalities by an infinite logarithm


class Pictured(Protocol):
    """What an answer is of."""

    modality: str


class Answered(Protocol):
    """What a prediction says; `p_values` and `set_level` (percent) only where its version is calibrated."""

    @property
    def image(self) -> Pictured: ...

    probabilities: dict[str, float] | None
    p_values: dict[str, float] | None
    set_level: int | None


@dataclass(frozen=True)
class ImageAnswer:
    """One image's answer, apart from its row."""

    modality: Modality
    probabilities: Mapping[str, float]
    p_values: Mapping[str, float] | None = None
    set_level: int | None = None


@dataclass(frozen=True)
class CaseAnswer:
    """`conflict`: the modalities contradict each other; it is shown, never averaged away. A fusion says when
    (`ml.fusion.conflict`); without one, where they name different classes."""

    probabilities: dict[str, float]
    conflict: bool
    method: str
    prediction_set: list[str] | None = None
    set_level: int | None = None  # percent


def said_by(rows: Iterable[Answered]) -> list[ImageAnswer]:
    """The answers among the rows."""
    return [
        ImageAnswer(Modality(row.image.modality), row.probabilities, row.p_values, row.set_level)
        for row in rows
        if row.probabilities is not None
    ]


def case_answer(answers: Sequence[ImageAnswer], fusion: Fusion | None = None) -> CaseAnswer | None:
    """None while no modality has an answer. `fusion`: the one that the analysis was finished with."""
    if not answers:
        return None
    is_calibrated = all(answer.p_values is not None for answer in answers)
    level = max((answer.set_level or 0 for answer in answers), default=0) if is_calibrated else None
    by_modality = {answer.modality: answer.probabilities for answer in answers}
    if fusion is not None:
        method, probabilities = FUSION, joined(fusion, by_modality)
        conflict = agreement(by_modality) < fusion.conflict_below
    else:
        method = PRODUCT_OF_EXPERTS if is_calibrated else LOG_MEAN
        probabilities = _product(answers, weight=1.0 if is_calibrated else 1 / len(answers))
        conflict = len({most_probable(answer.probabilities) for answer in answers}) > 1
    return CaseAnswer(
        probabilities=probabilities,
        conflict=conflict,
        method=method,
        prediction_set=_case_set(answers, level) if level else None,
        set_level=level or None,
    )


def _product(answers: Sequence[ImageAnswer], *, weight: float) -> dict[str, float]:
    """Of the probabilities, each to the power of `weight`."""
    logs = [weight * sum(_log(answer.probabilities[name]) for answer in answers) for name in CLASS_NAMES]
    shares = [math.exp(log - max(logs)) for log in logs]
    return {name: share / sum(shares) for name, share in zip(CLASS_NAMES, shares, strict=True)}


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
