"""Reads of the audit log."""

from collections.abc import Iterator

from django.db.models import QuerySet

from backend.audit.models import AuditEvent
from backend.core.csv_lines import csv_line

CSV_COLUMNS = (
    "created_at", "action", "actor_kind", "actor_name", "actor_id", "object_kind", "object_id", "detail",
    "address", "request_id",
)  # fmt: skip


def audit_events() -> QuerySet[AuditEvent]:
    """Every line, newest first."""
    return AuditEvent.objects.all()


def audit_csv(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """The lines as CSV, a row at a time."""
    yield csv_line(CSV_COLUMNS)
    for values in events.values_list(*CSV_COLUMNS).iterator(chunk_size=1000):
        yield csv_line("" if value is None else str(value) for value in values)
