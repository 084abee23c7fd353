"""The figures of a comparison, against hand-made rows and numpy."""

import numpy as np
import pytest

from backend.comparisons.summary import ComparedCase, summary_of
from backend.inference.answer import most_probable


def compared(
    answered: tuple[float, float, float], candidate: tuple[float, float, float], *milliseconds: float | None
) -> ComparedCase:
    names = ("benign", "lymphoma", "metastatic")
    left, right = dict(zip(names, answered, strict=True)), dict(zip(names, candidate, strict=True))
    return ComparedCase(left, right, most_probable(left), most_probable(right), *milliseconds)


ROWS = [
    compared((0.7, 0.2, 0.1), (0.6, 0.3, 0.1), 10.0, 20.0),
    compared((0.7, 0.2, 0.1), (0.1, 0.8, 0.1), 12.0, 24.0),
    compared((0.1, 0.2, 0.7), (0.1, 0.1, 0.8), 14.0, 28.0),
    compared((0.2, 0.5, 0.3), (0.2, 0.3, 0.5), None, 900.0),
]


def test_agreement_and_confusion_count_the_classes() -> None:
    summary = summary_of(ROWS)
    assert summary.agreement == 0.5
    assert summary.confusion == {
        "benign": {"benign": 1, "lymphoma": 1, "metastatic": 0},
        "lymphoma": {"benign": 0, "lymphoma": 0, "metastatic": 1},
        "metastatic": {"benign": 0, "lymphoma": 0, "metastatic": 1},
    }


def test_the_shift_is_the_candidate_less_the_answer() -> None:
    shift = summary_of(ROWS).shift
    assert shift is not None
    differences = {
        "benign": [-0.1, -0.6, 0, 0],
        "lymphoma": [0.1, 0.6, -0.1, -0.2],
        "metastatic": [0, 0, 0.1, 0.2],
    }
    for name, values in differences.items():
        assert shift[name].mean == pytest.approx(sum(values) / 4)
        assert shift[name].p5 == pytest.approx(np.percentile(values, 5))
        assert shift[name].p95 == pytest.approx(np.percentile(values, 95))
    assert shift["benign"].p5 == pytest.approx(-0.525)  # by hand: -0.6 + 0.15 × 0.5
    assert shift["benign"].mean == pytest.approx(-0.175)


def test_latency_counts_the_cases_in_which_both_were_timed() -> None:
    summary = summary_of(ROWS)
    assert summary.baseline_ms is not None
    assert summary.candidate_ms is not None
    assert (summary.baseline_ms.median, summary.baseline_ms.p95) == (12.0, 13.8)
    assert (summary.candidate_ms.median, summary.candidate_ms.p95) == (24.0, 27.6)


def test_nothing_is_said_about_no_cases() -> None:
    summary = summary_of([])
    assert (summary.agreement, summary.shift) == (None, None)
    assert (summary.baseline_ms, summary.candidate_ms) == (None, None)
    assert {count for row in summary.confusion.values() for count in row.values()} == {0}
    assert summary_of([ROWS[3]]).baseline_ms is None
