"""Reads of the registry."""

from django.db.models import QuerySet

from backend.registry.choices import VersionState
from backend.registry.models import ActivationEvent, ModelVersion


def active_versions() -> dict[str, ModelVersion]:
    """The active version of each modality that has one."""
    active = ModelVersion.objects.filter(state=VersionState.ACTIVE)
    return {version.modality: version for version in active}


def active_version(modality: str) -> ModelVersion | None:
    """The active version of one modality."""
    return ModelVersion.objects.filter(modality=modality, state=VersionState.ACTIVE).first()


def model_versions() -> QuerySet[ModelVersion]:
    """Every version, newest first."""
    return ModelVersion.objects.all()


def activation_events() -> QuerySet[ActivationEvent]:
    """The history, newest first."""
    return ActivationEvent.objects.select_related("from_version", "to_version", "actor")
