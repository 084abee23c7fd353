"""What a card shows of a version that joins the modalities."""

from typing import Any

from rest_framework import serializers

from backend.registry.choices import MODALITY_CHOICES
from backend.registry.models import ModelVersion
from backend.registry.selectors import active_versions
from ml.fusion.figures import figures_in
from ml.fusion.record import KEY


class FusionInputOutput(serializers.Serializer):
    """A version that it was fitted for."""

    modality = serializers.ChoiceField(MODALITY_CHOICES)
    name = serializers.CharField()
    is_active = serializers.BooleanField(help_text="False: answers of this modality are not joined by it.")


class DifferenceOutput(serializers.Serializer):
    """AUC of the case answer less that of the best modality alone, with its 95 % interval."""

    value = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class GainOutput(serializers.Serializer):
    """Cross-validated, on the cases that have an image of each of `modalities`."""

    modalities = serializers.ListField(child=serializers.ChoiceField(MODALITY_CHOICES))
    cases = serializers.IntegerField()
    joined_auc = serializers.FloatField()
    best = serializers.ChoiceField(MODALITY_CHOICES, help_text="The best modality alone.")
    best_auc = serializers.FloatField()
    difference = DifferenceOutput()


class ConflictFiguresOutput(serializers.Serializer):
    """How well made-up contradictions are found among as many ordinary cases."""

    contradictions = serializers.IntegerField()
    recall = serializers.FloatField()
    precision = serializers.FloatField()
    flagged_ordinary = serializers.FloatField(help_text="Share of ordinary cases that are flagged.")


class FusionOutput(serializers.Serializer):
    """Which versions are joined, and what that gains."""

    fitted_on = serializers.CharField()
    inputs = FusionInputOutput(many=True)
    gains = GainOutput(many=True)
    conflict = ConflictFiguresOutput()


def fusion_shown(version: ModelVersion) -> dict[str, Any] | None:
    """As FusionOutput takes it; None for a version of one modality."""
    if not version.is_fusion:
        return None
    extras: dict[str, Any] = version.manifest["extras"]
    figures = figures_in(extras, version.manifest["metrics"])
    active = {modality: one.tensor_sha256 for modality, one in active_versions().items()}
    return {
        "fitted_on": figures.source,
        "inputs": [
            {
                "modality": modality.value,
                "name": name,
                "is_active": active.get(modality) == extras[KEY]["inputs"][modality]["tensor_sha256"],
            }
            for modality, name in figures.inputs.items()
        ],
        "gains": figures.gains,
        "conflict": figures.conflict,
    }
