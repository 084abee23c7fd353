"""Shapes of personal tokens."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.models import NAME_LENGTH, ApiToken
from backend.accounts.scopes import Scope
from backend.core.fields import TextField, WholeNumberField

LONGEST_DAYS = 365


class TokenCreateInput(serializers.Serializer):
    """What the token is for, what it may do, and for how long."""

    name = TextField(max_length=NAME_LENGTH)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), allow_empty=False, min_length=1
    )
    expires_in_days = WholeNumberField(min_value=1, max_value=LONGEST_DAYS)


class TokenOutput(serializers.ModelSerializer):
    """A token without its secret."""

    scopes = serializers.SerializerMethodField()
    is_expired = serializers.BooleanField()

    class Meta:
        model = ApiToken
        fields = (
            "id",
            "name",
            "prefix",
            "scopes",
            "created_at",
            "expires_at",
            "is_expired",
            "last_used_at",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Scope.choices)))
    def get_scopes(self, token: ApiToken) -> list[str]:
        return list(token.scopes)


class TokenCreatedOutput(TokenOutput):
    """A new token with its secret, shown this once."""

    token = serializers.CharField(help_text="Send it as `Authorization: Bearer …`. It is not kept here.")

    class Meta(TokenOutput.Meta):
        fields = (*TokenOutput.Meta.fields, "token")  # type: ignore[assignment]
