"""Reads of what people said of a case."""

from django.db.models import OuterRef, Subquery

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


def pathology_subquery(path_to_case: str) -> Subquery:
    """The class that counts for a row's case, to annotate with; null where pathology is not known."""
    entries = Pathology.objects.filter(case=OuterRef(path_to_case))
    return Subquery(entries.order_by("-created_at", "-id").values("class_name")[:1])
