"""Reads of comparisons. Who may ask is for the views' permissions: nothing here belongs to one owner."""

import uuid

from django.db.models import Count, Q, QuerySet

from backend.comparisons.models import Comparison, ComparisonCase
from backend.comparisons.summary import ComparedCase, Outcome, Summary, outcome_of, summary_of
from backend.inference.choices import PredictionState
from backend.outcomes.selectors import pathology_subquery
from backend.registry.models import ModelVersion

PATHOLOGY = pathology_subquery("prediction__analysis__case")
SUCCEEDED = Q(cases__state=PredictionState.SUCCEEDED)


def comparisons_all() -> QuerySet[Comparison]:
    """Every comparison with its candidate and the counts of its cases."""
    return (
        Comparison.objects.select_related("candidate", "requested_by")
        .defer("candidate__manifest")
        .annotate(
            total=Count("cases"),
            done=Count("cases", filter=SUCCEEDED),
            failed=Count("cases", filter=Q(cases__state=PredictionState.FAILED)),
            agree=Count("cases", filter=SUCCEEDED & Q(cases__changed=False)),
            changed=Count("cases", filter=SUCCEEDED & Q(cases__changed=True)),
        )
    )


def comparison_cases(*, comparison_id: uuid.UUID) -> QuerySet[ComparisonCase]:
    """The cases with the answers given, images, versions, case labels, and pathology as `outcome`."""
    related = ("prediction__image", "prediction__model_version", "prediction__analysis__case")
    cases = ComparisonCase.objects.filter(comparison_id=comparison_id).select_related(*related)
    return cases.defer("prediction__model_version__manifest").annotate(outcome=PATHOLOGY)


def baseline_of(*, comparison_id: uuid.UUID) -> ModelVersion | None:
    """The version that gave every one of the answers; None when there were several."""
    answered = ComparisonCase.objects.filter(comparison_id=comparison_id).order_by()
    ids = answered.values_list("prediction__model_version_id", flat=True).distinct()
    versions = list(ModelVersion.objects.filter(pk__in=ids).defer("manifest")[:2])
    return versions[0] if len(versions) == 1 else None


def comparison_outcome(*, comparison_id: uuid.UUID) -> Outcome:
    """Both sides against pathology, over the cases that are done, in one query."""
    done = ComparisonCase.objects.filter(comparison_id=comparison_id, state=PredictionState.SUCCEEDED)
    known = done.annotate(outcome=PATHOLOGY).filter(outcome__isnull=False).order_by()
    return outcome_of(known.values_list("outcome", "answered_class", "candidate_class"))


def comparison_summary(*, comparison_id: uuid.UUID) -> Summary:
    """The figures over the cases that are done, in one query."""
    done = ComparisonCase.objects.filter(comparison_id=comparison_id, state=PredictionState.SUCCEEDED)
    rows = done.order_by().values_list(
        "prediction__probabilities",
        "probabilities",
        "answered_class",
        "candidate_class",
        "answered_ms",
        "candidate_ms",
    )
    return summary_of([ComparedCase(*row) for row in rows])  # type: ignore[arg-type]  # done: never null
