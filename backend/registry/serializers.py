"""Shapes of model versions, their cards, checks and history."""

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.permissions import sees_model_records
from backend.core.fields import TextField
from backend.registry.audit_outputs import MapAuditOutput
from backend.registry.card import (
    calibration,
    calibration_figures,
    class_scores,
    known_weaknesses,
    map_audit,
)
from backend.registry.choices import VERSION_CHOICES, CheckState
from backend.registry.fusion_outputs import FusionOutput, fusion_shown
from backend.registry.models import NAME_LENGTH, REASON_LENGTH, ModelVersion, VersionCheck, VersionEvent
from ml.taxonomy import CLASS_NAMES


class ModelVersionBriefOutput(serializers.ModelSerializer):
    """Enough to name the version behind a result."""

    class Meta:
        model = ModelVersion
        fields = ("id", "name", "architecture", "synthetic")


class ModelUploadInput(serializers.Serializer):
    """The multipart form; the file is streamed to the disk."""

    file = serializers.FileField(help_text="A .safetensors file with its manifest; pickles are refused.")
    name = serializers.CharField(
        required=False, max_length=NAME_LENGTH, help_text="Shown instead of the manifest's."
    )
    sha256 = serializers.CharField(
        required=False, help_text="Of the file, in hexadecimal: refused if what arrives has another one."
    )
    reason = serializers.CharField(max_length=REASON_LENGTH, help_text="Why, for the history.")


class ReasonInput(serializers.Serializer):
    """Why something is done, for the history."""

    reason = TextField(max_length=REASON_LENGTH)


class ModelVersionOutput(serializers.ModelSerializer):
    """One line of the list of versions."""

    modality = serializers.ChoiceField(VERSION_CHOICES)
    input_size = serializers.IntegerField(
        allow_null=True, help_text="Height and width of the model's input, pixels; null for a fusion."
    )
    check_passed = serializers.SerializerMethodField(help_text="Null while the latest check has not ended.")
    uploaded_by = serializers.SerializerMethodField(help_text="Shown to readers of the records alone.")

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
            "retired_at",
            "check_passed",
            "uploaded_by",
        )

    def get_check_passed(self, version: ModelVersion) -> bool | None:
        """Outcome of the latest check."""
        check = version.last_check
        ended = check is not None and check.finished_at is not None
        return check.state == CheckState.PASSED if check is not None and ended else None

    def get_uploaded_by(self, version: ModelVersion) -> str | None:
        """The account's name."""
        return _name_shown(self, version.uploaded_by)


class CheckFindingOutput(serializers.Serializer):
    """One thing that the check looked at."""

    code = serializers.CharField()
    passed = serializers.BooleanField()
    blocking = serializers.BooleanField(help_text="True: the version can't become active without it.")
    detail = serializers.CharField()
    measured = serializers.DictField(
        child=serializers.JSONField(), allow_null=True, help_text="Numbers behind the sentence."
    )


class ModelCheckOutput(serializers.ModelSerializer):
    """The latest check of a version."""

    findings = CheckFindingOutput(many=True)

    class Meta:
        model = VersionCheck
        fields = ("state", "attempt", "started_at", "finished_at", "findings")


@extend_schema_field(OpenApiTypes.OBJECT)
class ManifestObject(serializers.JSONField):
    """An object of the manifest as it is."""


class ScoreOutput(serializers.Serializer):
    """A figure in 0..1 with its 95 % interval, where it was measured."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class ClassScoresOutput(serializers.Serializer):
    """How well one class is told from the others."""

    name = serializers.ChoiceField([(name, name) for name in CLASS_NAMES])
    auc = ScoreOutput()
    precision = ScoreOutput()
    recall = ScoreOutput()
    is_weak = serializers.BooleanField(help_text="The class is often missed.")


class QualityOutput(serializers.Serializer):
    """The lower, the better."""

    ece = serializers.FloatField(help_text="Expected calibration error.")
    brier = serializers.FloatField(help_text="Brier score.")


class ReliabilityBinOutput(serializers.Serializer):
    """Images whose top probability lies in (low, high]; null where there are none."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    count = serializers.IntegerField()
    confidence = serializers.FloatField(allow_null=True, help_text="Mean of the stated probability.")
    accuracy = serializers.FloatField(allow_null=True, help_text="Share of right answers.")


class CalibrationFiguresOutput(serializers.Serializer):
    """What calibration was fitted on, and what it changed."""

    images = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]  # a declared field, taken off the class
    synthetic = serializers.BooleanField()
    before = QualityOutput()
    after = QualityOutput()
    bins = ReliabilityBinOutput(many=True)


