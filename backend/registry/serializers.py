"""Shapes of model versions, their cards and their history."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.permissions import sees_model_records
from backend.registry.models import ActivationEvent, ModelVersion


class ModelVersionBriefOutput(serializers.ModelSerializer):
    """Enough to name the version behind a result."""

    class Meta:
        model = ModelVersion
        fields = ("id", "name", "architecture", "synthetic")


class ModelVersionOutput(serializers.ModelSerializer):
    """One line of the list of versions."""

    input_size = serializers.IntegerField(help_text="Height and width of the model's input, pixels.")

    class Meta:
        model = ModelVersion
        fields = (
            "id",
            "name",
            "modality",
            "architecture",
            "state",
            "synthetic",
            "input_size",
            "created_at",
            "activated_at",
        )


@extend_schema_field(OpenApiTypes.OBJECT)
class ManifestObject(serializers.JSONField):
    """An object of the manifest as it is."""


class ModelCardOutput(ModelVersionOutput):
    """The model card: what the manifest says, in full."""

    class_names = serializers.ListField(child=serializers.CharField(), source="manifest.class_names")
    intended_use = serializers.CharField(source="manifest.intended_use")
    limits = serializers.ListField(child=serializers.CharField(), source="manifest.limits")
    licence = serializers.CharField(source="manifest.licence")
    split_protocol = serializers.CharField(source="manifest.split_protocol")
    dataset_fingerprint = serializers.CharField(source="manifest.dataset_fingerprint")
    training_commit = serializers.CharField(source="manifest.training_commit")
    trained_at = serializers.CharField(source="manifest.created_at")
    seed = serializers.IntegerField(source="manifest.seed")
    preprocessing_version = serializers.CharField(source="manifest.preprocessing_version")
    storage_dtype = serializers.CharField(source="manifest.storage_dtype")
    metrics = ManifestObject(source="manifest.metrics")
    config = ManifestObject(source="manifest.config")

    class Meta(ModelVersionOutput.Meta):
        fields = (  # type: ignore[assignment]
            *ModelVersionOutput.Meta.fields,
            "format_version",
            "class_names",
            "intended_use",
            "limits",
            "licence",
            "split_protocol",
            "dataset_fingerprint",
            "training_commit",
            "trained_at",
            "seed",
            "preprocessing_version",
            "storage_dtype",
            "metrics",
            "config",
            "file_bytes",
            "file_sha256",
            "tensor_sha256",
        )


class ActivationEventOutput(serializers.ModelSerializer):
    """One line of the history; who it was is shown to readers of the records alone."""

    from_version = ModelVersionBriefOutput(allow_null=True)
    to_version = ModelVersionBriefOutput()
    actor = serializers.SerializerMethodField()

    class Meta:
        model = ActivationEvent
        fields = ("id", "created_at", "modality", "from_version", "to_version", "actor", "reason")

    def get_actor(self, event: ActivationEvent) -> str | None:
        """The account's name."""
        shown = sees_model_records(self.context["request"])
        return event.actor.username if shown and event.actor else None
