"""Who may call the API at all."""

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # the framework loads this module while it loads its views
    from rest_framework.views import APIView


class SignedInOrAnonymousAllowed(BasePermission):
    """The default: an account, or nobody where the site allows it (401 otherwise)."""

    message = "Sign in first: this site does not take anonymous work."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return bool(request.user.is_authenticated or settings.ALLOW_ANONYMOUS)


class SignedInWithPassword(BasePermission):
    """A browser session with an account: a token can't make or revoke tokens."""

    message = "A token can't manage tokens: sign in with your password."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return bool(request.user.is_authenticated and request.auth is None)
