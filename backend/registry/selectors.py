"""Reads of the registry."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from backend.registry.choices import VERSION_CHOICES, EventAction, VersionState
from backend.registry.models import ModelVersion, VersionCheck, VersionEvent
from ml.taxonomy import MODALITIES


def active_versions() -> dict[str, ModelVersion]:
    """The active version of each modality that has one, by modality; a fusion is none of them."""
    active = ModelVersion.objects.filter(state=VersionState.ACTIVE, modality__in=MODALITIES)
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
    versions = ModelVersion.objects.select_related("uploaded_by")
    if all_of_them:
        return versions
    answered = VersionEvent.objects.filter(version=OuterRef("pk"), action=EventAction.ACTIVATED)
    return versions.filter(Q(state=VersionState.ACTIVE) | Exists(answered))


def with_checks(versions: QuerySet[ModelVersion], *, findings: bool) -> QuerySet[ModelVersion]:
    """Their checks in one more query; what was found is left out where only the outcome is shown."""
    checks = VersionCheck.objects.select_related("requested_by")
    return versions.prefetch_related(Prefetch("checks", checks if findings else checks.defer("findings")))


def version_events(*, all_of_them: bool) -> QuerySet[VersionEvent]:
    """The history, newest first; without the records' readers, activations alone."""
    events = VersionEvent.objects.select_related("version", "from_version", "actor")
    events = events.defer("version__manifest", "from_version__manifest")
    return events if all_of_them else events.filter(action=EventAction.ACTIVATED)


def answering_at(moment: datetime) -> dict[str, VersionEvent | None]:
    """By modality the activation that was in force at `moment`; None where nothing answered yet."""
    activations = version_events(all_of_them=False).filter(created_at__lte=moment)
    return {
        modality: activations.filter(modality=modality).order_by("-created_at", "-id").first()
        for modality, _ in VERSION_CHOICES
    }
