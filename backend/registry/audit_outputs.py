"""Shapes of what a version's file says about its maps."""

from rest_framework import serializers

from ml.audit.record import PARTS, Verdict


class AuditFigureOutput(serializers.Serializer):
    """A mean over images with its 95 % interval."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class AuditPartOutput(serializers.Serializer):
    """One question about the maps. Figures by name; `reason` says why there are none."""

    name = serializers.ChoiceField([(name, name) for name in PARTS])
    verdict = serializers.ChoiceField([(verdict.value, verdict.value) for verdict in Verdict])
    images = serializers.IntegerField()
    figures = serializers.DictField(child=AuditFigureOutput())
    reason = serializers.CharField(allow_null=True)


class MapAuditOutput(serializers.Serializer):
    """Whether the maps show what the model uses."""

    verdict = serializers.ChoiceField([(verdict.value, verdict.value) for verdict in Verdict])
    images = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]  # a declared field, taken off the class
    synthetic = serializers.BooleanField()
    caveat = serializers.CharField(allow_null=True, help_text="Of architectures whose maps show less.")
    parts = AuditPartOutput(many=True)
