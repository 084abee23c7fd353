"""Images and maps, after a permission check; nothing of it is ever a public file."""

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.accounts.permissions import MayUseAnalyses
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record_hourly
from backend.core.schema import problems
from backend.inference.media_responses import CAM_PARAMETERS, PNG, image_response, map_response
from backend.inference.models import Prediction
from backend.inference.shares import predictions_readable
from backend.inference.withholding import refuse_while_withheld


class PredictionImageView(APIView):
    """The image as it is stored."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(operation_id="predictions_image", responses=PNG)
    def get(self, request: Request, pk: str) -> HttpResponseBase:
        """PNG, upright, 8-bit RGB, without metadata."""
        return image_response(request, _readable(request, pk).image)


class PredictionCamView(APIView):
    """What speaks for a class, and where."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(
        operation_id="predictions_cam", parameters=CAM_PARAMETERS, responses=PNG | problems(403, 422)
    )
    def get(self, request: Request, pk: str, class_name: str) -> HttpResponseBase:
        """PNG in the image's size: `heatmap` is 8-bit grey, `overlay` the colours over the image."""
        prediction = _readable(request, pk)
        refuse_while_withheld(prediction.analysis, "maps")
        return map_response(request, prediction.image, prediction.maps, class_name)


def _readable(request: Request, pk: str) -> Prediction:
    prediction = get_object_or_404(predictions_readable(request), pk=pk)
    audit_record_hourly(AuditAction.RESULT_VIEWED, ObjectKind.ANALYSIS, prediction.analysis_id)
    return prediction
