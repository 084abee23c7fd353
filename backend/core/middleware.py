"""What happens to every request before a view sees it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from backend.core import views
from backend.core.problems import problem_response
from backend.core.request_id import HEADER, accepted_or_new, set_request_id

PROBES = {"/healthz": views.healthz, "/readyz": views.readyz, "/metrics": views.metrics}

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestIdMiddleware:
    """Takes or makes the request id and returns it with the response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = accepted_or_new(request.headers.get(HEADER, ""))
        set_request_id(request_id)
        response = self.get_response(request)
        response[HEADER] = request_id
        return response


class ProbeMiddleware:
    """Answers the probes before anything looks at the host name or redirects to HTTPS.

    Whoever probes knows the container by its inner address and speaks plain HTTP.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path)
        return probe(request) if probe else self.get_response(request)


class BodyLimitMiddleware:
    """Refuses a body by its announced length, before a byte of it is read.

    A view that takes more says so: `max_body_bytes` on its class. A body without a length is not read at all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Runs before the CSRF check, which would read a form."""
        view_class = getattr(view, "cls", getattr(view, "view_class", None))
        limit: int = getattr(view_class, "max_body_bytes", settings.MAX_BODY_BYTES)
        if _announced_length(request) <= limit:
            return None
        return problem_response(
            status=413,
            code="body_too_large",
            detail=f"The request is larger than the {limit // 1024**2} MiB that this address takes.",
        )


def _announced_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
