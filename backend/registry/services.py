"""Writes of the registry: a version comes in, a version becomes active."""

import json
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.registry.choices import VersionState
from backend.registry.errors import RegistryError
from backend.registry.intake import CheckedFile, checked_copy
from backend.registry.models import ActivationEvent, ModelVersion
from backend.registry.selectors import same_weights

ACTIVATION_TRIES = 5


def model_version_import(
    *,
    path: Path,
    name: str | None = None,
    activate: bool = False,
    actor: User | None = None,
    reason: str = "imported",
) -> ModelVersion:
    """Check the checkpoint at `path`, keep a copy and (if asked) make it active; all of it or nothing."""
    with checked_copy(path) as checked:
        _refuse_duplicate(checked)
        version = _draft(checked, name, actor)
        version.file.name = default_storage.save(f"models/{version.pk}.safetensors", checked.open())
        try:
            with transaction.atomic():
                _insert(version)
                if activate:
                    model_version_activate(version=version, actor=actor, reason=reason)
        except BaseException:
            default_storage.delete(version.file.name)
            raise
    return version


def _draft(checked: CheckedFile, name: str | None, actor: User | None) -> ModelVersion:
    manifest = checked.manifest
    return ModelVersion(
        name=name or manifest.name,
        modality=manifest.modality.value,
        architecture=manifest.architecture,
        state=VersionState.CHECKED,
        synthetic=manifest.synthetic,
        format_version=manifest.format_version,
        manifest=json.loads(manifest.to_json()),
        file_bytes=checked.size,
        file_sha256=checked.file_sha256,
        tensor_sha256=checked.tensor_sha256,
        uploaded_by=actor,
    )


def _refuse_duplicate(checked: CheckedFile) -> None:
    twin = same_weights(checked.manifest.modality, checked.tensor_sha256, checked.manifest.format_version)
    if twin is not None:
        raise _duplicate_of(twin)


def _duplicate_of(twin: ModelVersion) -> RegistryError:
    return RegistryError(
        "duplicate",
        f"The same weights are already here for this modality: '{twin.name}' ({twin.state}, {twin.pk}).",
    )


def _insert(version: ModelVersion) -> None:
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:  # somebody imported the same file at the same moment
        twin = same_weights(version.modality, version.tensor_sha256, version.format_version)
        if twin is None:
            raise
        raise _duplicate_of(twin) from None


def model_version_activate(*, version: ModelVersion, actor: User | None, reason: str) -> ModelVersion:
    """Make `version` the one that answers for its modality; the former one returns to `checked`."""
    if not reason.strip():
        raise RegistryError("reason_missing", "Say why this version becomes active.")
    for _ in range(ACTIVATION_TRIES):
        try:
            with transaction.atomic():
                _activate(version, actor, reason.strip())
        except IntegrityError:  # a version that our snapshot could not see became active meanwhile
            continue
        version.refresh_from_db()
        return version
    raise RegistryError("busy", "Other versions are being activated at this moment: try again.")


def _activate(version: ModelVersion, actor: User | None, reason: str) -> None:
    rows = _locked(version.modality)
    chosen = rows.get(version.pk)
    if chosen is None or chosen.state not in (VersionState.CHECKED, VersionState.ACTIVE):
        raise RegistryError("not_checked", "Only a version that passed its checks can become active.")
    if chosen.state != VersionState.ACTIVE:
        former = next((row for row in rows.values() if row.state == VersionState.ACTIVE), None)
        _switch(former, chosen, actor, reason)


def _locked(modality: str) -> dict[object, ModelVersion]:
    """Every version of the modality, locked in one order so that two admins queue instead of colliding."""
    rows = ModelVersion.objects.select_for_update().filter(modality=modality).order_by("pk")
    list(rows.values_list("pk"))  # wait here; what is read below was committed by then
    return {row.pk: row for row in rows.all()}


def _switch(former: ModelVersion | None, chosen: ModelVersion, actor: User | None, reason: str) -> None:
    if former is not None:
        ModelVersion.objects.filter(pk=former.pk).update(state=VersionState.CHECKED)
    ModelVersion.objects.filter(pk=chosen.pk).update(state=VersionState.ACTIVE, activated_at=timezone.now())
    ActivationEvent.objects.create(
        modality=chosen.modality, from_version=former, to_version=chosen, actor=actor, reason=reason
    )
