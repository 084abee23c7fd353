"""The sweep: cases whose worker died are queued again once, comparisons without a message get another one."""

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from backend.comparisons.choices import OPEN_COMPARISONS
from backend.comparisons.dispatch import hint_again
from backend.comparisons.models import Comparison, ComparisonCase
from backend.comparisons.states import comparison_lock, comparison_refresh
from backend.core.moments import from_now
from backend.inference.choices import OPEN_STATES, FailureCode, PredictionState
from backend.inference.holders import is_dead

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 2
HINT_LOST_AFTER = timedelta(seconds=60)  # a check of a version may be in front of it


@dataclass(frozen=True)
class Swept:
    """What one sweep found. `ended`: comparisons whose last open cases were deleted."""

    requeued: int = 0
    lost: int = 0
    ended: int = 0
    hinted: int = 0


def sweep() -> Swept:
    """Look for cases without a worker, for comparisons without cases, for work without a message."""
    ends = [_give_back(row, condition) for row, condition in _abandoned()]
    swept = Swept(
        requeued=ends.count(PredictionState.QUEUED),
        lost=ends.count(PredictionState.FAILED),
        ended=_end_empty(),
        hinted=_hint_lost(bool(ends)),
    )
    if swept != Swept():
        logger.warning("sweep of comparisons: %s", swept)
    return swept


def _abandoned() -> list[tuple[ComparisonCase, Q]]:
    """Attempts that nobody works on, each with the condition under which that is so."""
    late = Q(lease_expires_at__lt=Now())
    running = ComparisonCase.objects.filter(state=PredictionState.RUNNING)
    dead = [row for row in running.exclude(late) if is_dead(row.held_by)]
    return [*((row, late) for row in running.filter(late)), *((row, Q(held_by=row.held_by)) for row in dead)]


def _give_back(case: ComparisonCase, condition: Q) -> str:
    """The state that the case got, or nothing when somebody else was quicker."""
    again = case.attempt < MAX_ATTEMPTS
    with transaction.atomic():
        if not comparison_lock(case.comparison_id):
            return ""
        row = ComparisonCase.objects.filter(
            condition, pk=case.pk, attempt=case.attempt, state=PredictionState.RUNNING
        )
        changed = row.update(**(_AGAIN if again else _LOST))
        comparison_refresh(case.comparison_id)
    return str((_AGAIN if again else _LOST)["state"]) if changed else ""


_AGAIN: dict[str, Any] = {"state": PredictionState.QUEUED, "lease_expires_at": None, "held_by": ""}
_LOST: dict[str, Any] = {
    "state": PredictionState.FAILED,
    "lease_expires_at": None,
    "finished_at": Now(),
    "failure_code": FailureCode.WORKER_LOST,
}


def _end_empty() -> int:
    open_ones = Comparison.objects.filter(state__in=OPEN_COMPARISONS)
    ids = list(open_ones.exclude(cases__state__in=OPEN_STATES).values_list("pk", flat=True))
    return sum(_refreshed(comparison_id) for comparison_id in ids)


def _refreshed(comparison_id: uuid.UUID) -> bool:
    with transaction.atomic():
        found = comparison_lock(comparison_id)
        if found:
            comparison_refresh(comparison_id)
    return found


def _hint_lost(is_urgent: bool) -> bool:
    """Nothing runs and nobody was told for a while, or a worker has just died: tell again."""
    running = ComparisonCase.objects.filter(state=PredictionState.RUNNING).exists()
    told = Comparison.objects.filter(
        state__in=OPEN_COMPARISONS, dispatched_at__gte=from_now(-HINT_LOST_AFTER)
    )
    return not running and (is_urgent or not told.exists()) and hint_again()
