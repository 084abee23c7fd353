"""Who does what: clinician, model admin, auditor are Django groups; a superuser is the site's admin."""

from enum import StrEnum
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import prefetch_related_objects

from backend.accounts.models import User

PROJECT = "backend."
MANAGED_APPS = ("registry", "comparisons")


class Role(StrEnum):
    """The names of the groups. An account without a group is a clinician."""

    CLINICIAN = "clinician"
    MODEL_ADMIN = "model_admin"
    AUDITOR = "auditor"


Someone = User | AnonymousUser


def roles_named(user: User) -> frozenset[Role]:
    """The roles that were given to the account."""
    prefetch_related_objects([user], "groups")  # one query an account object
    names = {group.name for group in user.groups.all()}
    return frozenset(role for role in Role if role in names)


def roles_of(user: Someone) -> frozenset[Role]:
    """The roles that the account acts in; nobody has none."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    return roles_named(user) or frozenset({Role.CLINICIAN})


def is_site_admin(user: Someone) -> bool:
    """A superuser does everything, and alone manages accounts."""
    return isinstance(user, User) and user.is_active and user.is_superuser


def is_auditor(user: Someone) -> bool:
    """An auditor changes nothing, whatever other roles the account has."""
    return not is_site_admin(user) and Role.AUDITOR in roles_of(user)


def is_model_admin(user: Someone) -> bool:
    """Manages model versions."""
    return is_site_admin(user) or (Role.MODEL_ADMIN in roles_of(user) and not is_auditor(user))


def needs_second_factor(user: Someone) -> bool:
    """Where the site asks for it, administrators have a second factor or no powers."""
    return bool(settings.REQUIRE_SECOND_FACTOR) and is_model_admin(user)


def has_powers(user: Someone) -> bool:
    """False while an administrator has yet to show the second factor that the site asks for."""
    return not needs_second_factor(user) or has_shown_second_factor(user)


def has_shown_second_factor(user: Someone) -> bool:
    """Whether this request's session (or the one that made its token) has shown a second factor."""
    is_verified = getattr(user, "is_verified", None)
    return bool(is_verified and is_verified())


def manages_models(user: Someone) -> bool:
    """May upload, activate, retire and compare model versions."""
    return is_model_admin(user) and has_powers(user)


def reads_model_records(user: Someone) -> bool:
    """Sees every version, who did what, and comparisons."""
    return is_auditor(user) or manages_models(user)


def reads_everything(user: Someone) -> bool:
    """Sees the analyses, images and maps of everybody."""
    return is_auditor(user) or changes_everything(user)


def changes_everything(user: Someone) -> bool:
    """May cancel and delete what others made."""
    return is_site_admin(user) and has_powers(user)


def manages_users(user: Someone) -> bool:
    """May make accounts, give roles and send links."""
    return is_site_admin(user) and has_powers(user)


def groups_sync(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """After each app's migrations: the groups are there and hold the permissions of Django's admin."""
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 (apps must be loaded)

    if not sender.name.startswith(PROJECT):
        return
    groups = {role: Group.objects.using(using).get_or_create(name=role.value)[0] for role in Role}
    permissions = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    looking = permissions.filter(codename__startswith="view_")
    groups[Role.AUDITOR].permissions.add(*looking)
    if sender.label in MANAGED_APPS:
        groups[Role.MODEL_ADMIN].permissions.add(*permissions.exclude(codename__startswith="delete_"))
    elif sender.label == "core":
        groups[Role.MODEL_ADMIN].permissions.add(*looking)
