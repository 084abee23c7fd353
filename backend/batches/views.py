"""Batches over REST: begin one, send its cases one by one, watch it, take its table, delete it."""

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.ownership import Reach, changeable_by, owner_of, readable_by
from backend.accounts.permissions import MayUseAnalyses
from backend.accounts.views import checked
from backend.audit.choices import AuditAction
from backend.audit.services import audit_record, audit_record_hourly
from backend.batches.models import Batch
from backend.batches.selectors import analyses_of, batches_within
from backend.batches.serializers import BatchInput, BatchOutput, BatchResultsOutput
from backend.batches.services import batch_create, batch_delete, case_add, room_check
from backend.batches.table import table_csv
from backend.core.csv_lines import csv_answer
from backend.core.pagination import NewestFirst
from backend.core.schema import problems
from backend.inference.listing import AnalysesListView
from backend.inference.models import Analysis
from backend.inference.selectors import queue_positions_added
from backend.inference.serializers import AnalysisCreateInput, AnalysisOutput
from backend.inference.views import ACCEPTED_HEADERS, IDEMPOTENCY_KEY, accepted, analysis_take
from backend.studies.uploads import UploadParser

NO_STORE = {"Cache-Control": "no-store"}
CHUNK = 100


class InOrder(NewestFirst):
    """In the order in which the cases came."""

    ordering = ("batch_position",)


class BatchesView(ListAPIView):
    """One's own batches; everybody's for auditors and site admins."""

    permission_classes = (MayUseAnalyses,)
    serializer_class = BatchOutput
    queryset = Batch.objects.none()

    def get_queryset(self) -> QuerySet[Batch]:
        return batches_within(readable_by(self.request))

    @extend_schema(operation_id="batches_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """One's own batches, newest first; everybody's for auditors and site admins."""
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="batches_create", request=BatchInput, responses={201: BatchOutput})
    def post(self, request: Request) -> Response:
        """Begin a batch; then POST its cases to `cases/`, one request each."""
        owner = owner_of(request, create=True)
        batch = batch_create(owner=owner, **checked(BatchInput, request))
        return Response(_shown(owner, batch.pk), status=status.HTTP_201_CREATED)


class BatchView(APIView):
    """One batch."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(operation_id="batches_retrieve", responses=BatchOutput)
    def get(self, request: Request, pk: str) -> Response:
        """How far it is; ask until `waiting` is 0 and all cases were sent."""
        return Response(_shown(readable_by(request), pk), headers=NO_STORE)

    @extend_schema(operation_id="batches_delete", request=None, responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        """Delete the batch and all its cases with images, answers and maps, for good."""
        batch_delete(batch=get_object_or_404(Batch.objects.filter(changeable_by(request).as_filter()), pk=pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class BatchCasesView(AnalysesListView):
    """The cases of a batch."""

    pagination_class: type[CursorPagination] = InOrder
    filter_backends = ()
    parser_classes = (UploadParser,)

    def get_queryset(self) -> QuerySet[Analysis]:
        reach = readable_by(self.request)
        return analyses_of(_batch(reach, self.kwargs["pk"]), reach)

    @extend_schema(operation_id="batches_cases_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The analyses of the batch, in the order in which they came."""
        answer = super().get(request, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        audit_record_hourly(AuditAction.RESULTS_LISTED, detail="batch")
        return answer

    @extend_schema(
        operation_id="batches_cases_create",
        request={"multipart/form-data": AnalysisCreateInput},
        parameters=[IDEMPOTENCY_KEY, *ACCEPTED_HEADERS],
        responses={
            202: OpenApiResponse(AnalysisOutput, description="Stored and queued."),
            **problems(409, 413, 415, 422, 503),
        },
    )
    def post(self, request: Request, pk: str) -> Response:
        """Send one case: the form of `POST /analyses/`. A refused case leaves the others as they are."""
        batch = _batch(owner_of(request), pk)
        room_check(batch)
        analysis, replayed = analysis_take(request)
        case_add(batch=batch, analysis=analysis)
        return accepted(request, analysis, replayed=replayed)


class BatchCsvView(APIView):
    """The table of a batch."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(operation_id="batches_csv", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, pk: str) -> HttpResponseBase:
        """A line a case, as CSV. An answer that waits for one's own read is left out."""
        reach = readable_by(request)
        rows = analyses_of(_batch(reach, pk), reach).iterator(chunk_size=CHUNK)
        audit_record(AuditAction.ANSWERS_EXPORTED, detail=f"batch {pk}, CSV")
        return csv_answer(table_csv(rows), "batch.csv")


class BatchJsonView(APIView):
    """Everything about a batch."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(operation_id="batches_json", responses=BatchResultsOutput)
    def get(self, request: Request, pk: str) -> Response:
        """The batch and its analyses, whole, as one file."""
        reach = readable_by(request)
        batch = _batch(reach, pk)
        analyses = queue_positions_added(list(analyses_of(batch, reach)))
        body = BatchResultsOutput({"batch": batch, "analyses": analyses}).data
        audit_record(AuditAction.ANSWERS_EXPORTED, detail=f"batch {pk}, JSON")
        attached = {**NO_STORE, "Content-Disposition": 'attachment; filename="batch.json"'}
        return Response(body, headers=attached)


def _batch(reach: Reach, pk: str) -> Batch:
    return get_object_or_404(batches_within(reach), pk=pk)


def _shown(reach: Reach, pk: object) -> dict[str, object]:
    return dict(BatchOutput(get_object_or_404(batches_within(reach), pk=pk)).data)
