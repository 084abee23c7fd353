"""Shapes of the site's settings."""

from django.db import models
from rest_framework import serializers

from backend.core.fields import TruthField, WholeNumberField
from backend.site.models import SettingsChange, SiteSettings

SETTINGS = (
    "anonymous_use",
    "keep_images",
    "mask_text",
    "retention_days",
    "first_read",
    "set_level",
    "gate_policy",
    "default_language",
)


class SettingsInput(serializers.ModelSerializer):
    """The fields that are to change."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.BooleanField: TruthField,
        models.PositiveIntegerField: WholeNumberField,
    }

    class Meta:
        model = SiteSettings
        fields = SETTINGS


class SettingsValuesOutput(serializers.ModelSerializer):
    """What is in force."""

    class Meta:
        model = SiteSettings
        fields = read_only_fields = SETTINGS


class SettingsBoundsOutput(serializers.Serializer):
    """What the server's environment leaves to decide."""

    anonymous_use = serializers.BooleanField(
        help_text="False: ALLOW_ANONYMOUS is off, nothing here opens it."
    )
    mask_text = serializers.BooleanField(help_text="False: MASK_TEXT is off, no text is covered here.")
    retention_days = serializers.IntegerField(help_text="The most days that can be set.")
    anonymous_hours = serializers.IntegerField(help_text="Anonymous work is deleted after so many hours.")


class SettingsChangeOutput(serializers.ModelSerializer):
    """One line of the record."""

    actor = serializers.CharField(source="actor.username", help_text="The account's name.")
    old = serializers.JSONField()
    new = serializers.JSONField()

    class Meta:
        model = SettingsChange
        fields = ("id", "created_at", "actor", "field", "old", "new")


class SettingsOutput(serializers.Serializer):
    """The settings, their bounds, the latest changes."""

    settings = SettingsValuesOutput()
    bounds = SettingsBoundsOutput()
    changes = SettingsChangeOutput(many=True)


class OwnFirstReadInput(serializers.Serializer):
    """One's own choice; left out, it stays."""

    on = TruthField(required=False)
