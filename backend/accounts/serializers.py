"""Shapes of sign-in, session, password and second factor."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from backend.accounts.models import User
from backend.accounts.permissions import (
    may_manage_models,
    may_manage_users,
    may_read_audit,
    sees_model_records,
)
from backend.accounts.roles import Role, needs_second_factor, reads_everything, roles_of
from backend.accounts.second_factor import second_factor_enabled
from backend.core.fields import TextField
from backend.site.choices import FirstReadMode, GatePolicy, SiteLanguage

CODE_LENGTH = 32  # a code of six digits, or a recovery code with its dashes
PASSWORD_LENGTH = 256
ROLE_CHOICES = [(role.value, role.value.replace("_", " ")) for role in Role]


class PasswordField(TextField):
    """Taken as it is typed, never shown."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"max_length": PASSWORD_LENGTH, "trim_whitespace": False, "write_only": True, **kwargs}
        super().__init__(**kwargs)


class LoginInput(serializers.Serializer):
    """Name, password and, where the account has a second factor, a code."""

    username = TextField(max_length=150)
    password = PasswordField()
    code = TextField(
        max_length=CODE_LENGTH,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text="Six digits of the authenticator app, or a recovery code.",
    )


class PasswordChangeInput(serializers.Serializer):
    """The present password and the one to come."""

    old = PasswordField()
    new = PasswordField()


class WelcomeInput(serializers.Serializer):
    """The parts of a one-time link, and the password that its owner chooses."""

    uid = serializers.UUIDField()
    token = TextField(max_length=128)
    password = PasswordField()


class WelcomeOutput(serializers.Serializer):
    """Whose password it is now."""

    username = serializers.CharField()


class MayOutput(serializers.Serializer):
    """What this request may do; the server asks again at every call."""

    manage_models = serializers.BooleanField()
    read_model_records = serializers.BooleanField()
    manage_users = serializers.BooleanField()
    read_everything = serializers.BooleanField()
    read_audit = serializers.BooleanField()


class FirstReadOutput(serializers.Serializer):
    """Whether one writes down one's own read before the model's answer is shown."""

    mode = serializers.ChoiceField(choices=FirstReadMode.choices, help_text="What the site asks for.")
    own = serializers.BooleanField(help_text="The account's own choice, which counts where mode is `choice`.")


class SecondFactorBriefOutput(serializers.Serializer):
    """Whether the account has one, and whether its role needs one here."""

    enabled = serializers.BooleanField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field, not the option


class SessionUserOutput(serializers.ModelSerializer):
    """The account that is signed in."""

    roles = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()
    second_factor = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "username", "is_staff", "is_superuser", "roles", "may", "second_factor")
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(ROLE_CHOICES)))
    def get_roles(self, user: User) -> list[str]:
        return sorted(roles_of(user))

    @extend_schema_field(MayOutput)
    def get_may(self, user: User) -> dict[str, bool]:
        request: Request = self.context["request"]
        return {
            "manage_models": may_manage_models(request),
            "read_model_records": sees_model_records(request),
            "manage_users": may_manage_users(request),
            "read_everything": reads_everything(user),
            "read_audit": may_read_audit(request),
        }

    @extend_schema_field(SecondFactorBriefOutput)
    def get_second_factor(self, user: User) -> dict[str, bool]:
        return {"enabled": second_factor_enabled(user), "required": needs_second_factor(user)}


class UploadLimitsOutput(serializers.Serializer):
    """What an upload may be; the page checks it before sending."""

    max_upload_bytes = serializers.IntegerField()
    max_pixels = serializers.IntegerField()
    min_side = serializers.IntegerField()
    formats = serializers.ListField(child=serializers.CharField())


class SessionOutput(serializers.Serializer):
    """Who one is, and what the site allows."""

    user = SessionUserOutput(allow_null=True)
    csrf_token = serializers.CharField(help_text="Send it as X-CSRFToken with every POST, PATCH and DELETE.")
    anonymous_allowed = serializers.BooleanField()
    idle_sign_out_minutes = serializers.SerializerMethodField(
        help_text="Without a request for so long one is signed out; 0: never. "
        "Requests with the header `X-Background: 1` do not count."
    )
    keep_images = serializers.BooleanField(
        source="site.keep_images", help_text="False: an image is deleted from the server once it is answered."
    )
    gate_policy = serializers.ChoiceField(
        choices=GatePolicy.choices,
        source="site.gate_policy",
        help_text="ask: what speaks against an answer is shown first, the answer after one click.",
    )
    first_read = serializers.SerializerMethodField()
    default_language = serializers.ChoiceField(
        choices=SiteLanguage.choices, source="site.default_language", help_text="For who has chosen none."
    )
    limits = UploadLimitsOutput()
    modalities = serializers.ListField(child=serializers.CharField())
    classes = serializers.ListField(child=serializers.CharField())

    @extend_schema_field(FirstReadOutput)
    def get_first_read(self, session: dict[str, Any]) -> dict[str, Any]:
        user = session["user"]
        return {"mode": session["site"].first_read, "own": user is not None and user.first_read}

    def get_idle_sign_out_minutes(self, session: object) -> int:
        return int(settings.IDLE_SIGN_OUT_MINUTES)


class SecondFactorOutput(SecondFactorBriefOutput):
    """The account's second factor."""

    recovery_codes_left = serializers.IntegerField()


class SecondFactorBegunOutput(serializers.Serializer):
    """A secret that is not in force yet: confirm it with a code."""

    otpauth_uri = serializers.CharField(help_text="For a QR code that authenticator apps read.")
    secret = serializers.CharField(help_text="The same secret, to type in by hand.")


class SecondFactorConfirmInput(serializers.Serializer):
    """A code that the authenticator app shows."""

    code = TextField(max_length=CODE_LENGTH, write_only=True)


class SecondFactorConfirmedOutput(serializers.Serializer):
    """Shown this once: each recovery code replaces the app for one sign-in."""

    recovery_codes = serializers.ListField(child=serializers.CharField())


class SecondFactorRemoveInput(SecondFactorConfirmInput):
    """Who removes it must know both factors."""

    password = PasswordField()
