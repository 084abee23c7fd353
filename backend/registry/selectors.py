"""Reads of the registry."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.registry.choices import VersionState
from backend.registry.models import ActivationEvent, ModelVersion


def active_versions() -> dict[str, ModelVersion]:
    """The active version of each modality that has one."""
    active = ModelVersion.objects.filter(state=VersionState.ACTIVE)
    return {version.modality: version for version in active}


def active_version(modality: str) -> ModelVersion | None:
    """The active version of one modality."""
    return ModelVersion.objects.filter(modality=modality, state=VersionState.ACTIVE).first()


def same_weights(modality: str, tensor_sha256: str, format_version: int) -> ModelVersion | None:
    """The version that already holds these weights for this modality."""
    twins = ModelVersion.objects.filter(
        modality=modality, tensor_sha256=tensor_sha256, format_version=format_version
    )
    return twins.exclude(state=VersionState.REJECTED).first()


def model_versions_visible(*, all_of_them: bool) -> QuerySet[ModelVersion]:
    """Every version for readers of the records; else those that answer or once answered a case."""
    if all_of_them:
        return ModelVersion.objects.all()
    answered = ActivationEvent.objects.filter(to_version=OuterRef("pk"))
    return ModelVersion.objects.filter(Q(state=VersionState.ACTIVE) | Exists(answered))


def activation_events() -> QuerySet[ActivationEvent]:
    """The history, newest first."""
    return ActivationEvent.objects.select_related("from_version", "to_version", "actor")
