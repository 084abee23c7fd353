"""Writes of the audit log: a line, or at most one an hour."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from backend.audit.caller import Caller, current_caller
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.models import DETAIL_LENGTH, AuditEvent
from backend.core.request_id import current_request_id


def audit_record(
    action: AuditAction,
    object_kind: ObjectKind = ObjectKind.NOTHING,
    object_id: uuid.UUID | str | None = None,
    *,
    detail: str = "",
    caller: Caller | None = None,
) -> None:
    """Write a line about the caller of the running request; `caller` where that one is somebody else."""
    who = caller or current_caller()
    AuditEvent(**_columns(action, object_kind, object_id, detail, who)).save(force_insert=True)


def audit_record_hourly(
    action: AuditAction,
    object_kind: ObjectKind = ObjectKind.NOTHING,
    object_id: uuid.UUID | str | None = None,
    *,
    detail: str = "",
) -> None:
    """As `audit_record`, once for this caller, action and object in an hour: pages poll."""
    who, now = current_caller(), timezone.now()
    key = f"{who.kind}:{who.id}:{action}:{object_id}:{now:%Y%m%d%H}"
    if AuditEvent.objects.filter(once_key=key).exists():
        return
    event = AuditEvent(**_columns(action, object_kind, object_id, detail, who), once_key=key)
    AuditEvent.objects.bulk_create([event], ignore_conflicts=True)  # the constraint decides a race


def _columns(
    action: AuditAction, object_kind: ObjectKind, object_id: uuid.UUID | str | None, detail: str, who: Caller
) -> dict[str, Any]:
    return {
        "action": action,
        "actor_kind": who.kind,
        "actor_id": who.id,
        "actor_name": who.name,
        "object_kind": object_kind,
        "object_id": object_id,
        "detail": detail[:DETAIL_LENGTH],
        "address": who.address[:64],
        "request_id": current_request_id()[:64],
    }


def audit_purge() -> int:
    """How many lines were older than AUDIT_DAYS and are gone now; 0 days keep everything."""
    if settings.AUDIT_DAYS == 0:
        return 0
    before = timezone.now() - timedelta(days=settings.AUDIT_DAYS)
    # A plain query set: the model's own one removes nothing, which is right everywhere but here.
    removed = QuerySet(AuditEvent).filter(created_at__lt=before).delete()[0]
    if removed:
        audit_record(AuditAction.LINES_EXPIRED, detail=str(removed))
    return removed
