"""Writes of the registry that people ask for: upload, activate, check again, retire."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from backend.accounts.models import User
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.core.stored import store_whole
from backend.registry.choices import OPEN_CHECKS, RETIRABLE, CheckState, EventAction, VersionState
from backend.registry.dispatch import check_dispatch_on_commit
from backend.registry.errors import RegistryError
from backend.registry.findings import Finding
from backend.registry.fusions import WEIGHTS, weights_in_row
from backend.registry.history import reason_required, version_event_record
from backend.registry.intake import CheckedFile
from backend.registry.locks import modality_lock
from backend.registry.models import NAME_LENGTH, ModelVersion, VersionCheck
from backend.registry.selectors import active_version, same_weights
from ml.fusion.record import KEY as FUSION_KEY
from ml.manifest import Manifest
from ml.taxonomy import Joining

FIRST_CHECK = "First check."


def model_version_upload(
    *, checked: CheckedFile, reason: str, actor: User | None, name: str = "", sha256: str = ""
) -> ModelVersion:
    """Keep the file as a version that waits for its check; all of it or nothing."""
    reason = reason_required(reason)
    refuse_other_bytes(checked, sha256)
    with version_stored(checked, name=name, actor=actor, notes=reason) as version:
        version_event_record(action=EventAction.UPLOADED, version=version, actor=actor, reason=reason)
        _check_request(version, actor, FIRST_CHECK)
    return version


@contextmanager
def version_stored(
    checked: CheckedFile, *, name: str, actor: User | None, notes: str
) -> Iterator[ModelVersion]:
    """The row and its file; both are gone again when the block fails."""
    refuse_duplicate(checked.manifest, checked.tensor_sha256)
    version = _draft(checked, name.strip(), actor, notes)
    version.file.name = store_whole(f"models/{version.pk}.safetensors", checked.open())
    try:
        with transaction.atomic():
            _insert(version)
            yield version
    except BaseException:
        default_storage.delete(version.file.name)
        raise


def refuse_other_bytes(checked: CheckedFile, sha256: str) -> None:
    """RegistryError when the sender says that the file has another sha256."""
    if sha256 and sha256.strip().lower() != checked.file_sha256:
        raise RegistryError(
            "wrong_hash",
            f"The file's sha256 is {checked.file_sha256}, not the one that was given: send the file again.",
        )


def _draft(checked: CheckedFile, name: str, actor: User | None, notes: str) -> ModelVersion:
    manifest = checked.manifest
    return ModelVersion(
        name=(name or manifest.name)[:NAME_LENGTH],
        modality=manifest.modality.value,
        architecture=manifest.architecture,
        synthetic=manifest.synthetic,
        notes=notes,
        format_version=manifest.format_version,
        manifest=_row_values(checked),
        file_bytes=checked.size,
        file_sha256=checked.file_sha256,
        tensor_sha256=checked.tensor_sha256,
        uploaded_by=actor,
    )


def _row_values(checked: CheckedFile) -> dict[str, Any]:
    """What the row keeps of the manifest; the few weights of a fusion too: answers are joined where they are
    read."""
    values = _row_manifest(checked.manifest)
    if checked.manifest.modality is Joining.FUSION:
        values["extras"][FUSION_KEY][WEIGHTS] = weights_in_row(checked.path)
    return values


def _row_manifest(manifest: Manifest) -> dict[str, Any]:
    """The manifest without what only the engine reads: that stays in the file, rows are read often."""
    values: dict[str, Any] = json.loads(manifest.to_json())
    for record, pictures in (("golden", "images"), ("fast", "calibration")):
        stored = values["extras"].get(record)
        if isinstance(stored, dict):
            listed = stored.get(pictures)
            stored[pictures] = len(listed) if isinstance(listed, list) else 0
    for record, arrays in (("calibration", ("scores",)), ("likeness", ("mean", "components", "variances"))):
        stored = values["extras"].get(record)
        for name in arrays if isinstance(stored, dict) else ():
            stored.pop(name, None)
    return values


def refuse_duplicate(manifest: Manifest, tensor_sha256: str) -> None:
    """RegistryError when the same weights are here already."""
    twin = same_weights(manifest.modality, tensor_sha256, manifest.format_version)
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
    except IntegrityError:  # somebody brought in the same file at the same moment
        twin = same_weights(version.modality, version.tensor_sha256, version.format_version)
        if twin is None:
            raise
        raise _duplicate_of(twin) from None


def model_version_activate(*, version: ModelVersion, actor: User | None, reason: str) -> ModelVersion:
    """Make `version` the one that answers for its modality; the former one returns to `checked`."""
    reason = reason_required(reason)
    with transaction.atomic():
        modality_lock(version.modality)
        version.refresh_from_db()
        if version.state != VersionState.ACTIVE:
            _refuse_unproven(version)
            _switch(active_version(version.modality), version, actor, reason)
    version.refresh_from_db()
    return version


def _refuse_unproven(version: ModelVersion) -> None:
    check = version.last_check
    if version.state != VersionState.CHECKED or check is None or check.state != CheckState.PASSED:
        raise RegistryError("not_checked", "Only a version that passed its check can become active.")


def _switch(former: ModelVersion | None, chosen: ModelVersion, actor: User | None, reason: str) -> None:
    if former is not None:
        ModelVersion.objects.filter(pk=former.pk).update(state=VersionState.CHECKED)
    ModelVersion.objects.filter(pk=chosen.pk).update(state=VersionState.ACTIVE, activated_at=Now())
    version_event_record(
        action=EventAction.ACTIVATED, version=chosen, from_version=former, actor=actor, reason=reason
    )


def model_version_retire(*, version: ModelVersion, actor: User | None, reason: str) -> ModelVersion:
    """Put a version away for good; its row stays, because results name it. Never the active one."""
    reason = reason_required(reason)
    with transaction.atomic():
        modality_lock(version.modality)
        version.refresh_from_db()
        if version.state not in RETIRABLE:
            raise _not_now(version)
        _check_withdraw(version)
        version.state, version.retired_at = VersionState.RETIRED, timezone.now()
        version.save(update_fields=["state", "retired_at"])
        version_event_record(action=EventAction.RETIRED, version=version, actor=actor, reason=reason)
    return version


def _check_withdraw(version: ModelVersion) -> None:
    """A check that nobody began is not begun any more."""
    never = Finding(code="retired", passed=False, detail="The version was retired before its check began.")
    version.checks.filter(state__in=OPEN_CHECKS).update(
        state=CheckState.FAILED, finished_at=Now(), lease_expires_at=None, findings=[never.as_json()]
    )


def model_version_recheck(*, version: ModelVersion, actor: User | None, reason: str) -> ModelVersion:
    """Have the version checked again; until that is done it can't become active."""
    reason = reason_required(reason)
    with transaction.atomic():
        modality_lock(version.modality)
        version.refresh_from_db()
        if version.state not in (VersionState.CHECKED, VersionState.REJECTED):
            raise _not_now(version)
        if not version.file:
            raise RegistryError("no_weights", "The weights of a rejected version are gone: upload it again.")
        if version.state == VersionState.REJECTED:
            _refuse_twin(version)
        version.state = VersionState.CHECKING
        version.save(update_fields=["state"])
        _check_request(version, actor, reason)
        audit_record(AuditAction.MODEL_CHECK_REQUESTED, ObjectKind.MODEL_VERSION, version.pk)
    return version


def _refuse_twin(version: ModelVersion) -> None:
    twin = same_weights(version.modality, version.tensor_sha256, version.format_version)
    if twin is not None:
        raise _duplicate_of(twin)


def _check_request(version: ModelVersion, actor: User | None, reason: str) -> None:
    check = VersionCheck.objects.create(
        version=version, requested_by=actor, reason=reason, dispatched_at=timezone.now()
    )
    check_dispatch_on_commit([check.pk])


_NOT_NOW = {
    VersionState.ACTIVE: ("active", "This version is active: make another one active first."),
    VersionState.RETIRED: ("retired", "This version is retired, and that is final."),
}


def _not_now(version: ModelVersion) -> RegistryError:
    waiting = ("check_under_way", "This version is being checked: wait for the end of the check.")
    return RegistryError(*_NOT_NOW.get(VersionState(version.state), waiting))
