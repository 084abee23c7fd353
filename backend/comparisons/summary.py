"""The figures of a comparison, from the rows of its cases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ml.taxonomy import CLASS_NAMES


@dataclass(frozen=True)
class ComparedCase:
    """One case that both versions answered. Milliseconds are None where a version could not be timed."""

    answered: dict[str, float]
    candidate: dict[str, float]
    answered_class: str
    candidate_class: str
    answered_ms: float | None = None
    candidate_ms: float | None = None


@dataclass(frozen=True)
class Shift:
    """Candidate's probability less the answered one's: mean, 5th and 95th percentile over the cases."""

    mean: float
    p5: float
    p95: float


@dataclass(frozen=True)
class Latency:
    """Milliseconds of one image."""

    median: float
    p95: float


@dataclass(frozen=True)
class Summary:
    """None where no case says anything yet. `confusion`: answered class → candidate's class → cases."""

    agreement: float | None
    shift: dict[str, Shift] | None
    baseline_ms: Latency | None
    candidate_ms: Latency | None
    confusion: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Outcome:
    """Cases whose pathology is known, and how many of them each side names as pathology does."""

    known: int
    answered_right: int
    candidate_right: int


def outcome_of(cases: Iterable[tuple[str, str, str]]) -> Outcome:
    """From (pathology, answered class, candidate's class) of each case."""
    known = list(cases)
    return Outcome(
        known=len(known),
        answered_right=sum(truth == answered for truth, answered, _ in known),
        candidate_right=sum(truth == candidate for truth, _, candidate in known),
    )


def summary_of(cases: Sequence[ComparedCase]) -> Summary:
    """Latencies are taken from the cases in which both versions were timed, so that they are comparable."""
    timed = [case for case in cases if case.answered_ms is not None and case.candidate_ms is not None]
    agreed = sum(case.answered_class == case.candidate_class for case in cases)
    return Summary(
        agreement=agreed / len(cases) if cases else None,
        shift={name: _shift(cases, name) for name in CLASS_NAMES} if cases else None,
        baseline_ms=_latency(case.answered_ms for case in timed),
        candidate_ms=_latency(case.candidate_ms for case in timed),
        confusion=_confusion(cases),
    )


def _shift(cases: Iterable[ComparedCase], name: str) -> Shift:
    differences = np.array([case.candidate[name] - case.answered[name] for case in cases])
    low, high = np.percentile(differences, [5, 95])
    return Shift(mean=float(differences.mean()), p5=float(low), p95=float(high))


def _latency(milliseconds: Iterable[float | None]) -> Latency | None:
    values = [value for value in milliseconds if value is not None]
    if not values:
        return None
    middle, high = np.percentile(values, [50, 95])
    return Latency(median=round(float(middle), 1), p95=round(float(high), 1))


def _confusion(cases: Iterable[ComparedCase]) -> dict[str, dict[str, int]]:
    counts = {answered: dict.fromkeys(CLASS_NAMES, 0) for answered in CLASS_NAMES}
    for case in cases:
        counts[case.answered_class][case.candidate_class] += 1
    return counts
