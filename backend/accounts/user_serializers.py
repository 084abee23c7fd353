"""Shapes by which a site admin sees and makes accounts."""

from django.contrib.auth.validators import UnicodeUsernameValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.models import User
from backend.accounts.roles import roles_named
from backend.accounts.serializers import ROLE_CHOICES
from backend.core.fields import EmailField, TextField, TruthField


class UserOutput(serializers.ModelSerializer):
    """One account."""

    email = serializers.CharField(read_only=True, help_text="Empty where none is known.")
    roles = serializers.SerializerMethodField(help_text="As given; an account without one is a clinician.")
    second_factor_enabled = serializers.BooleanField()
    has_password = serializers.SerializerMethodField(
        help_text="False until the invitation has been accepted."
    )

    class Meta:
        model = User
        fields = (
            "id",
            "username",
            "email",
            "roles",
            "is_superuser",
            "is_active",
            "has_password",
            "second_factor_enabled",
            "date_joined",
            "last_login",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(ROLE_CHOICES)))
    def get_roles(self, user: User) -> list[str]:
        return sorted(roles_named(user))

    def get_has_password(self, user: User) -> bool:
        return user.has_usable_password()


class UserCreateInput(serializers.Serializer):
    """A new account; its owner chooses the password through a link."""

    username = TextField(max_length=150, validators=[UnicodeUsernameValidator()])
    email = EmailField(required=False, allow_blank=True, max_length=254)
    roles = serializers.ListField(child=serializers.ChoiceField(ROLE_CHOICES), required=False)


class UserUpdateInput(serializers.Serializer):
    """What is left out stays as it is."""

    roles = serializers.ListField(child=serializers.ChoiceField(ROLE_CHOICES), required=False)
    is_active = TruthField(required=False)


class InvitationOutput(serializers.Serializer):
    """A one-time link: an invitation, or a password reset. Hand it over; no mail is sent."""

    path = serializers.CharField()
    url = serializers.CharField(help_text="The same with this server's address.")
    expires_at = serializers.DateTimeField()
