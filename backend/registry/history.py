"""The record of who did what with a version, when and why: lines are added, never changed."""

from backend.accounts.models import User
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.core.moments import fine_now
from backend.registry.choices import EventAction
from backend.registry.errors import RegistryError
from backend.registry.models import REASON_LENGTH, ModelVersion, VersionEvent


def reason_required(reason: str) -> str:
    """The reason without blanks around it; RegistryError when there is none, or too much of it."""
    reason = reason.strip()
    if not reason:
        raise RegistryError("reason_missing", "Say why: the reason goes into the history.")
    if "\x00" in reason:
        raise RegistryError("reason_invalid", "A reason holds no null characters.")
    if len(reason) > REASON_LENGTH:
        raise RegistryError("reason_too_long", f"A reason has at most {REASON_LENGTH} characters.")
    return reason


def version_event_record(
    *,
    action: EventAction,
    version: ModelVersion,
    actor: User | None,
    reason: str,
    from_version: ModelVersion | None = None,
) -> None:
    """One more line, at the database's time, by which claims are timed too; a long reason is cut."""
    VersionEvent.objects.create(
        action=action,
        version=version,
        from_version=from_version,
        modality=version.modality,
        actor=actor,
        reason=reason[:REASON_LENGTH],
        created_at=fine_now(),
    )
    audit_record(AuditAction(f"model_{action}"), ObjectKind.MODEL_VERSION, version.pk)
