"""The case's answer from its modalities: the mean of their log-probabilities, and whether they disagree."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml.taxonomy import CLASS_NAMES

METHOD = "log_mean"
SMALLEST = 1e-12  # a probability of zero must not veto the other modalities by an infinite logarithm


@dataclass(frozen=True)
class CaseAnswer:
    """`conflict`: the modalities name different classes; it is shown, never averaged away."""

    probabilities: dict[str, float]
    conflict: bool
    method: str = METHOD
    prediction_set: list[str] | None = None


def case_answer(answers: Sequence[Mapping[str, float]]) -> CaseAnswer | None:
    """None while no modality has an answer."""
    if not answers:
        return None
    means = [_log_mean([answer[name] for answer in answers]) for name in CLASS_NAMES]
    weights = [math.exp(mean - max(means)) for mean in means]
    probabilities = {name: weight / sum(weights) for name, weight in zip(CLASS_NAMES, weights, strict=True)}
    named = {most_probable(answer) for answer in answers}
    return CaseAnswer(probabilities=probabilities, conflict=len(named) > 1)


def most_probable(answer: Mapping[str, float]) -> str:
    """The class that an answer names."""
    return max(CLASS_NAMES, key=answer.__getitem__)


def _log_mean(probabilities: Sequence[float]) -> float:
    return sum(math.log(max(value, SMALLEST)) for value in probabilities) / len(probabilities)
