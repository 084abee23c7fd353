"""Accounts and tokens in Django's admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.admin import ModelAdmin
from unfold.decorators import display

from backend.accounts.admin_forms import AccountForm, NewAccountForm
from backend.accounts.models import ApiToken, User
from backend.accounts.roles import Role, roles_named
from backend.accounts.second_factor import second_factor_remove
from backend.accounts.selectors import users_listed
from backend.accounts.services import api_token_revoke, sessions_end
from backend.accounts.users import account_change_record, invitation_make, user_update
from backend.audit.choices import AuditAction
from backend.core.admin import LookOnlyAdmin
from backend.core.problems import ApiProblem

for hidden in (Group, TOTPDevice, StaticDevice):  # roles are fixed; secrets are nobody else's to see
    admin.site.unregister(hidden)


class RoleFilter(admin.SimpleListFilter):
    """By role; site admins count as one."""

    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        roles = [(role.value, role.replace("_", " ")) for role in Role if role != Role.CLINICIAN]
        return [("none", "clinician"), *roles, ("site", "site admin")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        value = self.value()
        if value == "site":
            return queryset.filter(is_superuser=True)
        if value == "none":
            others = (Role.MODEL_ADMIN.value, Role.AUDITOR.value)
            return queryset.filter(is_superuser=False).exclude(groups__name__in=others)
        return queryset.filter(groups__name=value) if value else queryset


@admin.register(User)
class UserAdmin(ModelAdmin):
    """Who may come in, and as what. Accounts are deactivated, never deleted: their work stays explained."""

    form = AccountForm
    list_display = ("username", "email", "role", "active", "second_factor", "last_login", "date_joined")
    list_filter = (RoleFilter, "is_active")
    search_fields = ("username", "email")
    ordering = ("username",)
    readonly_fields = ("second_factor", "last_login", "date_joined")
    actions = ("make_links", "remove_second_factor", "deactivate", "activate")
    list_fullwidth = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return users_listed()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if not change:
            kwargs["form"] = NewAccountForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = ["username", "email", "groups", "is_superuser"]
        return fields if obj is None else [*fields, "is_active", *self.readonly_fields]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody shuts the door behind himself."""
        own = ("is_superuser", "is_active") if obj is not None and obj.pk == request.user.pk else ()
        return (*self.readonly_fields, *own)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            sessions_end(user=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The line of the audit log names the new roles, which are saved here."""
        super().save_related(request, form, formsets, change)
        action = AuditAction.ACCOUNT_CHANGED if change else AuditAction.ACCOUNT_CREATED
        account_change_record(action, form.instance)

    @display(
        description="role",
        label={"site admin": "danger", "model admin": "warning", "auditor": "info", "clinician": "success"},
    )
    def role(self, user: User) -> str:
        if user.is_superuser:
            return "site admin"
        return ", ".join(sorted(role.replace("_", " ") for role in roles_named(user))) or "clinician"

    @display(description="active", boolean=True, ordering="is_active")
    def active(self, user: User) -> bool:
        return user.is_active

    @display(description="second factor", boolean=True)
    def second_factor(self, user: User) -> bool:
        return bool(getattr(user, "second_factor_enabled", False))

    @admin.action(description="Make links to choose a password", permissions=["change"])
    def make_links(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Invitation or reset; each link is shown here and nowhere else."""
        for user in queryset:
            self._say(request, user, self._make_link)

    @admin.action(description="Remove the second factor", permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For somebody who lost phone and recovery codes."""
        for user in queryset:
            self._say(request, user, self._remove_second_factor)

    @admin.action(description="Deactivate: sign out everywhere, refuse sign-in", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            self._say(request, user, lambda request, user: self._set_active(request, user, False))

    @admin.action(description="Activate", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            self._say(request, user, lambda request, user: self._set_active(request, user, True))

    def _say(self, request: HttpRequest, user: User, act: Any) -> None:
        try:
            self.message_user(request, act(request, user), messages.SUCCESS)
        except ApiProblem as error:
            self.message_user(request, f"{user}: {error.detail}", messages.ERROR)

    def _make_link(self, request: HttpRequest, user: User) -> str:
        path = invitation_make(actor=request.user, user=user)  # type: ignore[arg-type]
        return format_html(
            "{}: <code class='break-all select-all'>{}</code>", user, request.build_absolute_uri(path)
        )

    def _remove_second_factor(self, request: HttpRequest, user: User) -> str:
        if not second_factor_remove(user=user):
            return f"{user} had no second factor."
        sessions_end(user=user)
        return f"{user} signs in by password alone now."

    def _set_active(self, request: HttpRequest, user: User, is_active: bool) -> str:
        user_update(actor=request.user, user=user, is_active=is_active)  # type: ignore[arg-type]
        return f"{user} is {'active' if is_active else 'not active any more'}."


class ExpiryFilter(admin.SimpleListFilter):
    """Whether a token still works."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("good", "works"), ("expired", "expired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
        now = timezone.now()
        if self.value() == "good":
            return queryset.filter(expires_at__gt=now, user__is_active=True)
        return queryset.filter(expires_at__lte=now) if self.value() == "expired" else queryset


@admin.register(ApiToken)
class ApiTokenAdmin(LookOnlyAdmin):
    """Site admins may see that a token exists and end it; nobody can read one."""

    list_display = ("name", "user", "prefix", "allowed", "works", "expires_at", "last_used_at", "created_at")
    list_filter = (ExpiryFilter,)
    list_select_related = ("user",)
    search_fields = ("name", "user__username", "prefix")
    fields = readonly_fields = (
        "name", "user", "prefix", "allowed", "works", "expires_at", "last_used_at", "created_at",
    )  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return request.user.has_perm("accounts.delete_apitoken")

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        api_token_revoke(token=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset:
            api_token_revoke(token=token)

    @display(description="scopes")
    def allowed(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    @display(description="works", boolean=True)
    def works(self, token: ApiToken) -> bool:
        return not token.is_expired and token.user.is_active
