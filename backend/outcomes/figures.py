"""The figures of monitoring, from answers and what people and pathology said of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.inference.answer import most_probable
from backend.outcomes.intervals import Share, share
from ml.taxonomy import CLASS_NAMES

BINS = 10  # of equal width, over the probability of the class that is named


@dataclass(frozen=True)
class Answer:
    """One answer: of an image by a version, or of a case (`modality` and `version` None)."""

    analysis_id: UUID
    created_at: datetime
    modality: str | None
    version: tuple[UUID, str] | None  # id and name
    probabilities: dict[str, float]
    read: str | None
    confidence: str | None
    verdict: str | None
    pathology: str | None
    p_values: dict[str, float] | None = None  # None: not calibrated
    fusion_id: UUID | None = None  # of the version that joined the case's answers

    @property
    def named(self) -> str:
        return most_probable(self.probabilities)

    @property
    def month(self) -> str:
        """Such as 2026-11."""
        return f"{self.created_at:%Y-%m}"

    def truth(self, *, verdicts_count: bool) -> str | None:
        """Pathology; where that is not known and verdicts count, what the clinician decided."""
        return self.pathology or (self.verdict if verdicts_count else None)


@dataclass(frozen=True)
class Bin:
    """Answers whose class has a probability from low to below high; `right`: the share that was right."""

    low: float
    high: float
    mean_probability: float
    right: Share


@dataclass(frozen=True)
class Figures:
    """`confusion`: truth → named class → answers. `ece`: expected calibration error, None without truth."""

    answers: int
    with_truth: int
    confusion: dict[str, dict[str, int]]
    accuracy: Share
    recall: dict[str, Share]
    bins: list[Bin]
    ece: float | None
    agreement_with_reads: Share
    reads_right: Share


def figures_of(answers: Sequence[Answer], *, verdicts_count: bool) -> Figures:
    """Over all of the answers; those without truth count only for the agreement with reads."""
    known = [
        (truth, answer)
        for answer in answers
        if (truth := answer.truth(verdicts_count=verdicts_count)) is not None
    ]
    confusion = _confusion((truth, answer.named) for truth, answer in known)
    right = sum(confusion[name][name] for name in CLASS_NAMES)
    bins = _bins([(answer.probabilities[answer.named], answer.named == truth) for truth, answer in known])
    read = [answer for answer in answers if answer.read is not None]
    return Figures(
        answers=len(answers),
        with_truth=len(known),
        confusion=confusion,
        accuracy=share(right, len(known)),
        recall={name: share(confusion[name][name], sum(confusion[name].values())) for name in CLASS_NAMES},
        bins=bins,
        ece=_ece(bins),
        agreement_with_reads=share(sum(one.read == one.named for one in read), len(read)),
        reads_right=_reads_right(known),
    )


def _confusion(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    counts = {truth: dict.fromkeys(CLASS_NAMES, 0) for truth in CLASS_NAMES}
    for truth, named in pairs:
        counts[truth][named] += 1
    return counts


def _reads_right(known: Sequence[tuple[str, Answer]]) -> Share:
    read = [(truth, answer.read) for truth, answer in known if answer.read is not None]
    return share(sum(truth == own for truth, own in read), len(read))


def _bins(answers: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Bins that hold answers, in order of probability."""
    filled: dict[int, list[tuple[float, bool]]] = {}
    for probability, is_right in answers:
        filled.setdefault(min(int(probability * BINS), BINS - 1), []).append((probability, is_right))
    return [
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            mean_probability=sum(probability for probability, _ in inside) / len(inside),
            right=share(sum(is_right for _, is_right in inside), len(inside)),
        )
        for number, inside in sorted(filled.items())
    ]


def _ece(bins: Sequence[Bin]) -> float | None:
    """Mean distance between probability and share of right answers, weighted by the answers of each bin."""
    total = sum(one.right.of for one in bins)
    if total == 0:
        return None
    return sum(one.right.of * abs(one.mean_probability - (one.right.value or 0.0)) for one in bins) / total
