"""The audit log in Django's admin, to look at."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.models import AuditEvent
from backend.audit.services import audit_record_hourly
from backend.core.admin import LookOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(LookOnlyAdmin):
    """Nothing is added, changed or removed here."""

    list_display = (
        "created_at", "action", "actor_kind", "actor_name", "object_kind", "object_id", "detail", "address",
    )  # fmt: skip
    list_filter = ("action", "actor_kind", "object_kind")
    search_fields = ("actor_name", "=object_id", "=request_id", "address")
    date_hierarchy = "created_at"
    fields = readonly_fields = (*list_display, "actor_id", "request_id")


class AnswersAdmin(LookOnlyAdmin):
    """For rows that show answers: whoever looks at them leaves a line."""

    def analysis_id(self, object_id: str) -> str | None:
        """The analysis behind a row of this list."""
        raise NotImplementedError

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        answer = super().changelist_view(request, extra_context)
        audit_record_hourly(AuditAction.RESULTS_LISTED, detail="admin")
        return answer

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        answer = super().change_view(request, object_id, form_url, extra_context)
        analysis_id = self.analysis_id(object_id) if answer.status_code == HTTPStatus.OK else None
        if analysis_id is not None:
            audit_record_hourly(AuditAction.RESULT_VIEWED, ObjectKind.ANALYSIS, analysis_id, detail="admin")
        return answer
