"""What monitoring reads: every answer that may be seen, with what was said of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from backend.core.csv_lines import csv_line
from backend.inference.answer import CaseAnswer, ImageAnswer, case_answer
from backend.inference.choices import FirstReadState, PredictionState
from backend.inference.models import Analysis, Prediction
from backend.outcomes.figures import Answer, Figures, figures_of
from backend.outcomes.models import Verdict
from backend.outcomes.selectors import pathology_subquery
from backend.registry.fusions import fusion_by_id
from ml.taxonomy import CLASS_NAMES, Modality

MOST_MONTHS = 60
COLUMNS = (
    "analysis", "sent_at", "answer_of", "version_id", "version", "named",
    *(f"p_{name}" for name in CLASS_NAMES),
    "own_read", "own_confidence", "verdict", "pathology",
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The figures of one month, or of one version."""

    key: Any
    modality: str | None
    figures: Figures


@dataclass(frozen=True)
class Monitoring:
    """`awaited`: analyses whose answer is withheld until their first read; they count nowhere else."""

    since: datetime
    awaited: int
    cases: Figures
    by_month: list[Group]
    by_version: list[Group]


def monitoring(*, months: int, verdicts_count: bool) -> Monitoring:
    """Cases as a whole and by month; images by the version that answered."""
    since = since_months(months)
    images = answers_of_images(since)
    cases = answers_of_cases(images)

    def grouped(answers: Iterable[Answer], key: Callable[[Answer], Any]) -> list[Group]:
        ordered = sorted(answers, key=lambda answer: str(key(answer)))
        groups = [(name, list(inside)) for name, inside in groupby(ordered, key=key)]
        return [
            Group(name, inside[0].modality, figures_of(inside, verdicts_count=verdicts_count))
            for name, inside in groups
        ]

    awaited = Analysis.objects.filter(created_at__gte=since, first_read=FirstReadState.AWAITED)
    return Monitoring(
        since=since,
        awaited=awaited.count(),
        cases=figures_of(cases, verdicts_count=verdicts_count),
        by_month=grouped(cases, lambda answer: answer.month),
        by_version=grouped(images, lambda answer: answer.version),
    )


def since_months(months: int) -> datetime:
    """The first moment of the month that lies so many months back, this one counted."""
    now = timezone.now()
    number = now.year * 12 + now.month - months
    return now.replace(
        year=number // 12, month=number % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )


def answers_of_images(since: datetime) -> list[Answer]:
    """Newest analysis first; one query."""
    verdict = Verdict.objects.filter(analysis=OuterRef("analysis")).order_by("-created_at", "-id")
    rows = (
        Prediction.objects.filter(state=PredictionState.SUCCEEDED, analysis__created_at__gte=since)
        .exclude(analysis__first_read=FirstReadState.AWAITED)
        .annotate(
            verdict_class=Subquery(verdict.values("class_name")[:1]),
            pathology_class=pathology_subquery("analysis__case"),
        )
        .order_by("-analysis__created_at", "analysis_id", "image__modality")
        .values_list(
            "analysis_id",
            "analysis__created_at",
            "image__modality",
            "model_version_id",
            "model_version__name",
            "probabilities",
            "analysis__clinician_read__class_name",
            "analysis__clinician_read__confidence",
            "verdict_class",
            "pathology_class",
            "p_values",
            "analysis__fusion_id",
        )
    )
    return [
        Answer(*row[:3], (row[3], row[4]), *row[5:-2], p_values=row[-2], fusion_id=row[-1]) for row in rows
    ]


def answers_of_cases(images: Sequence[Answer]) -> list[Answer]:
    """The case answer of each analysis; `images` holds those of one analysis side by side."""
    cases = []
    for _, inside in groupby(images, key=lambda answer: answer.analysis_id):
        of_case = list(inside)
        answer = _case_answer(of_case)
        if answer is not None:
            cases.append(
                Answer(**{**vars(of_case[0]), "modality": None, "version": None,
                          "probabilities": answer.probabilities})
            )  # fmt: skip
    return cases


def _case_answer(of_case: Sequence[Answer]) -> CaseAnswer | None:
    said = [ImageAnswer(Modality(one.modality or ""), one.probabilities, one.p_values) for one in of_case]
    fusion_id = of_case[0].fusion_id
    return case_answer(said, None if fusion_id is None else fusion_by_id(fusion_id))


def answers_csv(months: int) -> Iterator[str]:
    """Line by line: each case's answer, then those of its images. No label, no name, no note."""
    images = answers_of_images(since_months(months))
    cases = {answer.analysis_id: answer for answer in answers_of_cases(images)}
    yield csv_line(COLUMNS)
    for analysis_id, inside in groupby(images, key=lambda answer: answer.analysis_id):
        for answer in (cases[analysis_id], *inside):
            yield csv_line(_cells(answer))


def _cells(answer: Answer) -> list[str]:
    version_id, name = answer.version or ("", "")
    return [
        str(answer.analysis_id),
        answer.created_at.isoformat(),
        answer.modality or "case",
        str(version_id),
        name,
        answer.named,
        *(f"{answer.probabilities[one]:.6f}" for one in CLASS_NAMES),
        answer.read or "",
        answer.confidence or "",
        answer.verdict or "",
        answer.pathology or "",
    ]
