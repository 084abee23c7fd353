"""Analyses over REST: request, look, cancel, delete."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.ownership import Reach, changeable_by, owner_of, readable_by
from backend.accounts.permissions import MayUseAnalyses
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record_hourly
from backend.core.schema import problems
from backend.inference.filters import AnalysisFilter
from backend.inference.forms import analysis_form_read
from backend.inference.idempotency import key_check
from backend.inference.listing import SHOWN, AnalysesListView
from backend.inference.models import Analysis
from backend.inference.selectors import analyses_within, narrow, queue_position_added
from backend.inference.serializers import AnalysisCreateInput, AnalysisOutput
from backend.inference.services import analysis_cancel, analysis_delete, analysis_request
from backend.inference.shares import analysis_readable
from backend.studies.uploads import UploadParser

LONGEST_RETRY_S = 30
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 128 printable characters. The same key with the same content gives the same analysis.",
)
ACCEPTED_HEADERS = [
    OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[202], description="The analysis."),
    OpenApiParameter(
        "Retry-After",
        int,
        OpenApiParameter.HEADER,
        response=[202],
        description="Seconds until asking is worth it.",
    ),
    OpenApiParameter(
        "Idempotent-Replay",
        bool,
        OpenApiParameter.HEADER,
        response=[202],
        description="`true` when this key has been answered before.",
    ),
]


class AnalysesView(AnalysesListView):
    """One's own analyses; everybody's for auditors and site admins."""

    filterset_class = AnalysisFilter
    parser_classes = (UploadParser,)

    def get_queryset(self) -> QuerySet[Analysis]:
        return analyses_within(readable_by(self.request))

    @extend_schema(operation_id="analyses_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """One's own analyses, newest first; everybody's for auditors and site admins."""
        answer = super().get(request, *args, **kwargs)
        audit_record_hourly(AuditAction.RESULTS_LISTED)
        return answer

    @extend_schema(
        operation_id="analyses_create",
        request={"multipart/form-data": AnalysisCreateInput},
        parameters=[IDEMPOTENCY_KEY, *ACCEPTED_HEADERS],
        responses={
            202: OpenApiResponse(AnalysisOutput, description="Stored and queued."),
            **problems(409, 413, 415, 422, 503),
        },
    )
    def post(self, request: Request) -> Response:
        """Send one to three images of one lymph node. Refused as a whole when one can't be read."""
        analysis, replayed = analysis_take(request)
        return accepted(request, analysis, replayed=replayed)


def analysis_take(request: Request) -> tuple[Analysis, bool]:
    """(analysis, whether it is an earlier one again) from an upload's form and its Idempotency-Key."""
    key = request.headers.get("Idempotency-Key")
    form = analysis_form_read(request._request, request.POST, request.FILES)
    return analysis_request(
        owner=owner_of(request, create=True),
        request=form,
        idempotency_key=None if key is None else key_check(key),
    )


def accepted(request: Request, analysis: Analysis, *, replayed: bool) -> Response:
    """202 with the analysis, its address and when asking is worth it."""
    shown = queue_position_added(narrow(analyses_within(owner_of(request))).get(pk=analysis.pk))
    body = SHOWN.to_representation(shown)
    headers = {
        "Location": request.build_absolute_uri(reverse("analysis", args=[analysis.pk])),
        "Retry-After": str(min(LONGEST_RETRY_S, body["queue_position"] or 1)),
    }
    if replayed:
        headers["Idempotent-Replay"] = "true"
    return Response(body, status=status.HTTP_202_ACCEPTED, headers=headers)


class AnalysisView(APIView):
    """One analysis."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(operation_id="analyses_retrieve", responses=AnalysisOutput)
    def get(self, request: Request, pk: str) -> Response:
        """The analysis as it is now; ask until `state` is succeeded, partial, failed or cancelled."""
        analysis = queue_position_added(analysis_readable(request, pk))
        if analysis.finished_at is not None:
            audit_record_hourly(AuditAction.RESULT_VIEWED, ObjectKind.ANALYSIS, analysis.pk)
        return Response(SHOWN.to_representation(analysis), headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="analyses_delete", request=None, responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        """Delete the case with its images, answers and maps, for good."""
        analysis_delete(analysis=_within(changeable_by(request), pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class AnalysisCancelView(APIView):
    """Stop waiting."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(
        operation_id="analyses_cancel", request=None, responses={200: AnalysisOutput, **problems(409)}
    )
    def post(self, request: Request, pk: str) -> Response:
        """Cancel what has not finished; what has finished stays."""
        reach = changeable_by(request)
        analysis_cancel(analysis=_within(reach, pk))
        return Response(AnalysisOutput(_within(reach, pk)).data)


def _within(reach: Reach, pk: str) -> Analysis:
    return queue_position_added(get_object_or_404(analyses_within(reach), pk=pk))
