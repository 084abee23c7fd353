"""Monitoring, for those who read the records of models."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import MayReadModelRecords
from backend.audit.choices import AuditAction
from backend.audit.services import audit_record
from backend.core.csv_lines import csv_answer
from backend.core.query import query_of
from backend.core.schema import problems
from backend.outcomes.monitoring import MOST_MONTHS, answers_csv, monitoring
from backend.outcomes.monitoring_serializers import MonitoringInput, MonitoringOutput, Truth

MONTHS = OpenApiParameter(
    "months",
    {"type": "integer", "minimum": 1, "maximum": MOST_MONTHS},
    default=12,
    description=f"Back from this month, it included: 1 to {MOST_MONTHS}.",
)
TRUTH = OpenApiParameter(
    "truth",
    str,
    enum=Truth.values,
    default=Truth.PATHOLOGY,
    description="`verdict`: where pathology is not known, what the clinician decided counts.",
)


class MonitoringView(APIView):
    """How the answers did."""

    permission_classes = (MayReadModelRecords,)

    @extend_schema(
        operation_id="monitoring_retrieve",
        parameters=[MONTHS, TRUTH],
        responses={200: MonitoringOutput, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Confusion, recall, calibration and agreement with reads: by month, and by version."""
        asked = _asked(request)
        found = monitoring(months=asked["months"], verdicts_count=asked["truth"] == Truth.VERDICT)
        return Response(MonitoringOutput(found).data, headers={"Cache-Control": "no-store"})


class MonitoringExportView(APIView):
    """The answers behind the figures."""

    permission_classes = (MayReadModelRecords,)

    @extend_schema(
        operation_id="monitoring_export",
        parameters=[MONTHS],
        responses={(200, "text/csv"): OpenApiTypes.STR, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """One line an answer, of cases and images, as CSV. No label, no name, no note."""
        lines = answers_csv(_asked(request)["months"])
        audit_record(AuditAction.ANSWERS_EXPORTED)
        return csv_answer(lines, "answers.csv")


def _asked(request: Request) -> dict[str, Any]:
    form = MonitoringInput(data=query_of(request))
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
