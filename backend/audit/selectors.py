"""Reads of the audit log."""

import csv
from collections.abc import Iterator

from django.db.models import QuerySet

from backend.audit.models import AuditEvent

CSV_COLUMNS = (
    "created_at", "action", "actor_kind", "actor_name", "actor_id", "object_kind", "object_id", "detail",
    "address", "request_id",
)  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def audit_events() -> QuerySet[AuditEvent]:
    """Every line, newest first."""
    return AuditEvent.objects.all()


class _Line:
    """What csv.writer writes to: hands the line back."""

    def write(self, line: str) -> str:
        return line


def audit_csv(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """The lines as CSV, a row at a time."""
    writer = csv.writer(_Line())
    yield writer.writerow(CSV_COLUMNS)
    for values in events.values_list(*CSV_COLUMNS).iterator(chunk_size=1000):
        yield writer.writerow([_cell(value) for value in values])


def _cell(value: object) -> str:
    """A user name that begins like a formula is text to a spreadsheet too."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
