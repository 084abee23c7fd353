"""Comparisons over REST: ask for one, look, cancel."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from backend.accounts.permissions import MayManageModels, MayReadModelRecords
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record_hourly
from backend.comparisons.filters import ComparisonCaseFilter, ComparisonFilter
from backend.comparisons.models import Comparison, ComparisonCase
from backend.comparisons.selectors import (
    baseline_of,
    comparison_cases,
    comparison_outcome,
    comparison_summary,
    comparisons_all,
)
from backend.comparisons.serializers import (
    ComparisonBriefOutput,
    ComparisonCaseOutput,
    ComparisonOutput,
    RerunInput,
)
from backend.comparisons.services import comparison_cancel, comparison_request
from backend.core.pagination import NewestFirst
from backend.core.schema import problems
from backend.registry.errors import RegistryError, registry_problem
from backend.registry.models import ModelVersion

LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[202], description="The comparison."
)


class RerunView(APIView):
    """A candidate over past cases."""

    permission_classes = (MayManageModels,)

    @extend_schema(
        operation_id="models_rerun",
        request=RerunInput,
        parameters=[LOCATION],
        responses={
            202: OpenApiResponse(ComparisonOutput, description="Queued."),
            **problems(409, 422),
        },
    )
    def post(self, request: Request, pk: str) -> Response:
        """Let a checked version answer the last cases of its modality once more; nobody's result changes."""
        form = RerunInput(data=request.data)
        form.is_valid(raise_exception=True)
        candidate = get_object_or_404(ModelVersion, pk=pk)
        try:
            comparison = comparison_request(
                candidate=candidate,
                actor=request.user,  # type: ignore[arg-type]
                **form.validated_data,
            )
        except RegistryError as error:
            raise registry_problem(error) from None
        address = reverse("comparison", args=[comparison.pk], request=request)
        return Response(_shown(comparison.pk), status=status.HTTP_202_ACCEPTED, headers={"Location": address})


class ComparisonsView(ListAPIView):
    """Comparisons, without the figures that need every case."""

    permission_classes = (MayReadModelRecords,)
    serializer_class = ComparisonBriefOutput
    filterset_class = ComparisonFilter
    queryset = Comparison.objects.none()

    def get_queryset(self) -> QuerySet[Comparison]:
        return comparisons_all()

    @extend_schema(operation_id="comparisons_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Comparisons, newest first."""
        return super().get(request, *args, **kwargs)


class ComparisonView(APIView):
    """One comparison."""

    permission_classes = (MayReadModelRecords,)

    @extend_schema(operation_id="comparisons_retrieve", responses=ComparisonOutput)
    def get(self, request: Request, pk: str) -> Response:
        """The figures as they are now; ask until `state` is finished or cancelled."""
        return Response(_shown(pk), headers={"Cache-Control": "no-store"})


class ComparisonCancelView(APIView):
    """Stop comparing."""

    permission_classes = (MayManageModels,)

    @extend_schema(
        operation_id="comparisons_cancel", request=None, responses={200: ComparisonOutput, **problems(409)}
    )
    def post(self, request: Request, pk: str) -> Response:
        """No further case is begun; what is done stays."""
        comparison = get_object_or_404(Comparison, pk=pk)
        comparison_cancel(comparison_id=comparison.pk)
        return Response(_shown(pk))


class InOrder(NewestFirst):
    """In the order of work, which is newest first by the moment the image was sent."""

    ordering = ("position",)


class ComparisonCasesView(ListAPIView):
    """The cases of one comparison."""

    permission_classes = (MayReadModelRecords,)
    serializer_class = ComparisonCaseOutput
    filterset_class = ComparisonCaseFilter
    pagination_class = InOrder
    queryset = ComparisonCase.objects.none()

    def get_queryset(self) -> QuerySet[ComparisonCase]:
        comparison = get_object_or_404(Comparison, pk=self.kwargs["pk"])
        return comparison_cases(comparison_id=comparison.pk)

    @extend_schema(operation_id="comparisons_cases")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Both answers for each image, the newest image first."""
        answer = super().get(request, *args, **kwargs)
        audit_record_hourly(AuditAction.RESULTS_LISTED, ObjectKind.COMPARISON, self.kwargs["pk"])
        return answer


def _shown(pk: Any) -> dict[str, Any]:
    comparison = get_object_or_404(comparisons_all(), pk=pk)
    context = {
        "summary": comparison_summary(comparison_id=comparison.pk),
        "outcome": comparison_outcome(comparison_id=comparison.pk),
        "baseline": baseline_of(comparison_id=comparison.pk),
    }
    return dict(ComparisonOutput(comparison, context=context).data)
