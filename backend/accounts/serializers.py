"""Shapes of sign-in, session and tokens."""

from rest_framework import serializers

from backend.accounts.models import ApiToken, User


class LoginInput(serializers.Serializer):
    """Name and password."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True)


class SessionUserOutput(serializers.ModelSerializer):
    """The account that is signed in."""

    class Meta:
        model = User
        fields = ("id", "username", "is_staff")


class UploadLimitsOutput(serializers.Serializer):
    """What an upload may be; the page checks it before sending."""

    max_upload_bytes = serializers.IntegerField()
    max_pixels = serializers.IntegerField()
    min_side = serializers.IntegerField()
    formats = serializers.ListField(child=serializers.CharField())


class SessionOutput(serializers.Serializer):
    """Who one is, and what the site allows."""

    user = SessionUserOutput(allow_null=True)
    csrf_token = serializers.CharField(help_text="Send it as X-CSRFToken with every POST and DELETE.")
    anonymous_allowed = serializers.BooleanField()
    limits = UploadLimitsOutput()
    modalities = serializers.ListField(child=serializers.CharField())
    classes = serializers.ListField(child=serializers.CharField())


class TokenOutput(serializers.ModelSerializer):
    """A token without its secret."""

    class Meta:
        model = ApiToken
        fields = ("id", "prefix", "created_at", "last_used_at")


class TokenCreatedOutput(TokenOutput):
    """A new token with its secret, shown this once."""

    token = serializers.CharField(help_text="Send it as `Authorization: Bearer …`. It is not kept here.")

    class Meta(TokenOutput.Meta):
        fields = (*TokenOutput.Meta.fields, "token")  # type: ignore[assignment]
