"""A checkpoint from the command line: examined here and now, kept only when nothing is wrong with it."""

from pathlib import Path

from django.conf import settings
from django.db.models.functions import Now

from backend.accounts.models import User
from backend.registry.choices import CheckState, EventAction, VersionState
from backend.registry.errors import RegistryError
from backend.registry.findings import Finding, first_failure, is_passed
from backend.registry.history import reason_required, version_event_record
from backend.registry.intake import CheckedFile, checked_copy
from backend.registry.models import ModelVersion, VersionCheck
from backend.registry.prober import ProbeDied, probe
from backend.registry.services import (
    FIRST_CHECK,
    model_version_activate,
    refuse_duplicate,
    version_stored,
)
from ml.taxonomy import Joining


def model_version_import(
    *, path: Path, reason: str, name: str = "", activate: bool = False, actor: User | None = None
) -> ModelVersion:
    """Examine the checkpoint at `path`, keep a copy and (if asked) make it active; all of it or nothing."""
    reason = reason_required(reason)
    with checked_copy(path) as checked:
        refuse_duplicate(checked.manifest, checked.tensor_sha256)
        findings = _examined(checked)
        with version_stored(checked, name=name, actor=actor, notes=reason) as version:
            version_event_record(action=EventAction.UPLOADED, version=version, actor=actor, reason=reason)
            check_record(version, findings, actor)
            if activate:
                model_version_activate(version=version, actor=actor, reason=reason)
    return version


def _examined(checked: CheckedFile) -> list[Finding]:
    """The findings of a version that may answer, or RegistryError with what is wrong."""
    try:
        findings = probe(checked.path, seconds=settings.CHECK_TIME_LIMIT_S)
    except ProbeDied as death:
        raise RegistryError("check_died", f"The check did not come to its end ({death}).") from None
    found = [finding.as_json() for finding in findings]
    if not is_passed(found, fusion=checked.manifest.modality is Joining.FUSION):
        raise RegistryError(*first_failure(found))
    return findings


def check_record(version: ModelVersion, findings: list[Finding], actor: User | None) -> None:
    """Write down a check that was passed already."""
    VersionCheck.objects.create(
        version=version,
        state=CheckState.PASSED,
        attempt=1,
        started_at=Now(),
        finished_at=Now(),
        findings=[finding.as_json() for finding in findings],
        requested_by=actor,
        reason=FIRST_CHECK,
    )
    version.state = VersionState.CHECKED
    version.save(update_fields=["state"])
    version_event_record(action=EventAction.CHECKED, version=version, actor=actor, reason=FIRST_CHECK)
