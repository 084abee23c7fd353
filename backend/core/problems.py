"""Every error of the API in one shape: RFC 9457 problem+json with a stable `code`."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from backend.core.refusals import refusal_count

CONTENT_TYPE = "application/problem+json"
FieldErrors = Mapping[str, list[dict[str, str]]]


class ApiProblem(exceptions.APIException):
    """An error with its own status and code; `errors` gives reasons per field."""

    status_code = 400
    default_code = "bad_request"
    default_detail = "The request can't be answered."

    def __init__(
        self,
        detail: str | None = None,
        *,
        code: str | None = None,
        status: int | None = None,
        errors: FieldErrors | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail=detail, code=code)
        self.status_code = status or self.status_code
        self.code = code or self.default_code
        self.errors = errors
        self.headers = dict(headers or {})


class Conflict(ApiProblem):
    """409: the same thing is still under way, or the state does not allow it."""

    status_code = 409
    default_code = "conflict"
    default_detail = "The present state does not allow this."


class PayloadTooLarge(ApiProblem):
    """413: more bytes than the site takes."""

    status_code = 413
    default_code = "too_large"
    default_detail = "The upload is too large."


class UnsupportedFormat(ApiProblem):
    """415: a format that is not offered."""

    status_code = 415
    default_code = "unsupported_format"
    default_detail = "This format is not offered."


class Unprocessable(ApiProblem):
    """422: understood, but unreadable, hostile or contradictory."""

    status_code = 422
    default_code = "unprocessable"
    default_detail = "The upload can't be used."


class Unavailable(ApiProblem):
    """503: try again later; give `Retry-After` in `headers`."""

    status_code = 503
    default_code = "unavailable"
    default_detail = "The service can't take this now."


def problem_body(*, status: int, code: str, detail: str, errors: FieldErrors | None = None) -> dict[str, Any]:
    """The JSON object of a problem; `type` stays about:blank, the code tells the cases apart."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return body | ({"errors": errors} if errors else {})


def problem_response(
    *, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """A problem from outside Django REST framework: middleware, plain views, error handlers."""
    refusal_count(status, code)
    body = problem_body(status=status, code=code, detail=detail)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=dict(headers or {}))


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's EXCEPTION_HANDLER. None (an unknown error) goes on to `server_error`."""
    known = _as_api_exception(error)
    if known is None:
        return None
    code, detail, errors = _describe(known)
    refusal_count(known.status_code, code)
    return Response(
        problem_body(status=known.status_code, code=code, detail=detail, errors=errors),
        status=known.status_code,
        headers=_headers(known),
        content_type=CONTENT_TYPE,
    )


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return PayloadTooLarge("The form fields of the request are too large.", code="body_too_large")
    if isinstance(error, SuspiciousOperation):
        return ApiProblem("The request is malformed.", code="malformed")
    return None


def _describe(error: exceptions.APIException) -> tuple[str, str, FieldErrors | None]:
    if isinstance(error, ApiProblem):
        return error.code, str(error.detail), error.errors
    if isinstance(error, exceptions.ValidationError):
        return "invalid", "Some fields are missing or wrong.", _field_errors(error.detail)
    if isinstance(error.detail, exceptions.ErrorDetail):
        return str(error.detail.code), str(error.detail), None
    return error.default_code, str(error.default_detail), _field_errors(error.detail)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = dict(error.headers) if isinstance(error, ApiProblem) else {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    return headers


def _field_errors(detail: Any) -> dict[str, list[dict[str, str]]]:
    """Django REST framework's nested details as a flat object: `a.b` → its reasons."""
    errors: dict[str, list[dict[str, str]]] = {}
    for field, reason in _walk(detail, ""):
        errors.setdefault(field or "non_field_errors", []).append(
            {"code": str(reason.code), "detail": str(reason)}
        )
    return errors


def _walk(detail: Any, field: str) -> Iterator[tuple[str, exceptions.ErrorDetail]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _walk(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(detail, list | tuple):
        for inner in detail:
            yield from _walk(inner, field)
    else:
        yield field, detail
