"""Images and maps of a comparison, for those who may read the records of models."""

import uuid

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.accounts.permissions import MayReadModelRecords
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record_hourly
from backend.comparisons.choices import ANSWERED, SIDES
from backend.comparisons.models import ComparisonCase
from backend.comparisons.selectors import comparison_cases
from backend.core.problems import ApiProblem
from backend.core.schema import problems
from backend.inference.media_responses import CAM_PARAMETERS, PNG, image_response, map_response


class ComparisonImageView(APIView):
    """The image that both versions saw."""

    permission_classes = (MayReadModelRecords,)

    @extend_schema(operation_id="comparisons_image", responses=PNG)
    def get(self, request: Request, pk: str, case_id: str) -> HttpResponseBase:
        """PNG, upright, 8-bit RGB, without metadata."""
        return image_response(request, _case(pk, case_id).prediction.image)


class ComparisonCamView(APIView):
    """What speaks for a class, in the eyes of one of the two versions."""

    permission_classes = (MayReadModelRecords,)

    @extend_schema(
        operation_id="comparisons_cam",
        parameters=[OpenApiParameter("side", str, OpenApiParameter.PATH, enum=SIDES), *CAM_PARAMETERS],
        responses=PNG | problems(422),
    )
    def get(self, request: Request, pk: str, case_id: str, side: str, class_name: str) -> HttpResponseBase:
        """As of a prediction: `heatmap` is 8-bit grey, `overlay` the colours over the image."""
        if side not in SIDES:
            raise ApiProblem(f"Sides are {', '.join(SIDES)}.", code="unknown_side", status=404)
        case = _case(pk, case_id)
        maps = case.prediction.maps if side == ANSWERED else case.maps
        return map_response(request, case.prediction.image, maps, class_name)


def _case(pk: str, case_id: str) -> ComparisonCase:
    case = get_object_or_404(comparison_cases(comparison_id=uuid.UUID(str(pk))), pk=case_id)
    audit_record_hourly(AuditAction.RESULT_VIEWED, ObjectKind.ANALYSIS, case.prediction.analysis_id)
    return case
