"""Sign in, sign out, who am I, my token."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.accounts.permissions import SignedInWithPassword
from backend.accounts.selectors import api_tokens_of
from backend.accounts.serializers import LoginInput, SessionOutput, TokenCreatedOutput, TokenOutput
from backend.accounts.services import api_token_create, api_token_revoke, session_sign_in
from backend.core.schema import problems
from ml.taxonomy import CLASS_NAMES, MODALITIES


def session_of(request: Request) -> dict[str, Any]:
    """What `SessionOutput` shows; also sets the CSRF cookie."""
    return {
        "user": request.user if request.user.is_authenticated else None,
        "csrf_token": get_token(request._request),
        "anonymous_allowed": settings.ALLOW_ANONYMOUS,
        "limits": {
            "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
            "max_pixels": settings.MAX_PIXELS,
            "min_side": settings.MIN_SIDE,
            "formats": settings.UPLOAD_FORMATS,
        },
        "modalities": [modality.value for modality in MODALITIES],
        "classes": CLASS_NAMES,
    }


class SessionView(APIView):
    """Who is signed in here."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="session_retrieve", responses=SessionOutput)
    def get(self, request: Request) -> Response:
        """The session: account, CSRF token, what the site allows. Ask once when the page loads."""
        return Response(SessionOutput(session_of(request)).data)


class LoginView(APIView):
    """Sign in."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="session_login", request=LoginInput, responses={200: SessionOutput, **problems(401, 429)}
    )
    def post(self, request: Request) -> Response:
        """Sign this browser session in. The CSRF token changes: take the new one from the answer."""
        form = LoginInput(data=request.data)
        form.is_valid(raise_exception=True)
        request.user = session_sign_in(request=request._request, **form.validated_data)
        return Response(SessionOutput(session_of(request)).data)


class LogoutView(APIView):
    """Sign out."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="session_logout", request=None, responses={200: SessionOutput})
    def post(self, request: Request) -> Response:
        """End this browser session, whoever it belongs to."""
        logout(request._request)
        request.user = request._request.user
        return Response(SessionOutput(session_of(request)).data)


def signed_in(request: Request) -> User:
    """The account behind the request; the permission has made sure that there is one."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class TokensView(APIView):
    """The account's personal token for programs."""

    permission_classes = (SignedInWithPassword,)

    @extend_schema(operation_id="tokens_list", responses={200: TokenOutput(many=True), **problems(403)})
    def get(self, request: Request) -> Response:
        """The token, by its first characters."""
        return Response(TokenOutput(api_tokens_of(user=signed_in(request)), many=True).data)

    @extend_schema(operation_id="tokens_create", request=None, responses={201: TokenCreatedOutput})
    def post(self, request: Request) -> Response:
        """Make a token; a former one ends. Its secret is in this answer and nowhere else."""
        token, secret = api_token_create(user=signed_in(request))
        shown = TokenOutput(token).data | {"token": secret}
        return Response(shown, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request) -> Response:
        """End the token at once."""
        api_token_revoke(user=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
