"""Images and maps, after a permission check; nothing of it is ever a public file."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.accounts.ownership import owner_of
from backend.accounts.permissions import MayUseAnalyses
from backend.core.problems import ApiProblem, Unprocessable
from backend.core.schema import problems
from backend.inference.media import overlay_png
from backend.inference.models import Prediction
from backend.inference.selectors import predictions_visible_to
from ml.colormap import COLORMAPS, DEFAULT_COLORMAP
from ml.taxonomy import CLASS_NAMES

HEATMAP, OVERLAY = STYLES = ("heatmap", "overlay")
CACHE_CONTROL = "private, max-age=86400, immutable"  # a day: as long as anonymous work lives
PNG = {(200, "image/png"): OpenApiTypes.BINARY}


class PredictionImageView(APIView):
    """The image as it is stored."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(operation_id="predictions_image", responses=PNG)
    def get(self, request: Request, pk: str) -> HttpResponseBase:
        """PNG, upright, 8-bit RGB, without metadata."""
        image = _own(request, pk).image
        return _cached(request, image.sha256) or _file_response(image.key, image.sha256)


class PredictionCamView(APIView):
    """What speaks for a class, and where."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(
        operation_id="predictions_cam",
        parameters=[
            OpenApiParameter("class_name", str, OpenApiParameter.PATH, enum=CLASS_NAMES),
            OpenApiParameter("style", str, enum=STYLES, default=HEATMAP),
            OpenApiParameter("colormap", str, enum=sorted(COLORMAPS), default=DEFAULT_COLORMAP),
        ],
        responses=PNG | problems(422),
    )
    def get(self, request: Request, pk: str, class_name: str) -> HttpResponseBase:
        """PNG in the image's size: `heatmap` is 8-bit grey, `overlay` the colours over the image."""
        style = _choice(request, "style", STYLES, HEATMAP)
        colormap = _choice(request, "colormap", sorted(COLORMAPS), DEFAULT_COLORMAP)
        prediction = _own(request, pk)
        key = _map_key(prediction, class_name)
        if style == HEATMAP:
            etag = f"{key}"
            return _cached(request, etag) or _file_response(key, etag)
        etag = f"{key}-{colormap}"
        return _cached(request, etag) or _overlay_response(prediction, key, colormap, etag)


def _own(request: Request, pk: str) -> Prediction:
    return get_object_or_404(predictions_visible_to(owner=owner_of(request)), pk=pk)


def _choice(request: Request, name: str, offered: tuple[str, ...] | list[str], default: str) -> str:
    chosen = request.query_params.get(name, default)
    if chosen not in offered:
        detail = f"`{name}` is one of {', '.join(offered)}."
        raise Unprocessable(detail, code="invalid", errors={name: [{"code": "invalid", "detail": detail}]})
    return chosen


def _map_key(prediction: Prediction, class_name: str) -> str:
    if class_name not in CLASS_NAMES:
        raise ApiProblem(f"Classes are {', '.join(CLASS_NAMES)}.", code="unknown_class", status=404)
    if prediction.maps is None:
        raise ApiProblem("There is no map: the prediction has no answer.", code="no_answer", status=404)
    key: str | None = prediction.maps.get(class_name)
    if key is None:
        raise ApiProblem(
            "Nothing in this image speaks for this class.", code="no_positive_evidence", status=404
        )
    return key


def _cached(request: Request, etag: str) -> HttpResponseBase | None:
    """304 when the browser has it already; asked only after the permission check."""
    http_request: HttpRequest = request._request
    answer = get_conditional_response(http_request, etag=_quoted(etag))
    return None if answer is None else _with_headers(answer, etag)


def _file_response(key: str, etag: str) -> HttpResponseBase:
    try:
        file = default_storage.open(key, "rb")
    except FileNotFoundError:
        raise ApiProblem("The file is gone.", code="file_missing", status=404) from None
    return _with_headers(FileResponse(file, content_type="image/png"), etag)


def _overlay_response(prediction: Prediction, key: str, colormap: str, etag: str) -> HttpResponseBase:
    try:
        content = overlay_png(prediction.image, key, colormap)
    except FileNotFoundError:
        raise ApiProblem("The file is gone.", code="file_missing", status=404) from None
    return _with_headers(HttpResponse(content, content_type="image/png"), etag)


def _with_headers(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["Cache-Control"] = CACHE_CONTROL
    response["ETag"] = _quoted(etag)
    response["Vary"] = "Cookie, Authorization"
    return response


def _quoted(etag: str) -> str:
    return f'"{etag}"'
