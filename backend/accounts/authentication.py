"""Two ways to say who one is: a personal token, or the browser's session (which may be nobody's yet)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from backend.accounts.models import ApiToken, User, token_digest
from backend.accounts.second_factor import mark_verified
from backend.core.problems import ApiProblem

USE_NOTED_EVERY = timedelta(minutes=1)


class BearerTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. Any other header is 401, never a silent fall-back to the session."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        if "HTTP_AUTHORIZATION" not in request.META:
            return None
        token = _token_of(get_authorization_header(request).split())
        if token is None or token.is_expired or not token.user.is_active:
            raise exceptions.AuthenticationFailed("This token is not valid.", code="invalid_token")
        mark_verified(token.user, token.second_factor)
        _note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


def _token_of(parts: list[bytes]) -> ApiToken | None:
    if len(parts) != 2 or parts[0].lower() != b"bearer":
        return None
    digest = token_digest(parts[1].decode("latin-1"))
    return ApiToken.objects.select_related("user").filter(digest=digest).first()


def _note_use(token: ApiToken) -> None:
    """At most one write a minute: polling must not turn into writing."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


class BrowserSessionAuthentication(BaseAuthentication):
    """The session cookie. Unlike the framework's own class it guards anonymous writes against CSRF too."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        _enforce_csrf(request)
        user = getattr(request._request, "user", AnonymousUser())
        if not isinstance(user, User) or not user.is_active:
            return None
        return user, None


class _HeaderOnly:
    """The request without its form: Django's check would read the whole body in search of a form field."""

    POST: Mapping[str, str] = {}

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _no_response(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _enforce_csrf(request: Request) -> None:
    check = _CsrfCheck(_no_response)
    header_only = _HeaderOnly(request._request)
    check.process_request(header_only)  # type: ignore[arg-type]
    reason = check.process_view(header_only, None, (), {})  # type: ignore[arg-type]
    if reason:
        raise ApiProblem(
            "The CSRF token is missing or wrong: send the one of auth/session/ as X-CSRFToken, "
            "with its cookie, or use a Bearer token.",
            code="csrf_failed",
            status=403,
        )
