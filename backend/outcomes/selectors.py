"""Reads of what people said of a case."""

from django.db.models import OuterRef, Subquery

from backend.inference.models import Analysis
from backend.inference.report.said import Kind, Said
from backend.outcomes.models import ClinicianRead, Pathology, Statement, Verdict


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


def said_of(analysis: Analysis) -> list[Said]:
    """For the report: the read before the reveal, the verdict that counts, the pathology that counts."""
    said = []
    if read := read_of(analysis):
        said.append(_said(Kind.READ, read, read.confidence))
    for verdict in verdicts_of(analysis)[:1]:
        kind = Kind.AGREES if verdict.agrees else Kind.OVERRIDES
        said.append(_said(kind, verdict, verdict.reason))
    for entry in pathology_of(analysis)[:1]:
        said.append(_said(Kind.PATHOLOGY, entry, entry.reported_on.isoformat()))
    return said


def _said(kind: Kind, row: Statement, detail: str) -> Said:
    author = row.author.username if row.author else None
    return Said(kind=kind, class_name=row.class_name, detail=detail, author=author, at=row.created_at)
