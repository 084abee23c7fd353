"""Taking the next case: one guarded update, so that no two workers ever run the same attempt."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from backend.comparisons.choices import OPEN_COMPARISONS
from backend.comparisons.models import Comparison, ComparisonCase
from backend.comparisons.states import comparison_lock, comparison_refresh
from backend.core.moments import from_now
from backend.inference.choices import PredictionState
from backend.inference.holders import this_process

LEASE = timedelta(seconds=60)  # longer than a prediction's: the renewing thread has the lowest priority too


def waiting_comparisons() -> QuerySet[Comparison]:
    """Those with a case that nobody has begun; the one that was asked for first comes first."""
    waiting = Comparison.objects.filter(state__in=OPEN_COMPARISONS, cases__state=PredictionState.QUEUED)
    return waiting.order_by("created_at", "pk").distinct()


def claim() -> ComparisonCase | None:
    """The next case of the first comparison, held by this process; None when nothing waits."""
    comparison_id = waiting_comparisons().values_list("pk", flat=True).first()
    if comparison_id is None:
        return None
    with transaction.atomic():
        case_id = _take(comparison_id) if comparison_lock(comparison_id) else None
    if case_id is None:  # cancelled, or taken by another worker, at this moment
        return claim()
    related = ("comparison__candidate", "prediction__image", "prediction__model_version")
    return ComparisonCase.objects.select_related(*related).filter(pk=case_id).first()


def _take(comparison_id: uuid.UUID) -> uuid.UUID | None:
    cases = ComparisonCase.objects.filter(comparison_id=comparison_id, state=PredictionState.QUEUED)
    case_id: uuid.UUID | None = cases.order_by("position").values_list("pk", flat=True).first()
    taken = case_id is not None and cases.filter(pk=case_id).update(
        state=PredictionState.RUNNING,
        attempt=F("attempt") + 1,
        lease_expires_at=from_now(LEASE),
        held_by=this_process(),
    )
    comparison_refresh(comparison_id)
    return case_id if taken else None
