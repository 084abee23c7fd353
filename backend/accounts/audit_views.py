"""The audit log over REST: pages and CSV, for auditors and site admins."""

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.permissions import MayReadAudit
from backend.audit.choices import AuditAction
from backend.audit.filters import AuditFilter
from backend.audit.models import AuditEvent
from backend.audit.selectors import audit_csv, audit_events
from backend.audit.serializers import AuditEventOutput
from backend.audit.services import audit_record
from backend.core.csv_lines import csv_answer
from backend.core.schema import problems


class AuditView(ListAPIView):
    """Who did what."""

    permission_classes = (MayReadAudit,)
    serializer_class = AuditEventOutput
    filterset_class = AuditFilter
    queryset = AuditEvent.objects.none()

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return audit_events()

    @extend_schema(operation_id="audit_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Sign-ins, views of results, exports, links, models, accounts, deletions; newest first."""
        return super().get(request, *args, **kwargs)


class AuditExportView(GenericAPIView):
    """The same lines as a file."""

    permission_classes = (MayReadAudit,)
    filterset_class = AuditFilter
    pagination_class = None
    queryset = AuditEvent.objects.none()

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return audit_events()

    @extend_schema(
        operation_id="audit_export",
        filters=True,
        responses={(200, "text/csv"): OpenApiTypes.STR, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Every line that the filters leave, as CSV; the export itself leaves a line too."""
        events = self.filter_queryset(self.get_queryset())
        audit_record(AuditAction.AUDIT_EXPORTED)
        return csv_answer(audit_csv(events), "audit.csv")
