"""Reads of what people said of a case."""

from collections.abc import Iterable
from uuid import UUID

from backend.inference.models import Analysis
from backend.outcomes.models import ClinicianRead, Pathology, Verdict


def read_of(analysis: Analysis) -> ClinicianRead | None:
    """The read before the reveal, if there is one."""
    return ClinicianRead.objects.filter(analysis=analysis).select_related("author").first()


def verdicts_of(analysis: Analysis) -> list[Verdict]:
    """Newest first."""
    return list(Verdict.objects.filter(analysis=analysis).select_related("author"))


def pathology_of(analysis: Analysis) -> list[Pathology]:
    """Of the analysis' case, newest first."""
    return list(Pathology.objects.filter(case_id=analysis.case_id).select_related("author"))


def pathology_by_case(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The class that counts for each case whose pathology is known."""
    rows = Pathology.objects.filter(case_id__in=case_ids).order_by("created_at", "id")
    return dict(rows.values_list("case_id", "class_name"))  # the latest is written last
