"""The state of a comparison follows from its cases, and is written in the same transaction as theirs.

Whoever changes cases locks the comparison first."""

import uuid

from django.db.models.functions import Now

from backend.comparisons.choices import OPEN_COMPARISONS, ComparisonState
from backend.comparisons.models import Comparison, ComparisonCase
from backend.inference.choices import OPEN_STATES, PredictionState


def comparison_lock(comparison_id: uuid.UUID) -> bool:
    """Hold the comparison until the transaction ends; False when it is gone or has ended."""
    comparisons = Comparison.objects.select_for_update()
    return bool(comparisons.filter(pk=comparison_id, state__in=OPEN_COMPARISONS).values("pk").first())


def comparison_refresh(comparison_id: uuid.UUID) -> None:
    """Write what follows from the cases. Lock it first."""
    still_open = Comparison.objects.filter(pk=comparison_id, state__in=OPEN_COMPARISONS)
    cases = ComparisonCase.objects.filter(comparison_id=comparison_id)
    if not cases.filter(state__in=OPEN_STATES).exists():
        still_open.update(state=ComparisonState.FINISHED, finished_at=Now())
    elif cases.exclude(state=PredictionState.QUEUED).exists():
        still_open.exclude(state=ComparisonState.RUNNING).update(state=ComparisonState.RUNNING)
