"""The page, the probes, and errors outside the API framework."""

import sys
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from backend.core import metrics as core_metrics
from backend.core.health import readiness
from backend.core.problems import problem_response
from backend.core.stored import StoreError

NOT_ANSWERING = (OperationalError, InterfaceError, RedisConnectionError, RedisTimeoutError, StoreError)
AWAY = "A part of the server does not answer at the moment: try again in a few seconds."
RETRY_AFTER_S = 5
API_PREFIXES = ("/api/", "/healthz", "/readyz", "/metrics")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when an upload would be answered, else 503; either way what was found."""
    findings = readiness()
    ready = all(finding.ok for finding in findings.values())
    checks = {name: {"ok": finding.ok, "detail": finding.detail} for name, finding in findings.items()}
    body = {"status": "ready" if ready else "not ready", "checks": checks}
    return JsonResponse(body, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"})


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for Prometheus: numbers only, nothing about a case."""
    return HttpResponse(core_metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """The built single-page application answers for every address of its own."""
    index = settings.FRONTEND_DIST / "index.html"
    if not index.is_file():
        return HttpResponse(NOT_BUILT, status=503)
    return FileResponse(
        index.open("rb"), content_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>CV4LymphNode</title>
<body style="font:16px/1.5 system-ui;max-width:40rem;margin:15vh auto;padding:0 1rem">
<h1>The page has not been built yet</h1>
<p>The server works: see <a href="/api/docs/">the API</a> and <a href="/readyz">its readiness</a>.
Run <code>make demo</code>, or <code>npm ci &amp;&amp; npm run build</code> in <code>frontend/</code>,
and start it again.</p>
"""


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 as problem+json under /api/, as a sentence elsewhere."""
    return _error(request, 404, "not_found", "There is nothing at this address.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself is malformed (a host name that is not ours, a broken header)."""
    return _error(request, 400, "malformed", "The request is malformed.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 from a plain Django view."""
    return _error(request, 403, "permission_denied", "You may not do this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a form outside the API comes without its token."""
    return _error(
        request, 403, "csrf_failed", "The CSRF token is missing or wrong: reload the page and try again."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without a word about the inside; the log has the rest, under the request's id.

    A database, Redis or store that does not answer is no fault in here: 503, and trying again is right."""
    if isinstance(sys.exception(), NOT_ANSWERING):
        code = "storage_error" if isinstance(sys.exception(), StoreError) else "unavailable"
        return _error(request, 503, code, AWAY, **{"Retry-After": str(RETRY_AFTER_S)})
    return _error(request, 500, "internal_error", "Something went wrong here. The server's log knows more.")


def _error(request: HttpRequest, status: int, code: str, detail: str, **headers: Any) -> HttpResponse:
    if request.path.startswith(API_PREFIXES):
        return problem_response(status=status, code=code, detail=detail, headers=headers)
    return HttpResponse(detail, status=status, content_type="text/plain; charset=utf-8")