class ModelCardOutput(ModelVersionOutput):
    """The model card: what the manifest says, in full, and what the check found."""

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
    class_scores = serializers.SerializerMethodField(help_text="Empty when the manifest holds none.")
    known_weaknesses = serializers.SerializerMethodField()
    calibration = serializers.SerializerMethodField()
    calibration_figures = serializers.SerializerMethodField(help_text="Null where it is not calibrated.")
    map_audit = serializers.SerializerMethodField(help_text="Null where nobody audited its maps.")
    fusion = serializers.SerializerMethodField(help_text="Null for a version of one modality.")
    check = serializers.SerializerMethodField(help_text="Null for a version from before checks were made.")
    markdown = serializers.SerializerMethodField(help_text="Address of the card as Markdown.")

    class Meta(ModelVersionOutput.Meta):
        fields = (  # type: ignore[assignment]
            *ModelVersionOutput.Meta.fields,
            "notes",
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
            "class_scores",
            "known_weaknesses",
            "calibration",
            "calibration_figures",
            "map_audit",
            "fusion",
            "check",
            "markdown",
            "file_bytes",
            "file_sha256",
            "tensor_sha256",
        )

    @extend_schema_field(ClassScoresOutput(many=True))
    def get_class_scores(self, version: ModelVersion) -> list[Any]:
        """Figures per class with 95 % intervals."""
        return list(ClassScoresOutput(class_scores(version.manifest["metrics"]), many=True).data)

    def get_known_weaknesses(self, version: ModelVersion) -> list[str]:
        """What it is bad at, in words."""
        return known_weaknesses(version.manifest["metrics"])

    def get_calibration(self, version: ModelVersion) -> str:
        """Whether the probabilities can be read as such, in words."""
        return calibration(version.manifest)

    @extend_schema_field(CalibrationFiguresOutput(allow_null=True))
    def get_calibration_figures(self, version: ModelVersion) -> dict[str, Any] | None:
        """The figures before and after, and the reliability diagram."""
        figures = calibration_figures(version.manifest)
        return None if figures is None else dict(CalibrationFiguresOutput(figures).data)

    @extend_schema_field(MapAuditOutput(allow_null=True))
    def get_map_audit(self, version: ModelVersion) -> dict[str, Any] | None:
        """Each question with its answer and figures."""
        audit = map_audit(version.manifest)
        if audit is None:
            return None
        parts = [
            {"name": name, "verdict": audit.verdict(name), **vars(part)} for name, part in audit.parts.items()
        ]
        shown = {**vars(audit), "verdict": audit.outcome, "parts": parts}
        return dict(MapAuditOutput(shown).data)

    @extend_schema_field(FusionOutput(allow_null=True))
    def get_fusion(self, version: ModelVersion) -> dict[str, Any] | None:
        """Which versions it joins, and what that gains."""
        shown = fusion_shown(version)
        return None if shown is None else dict(FusionOutput(shown).data)

    @extend_schema_field(ModelCheckOutput(allow_null=True))
    def get_check(self, version: ModelVersion) -> dict[str, Any] | None:
        """The latest check."""
        return None if version.last_check is None else dict(ModelCheckOutput(version.last_check).data)

    def get_markdown(self, version: ModelVersion) -> str:
        return reverse("model-card-markdown", args=[version.pk])


class VersionEventOutput(serializers.ModelSerializer):
    """One line of the history; who it was is shown to readers of the records alone."""

    modality = serializers.ChoiceField(VERSION_CHOICES)
    version = ModelVersionBriefOutput()
    from_version = ModelVersionBriefOutput(allow_null=True)
    actor = serializers.SerializerMethodField()

    class Meta:
        model = VersionEvent
        fields = ("id", "created_at", "action", "modality", "version", "from_version", "actor", "reason")

    def get_actor(self, event: VersionEvent) -> str | None:
        """The account's name."""
        return _name_shown(self, event.actor)


class AnsweringVersionOutput(serializers.Serializer):
    """The version that answered, since when and why it was made active."""

    id = serializers.UUIDField(source="version.id")
    name = serializers.CharField(source="version.name")
    architecture = serializers.CharField(source="version.architecture")
    synthetic = serializers.BooleanField(source="version.synthetic")
    since = serializers.DateTimeField(source="created_at")
    reason = serializers.CharField()


AnsweringVersionsOutput: Any = type(serializers.Serializer)(  # type: ignore[misc]  # "2d" is no Python name
    "AnsweringVersionsOutput",
    (serializers.Serializer,),
    {
        "__doc__": "By modality; null where nothing answered yet.",
        **{modality: AnsweringVersionOutput(allow_null=True) for modality, _ in VERSION_CHOICES},
    },
)


class AnsweringOutput(serializers.Serializer):
    """Which version answered at a moment."""

    at = serializers.DateTimeField()
    versions = AnsweringVersionsOutput()


def _name_shown(serializer: serializers.BaseSerializer, user: Any) -> str | None:
    shown = user is not None and sees_model_records(serializer.context["request"])
    return user.username if shown else None
