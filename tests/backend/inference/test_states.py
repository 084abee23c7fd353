"""States of an analysis, and the case's answer."""

import math

import pytest

from backend.inference.answer import ImageAnswer, case_answer
from backend.inference.states import analysis_state_of
from ml.taxonomy import Modality


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["queued", "queued"], "queued"),
        (["queued", "running"], "running"),
        (["queued", "succeeded"], "running"),
        (["queued", "failed"], "running"),
        (["running", "cancelled"], "running"),
        (["succeeded", "succeeded"], "succeeded"),
        (["succeeded", "failed"], "partial"),
        (["failed", "failed"], "failed"),
        (["cancelled", "cancelled"], "cancelled"),
        (["succeeded", "cancelled"], "cancelled"),
        (["failed", "cancelled"], "cancelled"),
    ],
)
def test_the_state_follows_from_the_predictions(states: list[str], expected: str) -> None:
    assert analysis_state_of(states) == expected


def probabilities(benign: float, lymphoma: float, metastatic: float) -> dict[str, float]:
    return {"benign": benign, "lymphoma": lymphoma, "metastatic": metastatic}


def test_without_answers_there_is_no_answer() -> None:
    assert case_answer([]) is None


def test_one_modality_answers_for_itself() -> None:
    answer = case_answer([ImageAnswer(Modality.B_MODE, probabilities(0.1, 0.2, 0.7))])
    assert answer.probabilities == pytest.approx(probabilities(0.1, 0.2, 0.7))
    assert (answer.method, answer.conflict, answer.prediction_set) == ("log_mean", False, None)


def test_two_modalities_are_averaged_in_logarithms() -> None:
    first, second = probabilities(0.7, 0.2, 0.1), probabilities(0.2, 0.2, 0.6)
    means = [math.sqrt(first[name] * second[name]) for name in first]
    answer = case_answer([ImageAnswer(Modality.B_MODE, first), ImageAnswer(Modality.CDFI, second)])
    assert list(answer.probabilities.values()) == pytest.approx([mean / sum(means) for mean in means])
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert answer.conflict is True


def test_agreement_is_no_conflict() -> None:
    answers = [
        ImageAnswer(Modality.B_MODE, probabilities(0.6, 0.3, 0.1)),
        ImageAnswer(Modality.CDFI, probabilities(0.4, 0.3, 0.3)),
    ]
    assert case_answer(answers).conflict is False


def test_a_zero_does_not_silence_the_others() -> None:
    answer = case_answer(
        [
            ImageAnswer(Modality.B_MODE, probabilities(0.0, 0.5, 0.5)),
            ImageAnswer(Modality.CDFI, probabilities(1.0, 0.0, 0.0)),
        ]
    )
    assert all(math.isfinite(value) and value > 0 for value in answer.probabilities.values())
