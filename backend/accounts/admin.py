"""Accounts and tokens in Django's admin."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from backend.accounts.models import ApiToken, User
from backend.accounts.throttle import login_attempt_count, login_attempts_forget
from backend.core.addresses import client_address

admin.site.register(User, UserAdmin)


class ThrottledLoginForm(AdminAuthenticationForm):
    """The admin's own sign-in page slows guessing like the API does."""

    def clean(self) -> dict[str, Any]:
        name = str(self.cleaned_data.get("username", ""))
        address = client_address(self.request) if self.request else ""
        try:
            login_attempt_count(username=name, address=address)
        except Throttled as error:
            raise ValidationError(str(error.detail), code="throttled") from None
        cleaned: dict[str, Any] = super().clean()
        login_attempts_forget(username=name, address=address)
        return cleaned


admin.site.login_form = ThrottledLoginForm


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Staff may see that a token exists and end it; nobody can read one."""

    list_display = ("prefix", "user", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "prefix")
    ordering = ("-created_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False
