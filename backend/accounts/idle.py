"""Sign-out of a session that nobody uses: on a shared computer the next person finds it closed."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from backend.core.problems import problem_response

SEEN_AT = "seen_at"
BACKGROUND = "X-Background"
OPEN_ADDRESSES = ("/api/v1/auth/", "/api/schema/", "/api/docs/")
NOTED_SHARE = 0.02  # of the idle time: not every click writes to the session

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class IdleSignOutMiddleware:
    """Ends a session after IDLE_SIGN_OUT_MINUTES without a request of a person.

    Requests that the page makes by itself say `X-Background: 1`: they look, but are no sign of life.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limit_s = settings.IDLE_SIGN_OUT_MINUTES * 60
        if limit_s and _has_cookie(request) and request.user.is_authenticated:
            idle_s = time.time() - request.session.setdefault(SEEN_AT, time.time())
            if idle_s >= limit_s:
                logout(request)
                if _is_api(request):
                    return _signed_out()
            elif idle_s > limit_s * NOTED_SHARE and BACKGROUND not in request.headers:
                request.session[SEEN_AT] = time.time()
        return self.get_response(request)


def _has_cookie(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") and not request.path.startswith(OPEN_ADDRESSES)


def _signed_out() -> HttpResponseBase:
    return problem_response(
        status=401,
        code="signed_out_idle",
        detail="You were signed out because nobody used the page for a while: sign in again.",
        headers={"WWW-Authenticate": "Bearer"},
    )
