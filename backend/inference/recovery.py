"""The sweep: work whose worker died is queued again once, work whose message got lost gets another one."""

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from backend.inference.choices import FAILURE_DETAILS, FailureCode, PredictionState
from backend.inference.dispatch import dispatch, dispatch_on_commit
from backend.inference.leases import from_now
from backend.inference.models import Prediction
from backend.inference.states import analysis_lock, analysis_refresh

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 2
HINT_LOST_AFTER = timedelta(seconds=15)
HINTS_AT_ONCE = 64


@dataclass(frozen=True)
class Swept:
    """What one sweep found."""

    requeued: int = 0
    lost: int = 0
    hinted: int = 0


def sweep() -> Swept:
    """Look for work without a worker, then for work without a message."""
    ends = [_lease_ended(*found) for found in _expired()]
    swept = Swept(requeued=ends.count("requeued"), lost=ends.count("lost"), hinted=_hint_again())
    if swept != Swept():
        logger.warning("sweep: %s", swept)
    return swept


def _expired() -> list[tuple[uuid.UUID, int, uuid.UUID]]:
    rows = Prediction.objects.filter(state=PredictionState.RUNNING, lease_expires_at__lt=Now())
    return list(rows.order_by("lease_expires_at").values_list("pk", "attempt", "analysis_id"))


def _lease_ended(prediction_id: uuid.UUID, attempt: int, analysis_id: uuid.UUID) -> str:
    """`requeued`, `lost`, or nothing when somebody else was quicker."""
    with transaction.atomic():
        if not analysis_lock(analysis_id):
            return ""
        row = Prediction.objects.filter(
            pk=prediction_id, attempt=attempt, state=PredictionState.RUNNING, lease_expires_at__lt=Now()
        )
        if attempt < MAX_ATTEMPTS:
            changed, end = (
                row.update(
                    state=PredictionState.QUEUED, lease_expires_at=None, started_at=None, dispatched_at=Now()
                ),
                "requeued",
            )
            dispatch_on_commit([prediction_id] if changed else [])
        else:
            changed, end = (
                row.update(
                    state=PredictionState.FAILED,
                    lease_expires_at=None,
                    finished_at=Now(),
                    failure_code=FailureCode.WORKER_LOST,
                    failure_detail=FAILURE_DETAILS[FailureCode.WORKER_LOST],
                ),
                "lost",
            )
        analysis_refresh(analysis_id)
    return end if changed else ""


def _hint_again() -> int:
    """Another hint for the oldest rows that have been queued for a while since their last one."""
    with transaction.atomic():
        silent = Prediction.objects.filter(
            Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=from_now(-HINT_LOST_AFTER)),
            state=PredictionState.QUEUED,
        )
        ids = list(silent.order_by("created_at").values_list("pk", flat=True)[:HINTS_AT_ONCE])
        Prediction.objects.filter(pk__in=ids, state=PredictionState.QUEUED).update(dispatched_at=Now())
    dispatch(str(prediction_id) for prediction_id in ids)
    return len(ids)
