"""Who a line of the audit log names: the account of the request, or the browser session that has none."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from backend.accounts.models import User
from backend.accounts.ownership import session_anonymous_id
from backend.audit.caller import Caller, caller_known_by
from backend.audit.choices import ActorKind, AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.core.addresses import client_address

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class AuditMiddleware:
    """While a request runs, lines of the audit log are about whoever sent it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with caller_known_by(lambda: caller_of(request)):
            return self.get_response(request)


def caller_of(request: HttpRequest) -> Caller:
    """Asked when a line is written: by then the framework has noted a token's owner on the request."""
    user = getattr(request, "user", AnonymousUser())
    if isinstance(user, User):
        return account_caller(user, request)
    owner = session_anonymous_id(request) if hasattr(request, "session") else None
    return Caller(ActorKind.ANONYMOUS, owner, address=client_address(request))


def account_caller(user: User, request: HttpRequest | None) -> Caller:
    """This account, whether or not it is signed in."""
    address = client_address(request) if request is not None else ""
    return Caller(ActorKind.ACCOUNT, user.pk, user.username, address)


@receiver(user_logged_in)
def signed_in_noted(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """By whichever door."""
    caller = account_caller(user, request)
    audit_record(AuditAction.SIGNED_IN, ObjectKind.ACCOUNT, user.pk, caller=caller)


@receiver(user_logged_out)
def signed_out_noted(sender: type[User], request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """By hand, or because nobody used the session. A session of nobody leaves no line."""
    if user is not None:
        caller = account_caller(user, request)
        audit_record(AuditAction.SIGNED_OUT, ObjectKind.ACCOUNT, user.pk, caller=caller)


@receiver(user_login_failed)
def sign_in_failure_noted(
    sender: str, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """The account that was tried, if there is one: what was typed as a name may be a password."""
    user = User.objects.filter(username=credentials.get("username", "")).first()
    sign_in_failure_record(user, "wrong_credentials")


def sign_in_failure_record(user: User | None, reason: str) -> None:
    """Somebody was not let in; the line is about the account that was tried, by whoever asked."""
    audit_record(
        AuditAction.SIGN_IN_FAILED,
        ObjectKind.ACCOUNT if user else ObjectKind.NOTHING,
        user.pk if user else None,
        detail=f"{reason}: {user.username}" if user else f"{reason}: no such account",
    )
