"""Writes of site admins: accounts, their roles, and one-time links by which a password is chosen."""

import logging
from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth.models import Group
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import IntegrityError, transaction

from backend.accounts.models import ApiToken, User
from backend.accounts.passwords import password_check
from backend.accounts.roles import Role
from backend.accounts.services import sessions_end
from backend.audit.caller import current_caller
from backend.audit.choices import ActorKind, AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.core.problems import ApiProblem, Conflict, Unprocessable

logger = logging.getLogger(__name__)


class _LinkTokens(PasswordResetTokenGenerator):
    """Good once and for PASSWORD_RESET_TIMEOUT: a new password, a sign-in or a deactivation ends it."""

    key_salt = "backend.accounts.users.link"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.sessions_ended}"


link_tokens = _LinkTokens()


def roles_check(roles: Iterable[Role]) -> list[Role]:
    """An auditor looks at what others do, and so has no second role."""
    chosen = sorted(set(roles))
    if Role.AUDITOR in chosen and len(chosen) > 1:
        detail = "An auditor changes nothing: no other role goes with it."
        raise Unprocessable(
            detail, code="roles_conflict", errors={"roles": [{"code": "roles_conflict", "detail": detail}]}
        )
    return chosen


def name_is_taken(username: str, *, but_for: User | None = None) -> bool:
    """Whether an account has this name in whatever case: Ann and ann would be mistaken for each other."""
    others = User.objects.exclude(pk=but_for.pk) if but_for else User.objects
    return others.filter(username__iexact=username).exists()


def user_create(*, actor: User, username: str, email: str = "", roles: Iterable[Role] = ()) -> User:
    """An account without a password: its owner chooses one through a link (`invitation_make`)."""
    chosen = roles_check(roles)
    user = User(username=User.normalize_username(username), email=User.objects.normalize_email(email))
    user.set_unusable_password()
    taken = Conflict("There is an account of this name already.", code="username_taken")
    if name_is_taken(user.username):
        raise taken
    try:
        with transaction.atomic():
            user.save()
            _roles_set(user, chosen)
            account_change_record(AuditAction.ACCOUNT_CREATED, user)
    except IntegrityError:  # another request was quicker
        raise taken from None
    logger.info("account %s made by %s, roles %s", user.pk, actor.pk, [*map(str, chosen)])
    return user


def user_update(
    *, actor: User, user: User, roles: Iterable[Role] | None = None, is_active: bool | None = None
) -> User:
    """New roles, or an account that may (not) sign in. Nobody shuts the door behind himself."""
    chosen = None if roles is None else roles_check(roles)
    if is_active is False and user.pk == actor.pk:
        raise Conflict("Another site admin has to deactivate your account.", code="own_account")
    with transaction.atomic():
        if chosen is not None:
            _roles_set(user, chosen)
        if is_active is not None and is_active != user.is_active:
            user.is_active = is_active
            user.save(update_fields=["is_active"])
            sessions_end(user=user)
        account_change_record(AuditAction.ACCOUNT_CHANGED, user)
    logger.info("account %s changed by %s: roles %s, active %s", user.pk, actor.pk, chosen, is_active)
    return user


def _roles_set(user: User, roles: list[Role]) -> None:
    user.groups.set(Group.objects.filter(name__in=roles))


def account_change_record(action: AuditAction, user: User) -> None:
    """What the account may do from now on, in the audit log."""
    roles = "site admin" if user.is_superuser else ", ".join(user.groups.values_list("name", flat=True))
    state = "active" if user.is_active else "not active"
    audit_record(action, ObjectKind.ACCOUNT, user.pk, detail=f"{roles or Role.CLINICIAN}; {state}")


def invitation_make(*, actor: User, user: User) -> str:
    """The path of a one-time link by which the account's owner chooses a (new) password."""
    if not user.is_active:
        raise Conflict("This account is not active.", code="inactive")
    audit_record(AuditAction.ACCOUNT_LINK_MADE, ObjectKind.ACCOUNT, user.pk)
    logger.info("link for account %s made by %s", user.pk, actor.pk)
    return f"/welcome/{user.pk}/{link_tokens.make_token(user)}"


def invitation_accept(*, uid: str, token: str, password: str) -> User:
    """The password is set, once; every session and token of before ends. A second factor stays."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=uid, is_active=True).first()
        if user is None or not link_tokens.check_token(user, token):
            raise ApiProblem(
                "This link has been used, or its time is over: ask for a new one.",
                code="link_not_valid",
                status=404,
            )
        password_check(password, user=user, field="password")
        user.set_password(password)
        user.save(update_fields=["password"])
        sessions_end(user=user)
        ApiToken.objects.filter(user=user).delete()
        owner = replace(current_caller(), kind=ActorKind.ACCOUNT, id=user.pk, name=user.username)
        audit_record(AuditAction.PASSWORD_CHANGED, ObjectKind.ACCOUNT, user.pk, detail="link", caller=owner)
    logger.info("account %s chose a password through a link", user.pk)
    return user
