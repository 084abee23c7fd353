"""Sign in, sign out, who am I, my password."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.accounts.permissions import SignedInWithPassword
from backend.accounts.serializers import (
    LoginInput,
    PasswordChangeInput,
    SessionOutput,
    WelcomeInput,
    WelcomeOutput,
)
from backend.accounts.services import password_change, session_sign_in
from backend.accounts.throttle import link_attempts_counted
from backend.accounts.users import invitation_accept
from backend.core.addresses import client_address
from backend.core.schema import problems
from backend.site.selectors import anonymous_allowed, site_settings
from ml.taxonomy import CLASS_NAMES, MODALITIES


def session_response(request: Request) -> Response:
    """What `SessionOutput` shows; also sets the CSRF cookie."""
    site = site_settings()
    session = {
        "user": request.user if request.user.is_authenticated else None,
        "csrf_token": get_token(request._request),
        "anonymous_allowed": anonymous_allowed(site),
        "site": site,
        "limits": {
            "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
            "max_pixels": settings.MAX_PIXELS,
            "min_side": settings.MIN_SIDE,
            "formats": settings.UPLOAD_FORMATS,
        },
        "modalities": [modality.value for modality in MODALITIES],
        "classes": CLASS_NAMES,
    }
    return Response(SessionOutput(session, context={"request": request}).data)


def checked(form: type[Serializer], request: Request) -> dict[str, Any]:
    """The form's fields; 400 with a reason for each that is missing or wrong."""
    filled = form(data=request.data)
    filled.is_valid(raise_exception=True)
    return dict(filled.validated_data)


def signed_in(request: Request) -> User:
    """The account behind the request; the permission has made sure that there is one."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class SessionView(APIView):
    """Who is signed in here."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="session_retrieve", responses=SessionOutput)
    def get(self, request: Request) -> Response:
        """The session: account, CSRF token, what the site allows. Ask once when the page loads."""
        return session_response(request)


class LoginView(APIView):
    """Sign in."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="session_login", request=LoginInput, responses={200: SessionOutput, **problems(401, 429)}
    )
    def post(self, request: Request) -> Response:
        """Sign this browser session in. The CSRF token changes: take the new one from the answer.

        401 `second_factor_required` asks for the same again, with `code`.
        """
        request.user = session_sign_in(request=request._request, **checked(LoginInput, request))
        return session_response(request)


class LogoutView(APIView):
    """Sign out."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="session_logout", request=None, responses={200: SessionOutput})
    def post(self, request: Request) -> Response:
        """End this browser session, whoever it belongs to."""
        logout(request._request)
        request.user = request._request.user
        return session_response(request)


class PasswordView(APIView):
    """My password."""

    permission_classes = (SignedInWithPassword,)

    @extend_schema(
        operation_id="password_change",
        request=PasswordChangeInput,
        responses={200: SessionOutput, **problems(422, 429)},
    )
    def post(self, request: Request) -> Response:
        """Change it; one's other browser sessions end. 422 with the reasons when the new one is weak."""
        form = checked(PasswordChangeInput, request)
        password_change(request=request._request, user=signed_in(request), old=form["old"], new=form["new"])
        return session_response(request)


class WelcomeView(APIView):
    """The other end of a one-time link."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="welcome",
        request=WelcomeInput,
        responses={200: WelcomeOutput, **problems(404, 422, 429)},
    )
    def post(self, request: Request) -> Response:
        """Choose a password by an invitation or reset link; former sessions and tokens end. Then sign in."""
        form = checked(WelcomeInput, request)
        address = client_address(request._request)
        with link_attempts_counted(address=address):
            user = invitation_accept(uid=form["uid"], token=form["token"], password=form["password"])
        return Response(WelcomeOutput(user).data)
