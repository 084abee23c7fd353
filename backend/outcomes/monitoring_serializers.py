"""Shapes of monitoring."""

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.outcomes.monitoring import MOST_MONTHS, Group
from backend.registry.choices import MODALITY_CHOICES


class Truth(models.TextChoices):
    """What the answers are held against."""

    PATHOLOGY = "pathology", "Pathology alone"
    VERDICT = "verdict", "Pathology, else the clinician's verdict"


class MonitoringInput(serializers.Serializer):
    """What is asked for."""

    months = serializers.IntegerField(min_value=1, max_value=MOST_MONTHS, required=False, default=12)
    truth = serializers.ChoiceField(choices=Truth.choices, required=False, default=Truth.PATHOLOGY)


class ShareOutput(serializers.Serializer):
    """`count` of `of`, with Wilson's 95 % interval; null where there is nothing to share."""

    count = serializers.IntegerField()
    of = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class NamedCountsOutput(serializers.Serializer):
    """Answers by the class that the model names."""

    benign = serializers.IntegerField()
    lymphoma = serializers.IntegerField()
    metastatic = serializers.IntegerField()


class TruthConfusionOutput(serializers.Serializer):
    """Rows: what is true. Columns: the class that the model names."""

    benign = NamedCountsOutput()
    lymphoma = NamedCountsOutput()
    metastatic = NamedCountsOutput()


class RecallOutput(serializers.Serializer):
    """By class: the share of what is true that the model names."""

    benign = ShareOutput()
    lymphoma = ShareOutput()
    metastatic = ShareOutput()


class CalibrationBinOutput(serializers.Serializer):
    """Answers whose named class has a probability from `low` to below `high`."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    mean_probability = serializers.FloatField()
    right = ShareOutput()


class FiguresOutput(serializers.Serializer):
    """Answers without truth count only in `answers` and in the agreement with reads."""

    answers = serializers.IntegerField()
    with_truth = serializers.IntegerField()
    confusion = TruthConfusionOutput()
    accuracy = ShareOutput()
    recall = RecallOutput()
    bins = CalibrationBinOutput(many=True)
    ece = serializers.FloatField(allow_null=True, help_text="Expected calibration error over the bins.")
    agreement_with_reads = ShareOutput(help_text="Own reads made before the answer that name the same.")
    reads_right = ShareOutput(help_text="Own reads that name what is true.")


class MonthOutput(serializers.Serializer):
    """Cases of one month."""

    month = serializers.CharField(source="key", help_text="Such as 2026-11.")
    figures = FiguresOutput()


class MonitoredVersionOutput(serializers.Serializer):
    """The version that answered."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class VersionFiguresOutput(serializers.Serializer):
    """Images of one version."""

    version = serializers.SerializerMethodField()
    modality = serializers.ChoiceField(choices=MODALITY_CHOICES)
    figures = FiguresOutput()

    @extend_schema_field(MonitoredVersionOutput)
    def get_version(self, group: Group) -> dict[str, Any]:
        return {"id": str(group.key[0]), "name": group.key[1]}


class MonitoringOutput(serializers.Serializer):
    """Since the first day of the earliest month."""

    since = serializers.DateTimeField()
    awaited = serializers.IntegerField(help_text="Analyses that wait for a first read: in no figure.")
    cases = FiguresOutput()
    by_month = MonthOutput(many=True)
    by_version = VersionFiguresOutput(many=True)
