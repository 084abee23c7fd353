"""Reads of analyses and predictions within one's reach, with everything that a page shows, in few queries."""

from django.db.models import Count, Min, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from backend.accounts.ownership import Reach
from backend.inference.choices import PredictionState
from backend.inference.models import Analysis, Prediction


def analyses_within(reach: Reach) -> QuerySet[Analysis]:
    """The analyses within reach with case, predictions, images and model versions."""
    predictions = Prediction.objects.select_related("image", "model_version").defer("model_version__manifest")
    return (
        Analysis.objects.filter(reach.as_filter("case__"))
        .select_related("case__owner")
        .prefetch_related(Prefetch("predictions", queryset=predictions))
    )


def predictions_within(reach: Reach) -> QuerySet[Prediction]:
    """The predictions within reach with their images."""
    return Prediction.objects.filter(reach.as_filter("analysis__case__")).select_related("image", "analysis")


def queued_images() -> int:
    """How many images wait, of whomever."""
    return Prediction.objects.filter(state=PredictionState.QUEUED).count()


def with_queue_position(analyses: QuerySet[Analysis]) -> QuerySet[Analysis]:
    """Adds `first_queued_at` (null when nothing is queued) and `images_ahead` of it in the queue."""
    queued = Prediction.objects.filter(state=PredictionState.QUEUED).order_by()
    first = (
        queued.filter(analysis=OuterRef("pk")).values("analysis").annotate(at=Min("created_at")).values("at")
    )
    ahead = (
        queued.filter(created_at__lt=OuterRef("first_queued_at"))
        .values("state")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return analyses.annotate(first_queued_at=Subquery(first)).annotate(
        images_ahead=Coalesce(Subquery(ahead), 0)
    )
