"""The sweep: work whose worker died is queued again once, work whose message got lost gets another one."""

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from backend.core.moments import from_now
from backend.core.queue import hints_waiting
from backend.core.stored import left_files_delete
from backend.inference.attempts import AGAIN, MAX_STARTS
from backend.inference.choices import FAILURE_DETAILS, FailureCode, PredictionState
from backend.inference.dispatch import dispatch, dispatch_on_commit
from backend.inference.forgetting import forget_answered, spools_empty
from backend.inference.holders import is_dead
from backend.inference.models import Prediction
from backend.inference.states import analysis_lock, analysis_refresh
from backend.inference.tasks import run_prediction
from backend.inference.text_checks import text_checks_ask_again

logger = logging.getLogger(__name__)
HINT_LOST_AFTER = timedelta(seconds=15)
HINTS_AT_ONCE = 64
HINTS_BESIDE_WORK = 2  # while messages wait or a worker works: it will look for what waits


@dataclass(frozen=True)
class Swept:
    """What one sweep found."""

    requeued: int = 0
    lost: int = 0
    hinted: int = 0


def sweep() -> Swept:
    """Look for work without a worker, work without a message, and files that ought to be gone."""
    ends = [_give_back(abandoned) for abandoned in _abandoned()]
    swept = Swept(requeued=ends.count("requeued"), lost=ends.count("lost"), hinted=_hint_again())
    if swept != Swept():
        logger.warning("sweep: %s", swept)
    spools_empty()
    forget_answered()
    left_files_delete()
    text_checks_ask_again()
    return swept


@dataclass(frozen=True)
class Abandoned:
    """A running attempt that nobody works on, and the condition under which that is so."""

    prediction_id: uuid.UUID
    analysis_id: uuid.UUID
    attempt: int
    starts: int
    condition: Q


def _abandoned() -> list[Abandoned]:
    """Attempts whose lease has run out, and those of processes that died on this machine."""
    running = Prediction.objects.filter(state=PredictionState.RUNNING).order_by("lease_expires_at")
    late = Q(lease_expires_at__lt=Now())
    dead = [row for row in running.exclude(late) if is_dead(row.held_by)]
    return [
        *(_abandoned_by(row, late) for row in running.filter(late)),
        *(_abandoned_by(row, Q(held_by=row.held_by)) for row in dead),
    ]


def _abandoned_by(row: Prediction, condition: Q) -> Abandoned:
    return Abandoned(row.pk, row.analysis_id, row.attempt, row.starts, condition)


def _give_back(found: Abandoned) -> str:
    """`requeued`, `lost`, or nothing when somebody else was quicker."""
    with transaction.atomic():
        if not analysis_lock(found.analysis_id):
            return ""
        row = Prediction.objects.filter(
            found.condition, pk=found.prediction_id, attempt=found.attempt, state=PredictionState.RUNNING
        )
        end = "requeued" if found.starts < MAX_STARTS else "lost"
        changed = row.update(**(AGAIN if end == "requeued" else _LOST))
        if changed and end == "requeued":
            dispatch_on_commit([found.prediction_id])
        analysis_refresh(found.analysis_id)
    return end if changed else ""


_LOST: dict[str, Any] = {
    "state": PredictionState.FAILED,
    "lease_expires_at": None,
    "finished_at": Now(),
    "failure_code": FailureCode.WORKER_LOST,
    "failure_detail": FAILURE_DETAILS[FailureCode.WORKER_LOST],
}


def _hint_again() -> int:
    """Another hint for the oldest rows that have been queued for a while since their last one.

    Few where the broker still has hints or a worker is at work: a long queue is not lost, and each hint that
    comes too late costs a worker's time."""
    silent = Prediction.objects.filter(
        Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=from_now(-HINT_LOST_AFTER)),
        state=PredictionState.QUEUED,
    )
    ids = list(silent.order_by("created_at").values_list("pk", flat=True)[:HINTS_AT_ONCE])
    if len(ids) > HINTS_BESIDE_WORK and (_somebody_works() or hints_waiting(run_prediction)):
        ids = ids[:HINTS_BESIDE_WORK]
    Prediction.objects.filter(pk__in=ids, state=PredictionState.QUEUED).update(dispatched_at=Now())
    dispatch(str(prediction_id) for prediction_id in ids)
    return len(ids)


def _somebody_works() -> bool:
    return Prediction.objects.filter(state=PredictionState.RUNNING).exists()
