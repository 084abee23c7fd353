"""The life of a check, as workers write it: claim, examine in a child process, end in one transaction."""

import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from backend.core.local_files import local_copy_forget, local_path
from backend.core.moments import from_now
from backend.registry.choices import CheckState, EventAction, VersionState
from backend.registry.dispatch import check_dispatch_on_commit
from backend.registry.findings import Finding, first_failure, is_passed
from backend.registry.history import version_event_record
from backend.registry.locks import modality_lock
from backend.registry.models import ModelVersion, VersionCheck
from backend.registry.prober import ProbeDied, probe

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=120)  # the background worker waits long for its turn on a busy machine
MAX_ATTEMPTS = 2
DIED = "check_died"


def work(check_id: str) -> None:
    """Make the check if it still waits; whatever happens, it ends passed, failed or waiting again."""
    check = _claim(uuid.UUID(check_id))
    if check is None:
        return
    try:
        findings = probe(_weights(check), every=lambda: _renew(check), seconds=settings.CHECK_TIME_LIMIT_S)
    except ProbeDied as death:
        logger.warning("check %s, attempt %d: %s", check.pk, check.attempt, death)
        check_lose(check, [*death.findings, _died(str(death))])
        return
    check_finish(check, findings)


def _weights(check: VersionCheck) -> Path:
    return local_path(check.version.file.name or "")


def _claim(check_id: uuid.UUID) -> VersionCheck | None:
    """The check, now running in our hands; None when it is somebody else's, or done."""
    check = VersionCheck.objects.select_related("version").filter(pk=check_id).first()
    if check is None:
        return None
    with transaction.atomic():
        modality_lock(check.version.modality)
        waiting = VersionCheck.objects.filter(pk=check_id, state=CheckState.WAITING)
        if not waiting.update(
            state=CheckState.RUNNING,
            attempt=F("attempt") + 1,
            started_at=Now(),
            lease_expires_at=from_now(LEASE),
            findings=[],
        ):
            return None
        ModelVersion.objects.filter(pk=check.version_id).update(state=VersionState.CHECKING)
    check.refresh_from_db()
    return check


def _renew(check: VersionCheck) -> None:
    _this_attempt(check).update(lease_expires_at=from_now(LEASE))


def _this_attempt(check: VersionCheck) -> QuerySet[VersionCheck]:
    return VersionCheck.objects.filter(pk=check.pk, attempt=check.attempt, state=CheckState.RUNNING)


def _died(how: str) -> Finding:
    detail = f"The check did not come to its end ({how}): the version can't be trusted."
    return Finding(code=DIED, passed=False, detail=detail, measured={"reason": DIED})


def check_lose(check: VersionCheck, findings: Iterable[Finding]) -> None:
    """An attempt that did not end: once more, then the version is rejected."""
    if check.attempt >= MAX_ATTEMPTS:
        check_finish(check, findings)
        return
    with transaction.atomic():
        again = {"state": CheckState.WAITING, "lease_expires_at": None, "dispatched_at": Now()}
        if _this_attempt(check).update(**again):
            check_dispatch_on_commit([check.pk])


def check_abandoned(check: VersionCheck) -> None:
    """The worker of this attempt is gone."""
    check_lose(check, [_died("its worker was lost")])


def check_finish(check: VersionCheck, findings: Iterable[Finding]) -> bool:
    """Write what was found, once: `checked` or `rejected`. False when this attempt is not wanted any more."""
    found = [finding.as_json() for finding in findings]
    passed = is_passed(found, fusion=check.version.is_fusion)
    with transaction.atomic():
        modality_lock(check.version.modality)
        end = CheckState.PASSED if passed else CheckState.FAILED
        ended = {"state": end, "finished_at": Now(), "lease_expires_at": None, "findings": found}
        if not _this_attempt(check).update(**ended):
            return False
        version = ModelVersion.objects.get(pk=check.version_id)
        version.state = VersionState.CHECKED if passed else VersionState.REJECTED
        version.save(update_fields=["state"])
        _record(check, version, *first_failure(found) if not passed else ("", ""))
        if not passed:
            _weights_delete(version)
    return True


def _record(check: VersionCheck, version: ModelVersion, code: str, sentence: str) -> None:
    action = EventAction.REJECTED if code else EventAction.CHECKED
    reason = f"{code}: {sentence} ({check.reason})" if code else check.reason
    version_event_record(action=action, version=version, actor=check.requested_by, reason=reason)


def _weights_delete(version: ModelVersion) -> None:
    """A file that never was fit goes; weights that once passed or answered stay, to be looked into."""
    if version.checks.filter(state=CheckState.PASSED).exists():
        return
    if version.events.filter(action=EventAction.ACTIVATED).exists():
        return
    name = version.file.name or ""
    version.file.name = ""
    version.save(update_fields=["file"])
    transaction.on_commit(lambda: _file_delete(name))


def _file_delete(name: str) -> None:
    default_storage.delete(name)
    local_copy_forget(name)
