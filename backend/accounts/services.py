"""Writes of accounts: sign-in, sign-out, tokens."""

from django.contrib.auth import authenticate, login
from django.db import transaction
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed

from backend.accounts.models import SHOWN_CHARACTERS, ApiToken, User, token_digest, token_new
from backend.accounts.throttle import login_attempt_count, login_attempts_forget
from backend.core.addresses import client_address


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


@transaction.atomic
def api_token_create(*, user: User) -> tuple[ApiToken, str]:
    """A new token and its secret, which is not kept; the user's former token ends."""
    api_token_revoke(user=user)
    secret = token_new()
    token = ApiToken.objects.create(user=user, digest=token_digest(secret), prefix=secret[:SHOWN_CHARACTERS])
    return token, secret


def api_token_revoke(*, user: User) -> None:
    """The user's token stops working at once."""
    ApiToken.objects.filter(user=user).delete()
