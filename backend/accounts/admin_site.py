"""Django's admin for those whose role has business there, behind the same door as the page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from rest_framework.exceptions import APIException, Throttled
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite
from unfold.widgets import INPUT_CLASSES

from backend.accounts.models import User
from backend.accounts.roles import Someone, has_powers, is_auditor, is_model_admin
from backend.accounts.serializers import CODE_LENGTH
from backend.accounts.services import second_factor_show
from backend.accounts.throttle import login_attempt_count, login_attempts_forget
from backend.core.addresses import client_address

GetResponse = Callable[[HttpRequest], HttpResponseBase]
ACCOUNT_PAGE = "/account"


def may_enter_admin(user: Someone) -> bool:
    """Model admins, auditors and site admins; with their second factor where the site asks for it."""
    return (is_model_admin(user) or is_auditor(user)) and has_powers(user)


class SignInForm(AuthenticationForm, AdminAuthenticationForm):
    """Name, password and code, slowed and counted as the page's own sign-in."""

    code = forms.CharField(
        max_length=CODE_LENGTH,
        required=False,
        help_text="If your account has a second factor: six digits, or a recovery code.",
        widget=forms.TextInput(
            attrs={
                "class": " ".join(INPUT_CLASSES),
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
            }
        ),
    )

    def clean(self) -> dict[str, Any]:
        name = str(self.cleaned_data.get("username", ""))
        address = client_address(self.request) if self.request else ""
        try:
            login_attempt_count(username=name, address=address)
            cleaned: dict[str, Any] = super().clean()
            self._show_second_factor(cleaned.get("code", ""))
        except Throttled as error:
            raise ValidationError(str(error.detail), code="throttled") from None
        except APIException as error:
            raise ValidationError(str(error.detail), code="code") from None
        if self.get_user() is not None:
            login_attempts_forget(username=name, address=address)
        return cleaned

    def _show_second_factor(self, code: str) -> None:
        """Who has one must show it; who must have one sets it up on the page first."""
        user = self.get_user()
        if user is None:  # a field is missing, and the form says which
            return
        second_factor_show(user=user, code=code)
        if not may_enter_admin(user):
            raise ValidationError(
                "Administrators set up a second factor on the page first (account, security).",
                code="second_factor_missing",
            )

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Whether the role has business here at all; the second factor is asked for afterwards."""
        if not isinstance(user, User) or not (is_model_admin(user) or is_auditor(user)):
            raise ValidationError(
                self.error_messages["invalid_login"],
                code="invalid_login",
                params={"username": self.username_field.verbose_name},
            )


class Site(UnfoldAdminSite):
    """The admin site; roles decide who enters, groups what is to be seen there."""

    site_header = site_title = "CV4LymphNode"
    index_title = "Research use only, not a medical device"
    login_form = SignInForm
    login_template = "accounts/admin_login.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter_admin(request.user)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One place to change a password, and that one is slowed: the page."""
        return redirect(ACCOUNT_PAGE)

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The theme would keep pickled results in the cache; the lists have a search of their own."""
        raise Http404


class AdminDoorMiddleware:
    """A stranger's form is not read: the admin asks who one is only after the CSRF check, which reads it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Runs before the CSRF check; the way in itself stays open."""
        match = request.resolver_match
        if match is None or match.app_name != "admin" or match.url_name in ("login", "logout"):
            return None
        if request.method in ("GET", "HEAD") or may_enter_admin(request.user):
            return None
        return redirect_to_login(request.path, reverse("admin:login"))
