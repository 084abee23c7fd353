"""Writes of accounts: sign-in, password, tokens."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django_otp.models import Device
from rest_framework.exceptions import AuthenticationFailed

from backend.accounts.audit_trail import sign_in_failure_record
from backend.accounts.models import SHOWN_CHARACTERS, ApiToken, User, token_digest, token_new
from backend.accounts.passwords import password_check
from backend.accounts.roles import has_powers, is_model_admin, reads_model_records
from backend.accounts.scopes import Scope
from backend.accounts.second_factor import (
    device_of_code,
    mark_verified,
    second_factor_confirm,
    second_factor_enabled,
    second_factor_remove,
)
from backend.accounts.throttle import attempts_counted, login_attempt_count, login_attempts_forget
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.core.addresses import client_address
from backend.core.problems import Conflict, Unprocessable

DEFAULT_SCOPES = (Scope.ANALYSES_READ, Scope.ANALYSES_WRITE)
MOST_TOKENS = 50  # of one account


def session_sign_in(*, request: HttpRequest, username: str, password: str, code: str = "") -> User:
    """Sign the browser session in; what it made anonymously moves to the account (see `signals`)."""
    address = client_address(request)
    login_attempt_count(username=username, address=address)
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        raise AuthenticationFailed("The name or the password is wrong.", code="wrong_credentials")
    second_factor_show(user=user, code=code)
    with transaction.atomic():
        login(request, user)
    login_attempts_forget(username=username, address=address)
    return user


def second_factor_show(*, user: User, code: str) -> None:
    """Before sign-in: a code where the account has a second factor; without one, 401."""
    if not second_factor_enabled(user):
        return mark_verified(user, False)
    if not code:
        raise AuthenticationFailed(
            "Enter the code of your authenticator app too.", code="second_factor_required"
        )
    device = device_of_code(user=user, code=code)
    if device is None:
        sign_in_failure_record(user, "wrong_code")
        raise AuthenticationFailed("The code is wrong, or has been used already.", code="wrong_code")
    user.otp_device = device  # type: ignore[attr-defined]  # django-otp notes it in the session
    return mark_verified(user, True)


def password_change(*, request: HttpRequest, user: User, old: str, new: str) -> None:
    """Only this session stays signed in; tokens are separate and stay."""
    with attempts_counted(username=user.username, address=client_address(request)):
        old_password_check(user=user, password=old, field="old")
    password_check(new, user=user, field="new")
    user.set_password(new)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    audit_record(AuditAction.PASSWORD_CHANGED, ObjectKind.ACCOUNT, user.pk)


def old_password_check(*, user: User, password: str, field: str) -> None:
    """422 when it is not the account's password: whoever holds the session must still know it."""
    if not user.check_password(password):
        raise _refused(field, "wrong_password", "This is not your password.")


def sessions_end(*, user: User) -> None:
    """Every browser session of the account ends at its next request."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])


def second_factor_take(*, request: HttpRequest, user: User, code: str) -> tuple[Device, list[str]]:
    """The new secret comes into force, this session counts as verified, the others end."""
    with attempts_counted(username=user.username, address=client_address(request)):
        confirmed = second_factor_confirm(user=user, code=code)
        if confirmed is None:
            raise _refused("code", "wrong_code", "The code is wrong: is the clock of your phone right?")
    sessions_end(user=user)
    update_session_auth_hash(request, user)
    audit_record(AuditAction.SECOND_FACTOR_ADDED, ObjectKind.ACCOUNT, user.pk)
    return confirmed


def second_factor_drop(*, request: HttpRequest, user: User, password: str, code: str) -> None:
    """Needs both factors, as sign-in does."""
    with attempts_counted(username=user.username, address=client_address(request)):
        if not second_factor_enabled(user):
            raise Conflict("This account has no second factor.", code="second_factor_missing")
        old_password_check(user=user, password=password, field="password")
        if device_of_code(user=user, code=code) is None:
            raise _refused("code", "wrong_code", "The code is wrong, or has been used already.")
    second_factor_remove(user=user)


def _refused(field: str, code: str, detail: str) -> Unprocessable:
    return Unprocessable(detail, code=code, errors={field: [{"code": code, "detail": detail}]})


def api_token_create(
    *,
    user: User,
    name: str = "token",
    scopes: Iterable[Scope] = DEFAULT_SCOPES,
    expires_in_days: int = 90,
    second_factor: bool = False,
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is not kept."""
    scopes = [Scope(scope) for scope in scopes]
    _scopes_check(user, scopes)
    if ApiToken.objects.filter(user=user).count() >= MOST_TOKENS:
        raise Conflict(
            f"An account has at most {MOST_TOKENS} tokens: revoke some first.", code="too_many_tokens"
        )
    secret = token_new()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=token_digest(secret),
        prefix=secret[:SHOWN_CHARACTERS],
        scopes=sorted({scope.value for scope in scopes}),
        expires_at=timezone.now() + timedelta(days=expires_in_days),
        second_factor=second_factor,
    )
    audit_record(AuditAction.TOKEN_CREATED, ObjectKind.TOKEN, token.pk, detail=", ".join(token.scopes))
    return token, secret


def _scopes_check(user: User, scopes: list[Scope]) -> None:
    """A token never waits for a role that its owner does not have yet."""
    allowed = {
        Scope.ANALYSES_READ: True,
        Scope.ANALYSES_WRITE: True,
        Scope.MODELS_READ: reads_model_records(user),
        Scope.MODELS_WRITE: is_model_admin(user) and has_powers(user),
    }
    refused = [scope for scope in scopes if not allowed[scope]]
    if refused:
        raise _refused("scopes", "scope_not_yours", f"Your role does not allow {', '.join(refused)}.")


def api_token_revoke(*, token: ApiToken) -> None:
    """The token stops working at once."""
    audit_record(AuditAction.TOKEN_REVOKED, ObjectKind.TOKEN, token.pk)
    token.delete()
