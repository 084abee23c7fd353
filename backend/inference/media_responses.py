"""Answers that are pictures: asked for only after the permission check, cached by the browser alone."""

from collections.abc import Mapping

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from backend.core.problems import ApiProblem, Unprocessable
from backend.core.query import query_of
from backend.inference.media import overlay_png
from backend.studies.choices import Masking
from backend.studies.models import UltrasoundImage
from ml.colormap import COLORMAPS, DEFAULT_COLORMAP
from ml.taxonomy import CLASS_NAMES

NOT_READY_RETRY_S = 2
HEATMAP, OVERLAY = STYLES = ("heatmap", "overlay")
CACHE_CONTROL = "private, max-age=86400, immutable"  # a day: as long as anonymous work lives
PNG = {(200, "image/png"): OpenApiTypes.BINARY}
CAM_PARAMETERS = [
    OpenApiParameter("class_name", str, OpenApiParameter.PATH, enum=CLASS_NAMES),
    OpenApiParameter("style", str, enum=STYLES, default=HEATMAP),
    OpenApiParameter("colormap", str, enum=sorted(COLORMAPS), default=DEFAULT_COLORMAP),
]


def image_response(request: Request, image: UltrasoundImage) -> HttpResponseBase:
    """The stored image; 404 with a reason while, or once, nobody may see it."""
    _refuse_unreadable(image)
    return _cached(request, image, image.sha256) or _file_response(image, image.key, image.sha256)


def map_response(
    request: Request, image: UltrasoundImage, maps: Mapping[str, str | None] | None, class_name: str
) -> HttpResponseBase:
    """A class's map in the style that the query asks for; 404 with a reason where there is none."""
    style = choice_of(request, "style", STYLES, HEATMAP)
    colormap = choice_of(request, "colormap", sorted(COLORMAPS), DEFAULT_COLORMAP)
    key = _map_key(maps, class_name)
    if style == HEATMAP:
        return _cached(request, image, key) or _file_response(image, key, key)
    _refuse_unreadable(image)
    etag = f"{key}-{colormap}"
    return _cached(request, image, etag) or _overlay_response(image, key, colormap, etag)


def _refuse_unreadable(image: UltrasoundImage) -> None:
    if image.masking == Masking.PENDING:
        raise ApiProblem(
            "Text in this image is being covered: nobody can see it before.",
            code="image_not_ready",
            status=404,
            headers={"Retry-After": str(NOT_READY_RETRY_S)},
        )
    if image.masking == Masking.DROPPED:
        raise ApiProblem(
            "The image was deleted before its text was covered: the prediction had ended.",
            code="image_dropped",
            status=404,
        )
    if image.file_deleted_at is not None:
        raise ApiProblem(
            "This site keeps no images: the file was deleted once it was answered. The maps alone are still "
            "here (style=heatmap).",
            code="image_deleted",
            status=404,
        )


def choice_of(request: Request, name: str, offered: tuple[str, ...] | list[str], default: str) -> str:
    """A query parameter that has to be one of those offered."""
    chosen = query_of(request).get(name, default)
    if chosen not in offered:
        detail = f"`{name}` is one of {', '.join(offered)}."
        raise Unprocessable(detail, code="invalid", errors={name: [{"code": "invalid", "detail": detail}]})
    return chosen


def _map_key(maps: Mapping[str, str | None] | None, class_name: str) -> str:
    if class_name not in CLASS_NAMES:
        raise ApiProblem(f"Classes are {', '.join(CLASS_NAMES)}.", code="unknown_class", status=404)
    if maps is None:
        raise ApiProblem("There is no map: the prediction has no answer.", code="no_answer", status=404)
    key = maps.get(class_name)
    if key is None:
        raise ApiProblem(
            "Nothing in this image speaks for this class.", code="no_positive_evidence", status=404
        )
    return key


def _cached(request: Request, image: UltrasoundImage, etag: str) -> HttpResponseBase | None:
    """304 when the browser has it already; asked only after the permission check."""
    http_request: HttpRequest = request._request
    answer = get_conditional_response(http_request, etag=_quoted(etag))
    return None if answer is None else _with_headers(answer, image, etag)


def _file_response(image: UltrasoundImage, key: str, etag: str) -> HttpResponseBase:
    try:
        file = default_storage.open(key, "rb")
    except FileNotFoundError:
        raise ApiProblem("The file is gone.", code="file_missing", status=404) from None
    return _with_headers(FileResponse(file, content_type="image/png"), image, etag)


def _overlay_response(image: UltrasoundImage, key: str, colormap: str, etag: str) -> HttpResponseBase:
    try:
        content = overlay_png(image, key, colormap)
    except FileNotFoundError:
        raise ApiProblem("The file is gone.", code="file_missing", status=404) from None
    return _with_headers(HttpResponse(content, content_type="image/png"), image, etag)


def _with_headers(response: HttpResponseBase, image: UltrasoundImage, etag: str) -> HttpResponseBase:
    """What is not kept here is not to lie in a browser's cache either."""
    response["Cache-Control"] = CACHE_CONTROL if image.kept else "private, no-store"
    response["ETag"] = _quoted(etag)
    response["Vary"] = "Cookie, Authorization"
    return response


def _quoted(etag: str) -> str:
    return f'"{etag}"'
