"""Reads of batches: how far they are, and their analyses in the order in which they came."""

from django.db.models import Count, F, Q, QuerySet

from backend.accounts.ownership import Reach
from backend.batches.models import Batch
from backend.inference.choices import OPEN_STATES, AnalysisState
from backend.inference.models import Analysis
from backend.inference.selectors import analyses_within

_STATE = "cases__analysis__state"


def batches_within(reach: Reach) -> QuerySet[Batch]:
    """The batches within reach, each with the count of its cases by how they ended."""
    return (
        Batch.objects.filter(reach.as_filter())
        .select_related("owner")
        .annotate(
            total=Count("cases"),
            waiting=Count("cases", filter=Q(**{f"{_STATE}__in": OPEN_STATES})),
            **{
                state.value: Count("cases", filter=Q(**{_STATE: state}))
                for state in AnalysisState
                if state not in OPEN_STATES
            },
        )
    )


def analyses_of(batch: Batch, reach: Reach) -> QuerySet[Analysis]:
    """The analyses of a batch with all that a table shows, in the order in which they came."""
    analyses = analyses_within(reach).filter(batch_case__batch=batch)
    return analyses.annotate(batch_position=F("batch_case__pk")).order_by("batch_position")
