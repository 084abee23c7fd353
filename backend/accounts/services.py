"""Writes of accounts: sign-in, sign-out, tokens."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth import authenticate, login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from backend.accounts.models import SHOWN_CHARACTERS, ApiToken, User, token_digest, token_new
from backend.accounts.scopes import Scope
from backend.accounts.throttle import login_attempt_count, login_attempts_forget
from backend.core.addresses import client_address

DEFAULT_SCOPES = (Scope.ANALYSES_READ, Scope.ANALYSES_WRITE)


def session_sign_in(*, request: HttpRequest, username: str, password: str) -> User:
    """Sign the browser session in; what it made anonymously moves to the account (see `signals`)."""
    address = client_address(request)
    login_attempt_count(username=username, address=address)
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        raise AuthenticationFailed("The name or the password is wrong.", code="wrong_credentials")
    with transaction.atomic():
        login(request, user)
    login_attempts_forget(username=username, address=address)
    return user


def api_token_create(
    *, user: User, name: str = "token", scopes: Iterable[Scope] = DEFAULT_SCOPES, expires_in_days: int = 90
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is not kept."""
    secret = token_new()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=token_digest(secret),
        prefix=secret[:SHOWN_CHARACTERS],
        scopes=sorted({Scope(scope).value for scope in scopes}),
        expires_at=timezone.now() + timedelta(days=expires_in_days),
    )
    return token, secret


def api_token_revoke(*, user: User) -> None:
    """The user's token stops working at once."""
    ApiToken.objects.filter(user=user).delete()
