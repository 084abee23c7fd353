"""Reads of analyses and predictions within one's reach, with everything that a page shows, in few queries."""

from django.db.models import Count, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from backend.accounts.ownership import Reach
from backend.inference.choices import PredictionState
from backend.inference.models import Analysis, Prediction


def analyses_within(reach: Reach, *, also: Q | None = None) -> QuerySet[Analysis]:
    """The analyses within reach (`also`: or these) with case, predictions, images and model versions."""
    predictions = Prediction.objects.select_related("image", "model_version").defer("model_version__manifest")
    return (
        Analysis.objects.filter(_or(reach.as_filter("case__"), also))
        .select_related("case__owner", "fusion")
        .defer("fusion__manifest")
        .prefetch_related(Prefetch("predictions", queryset=predictions))
    )


def predictions_within(reach: Reach, *, also: Q | None = None) -> QuerySet[Prediction]:
    """The predictions within reach (`also`: or these) with their images."""
    found = Prediction.objects.filter(_or(reach.as_filter("analysis__case__"), also))
    return found.select_related("image", "analysis")


def _or(within: Q, also: Q | None) -> Q:
    """An empty Q means everything, and `Q() | also` would mean `also` alone."""
    return within if also is None or not within else within | also


def narrow(analyses: QuerySet[Analysis]) -> QuerySet[Analysis]:
    """With the columns alone that an answer shows: most of what a poll costs is the writing of wide SQL."""
    return analyses.only(
        "created_at", "state", "finished_at", "first_read", "case__label", "case__owner__username",
        "fusion__name", "fusion__architecture", "fusion__synthetic",
    )  # fmt: skip


def queued_images() -> int:
    """How many images wait, of whomever."""
    return Prediction.objects.filter(state=PredictionState.QUEUED).count()


def queue_position_added(analysis: Analysis) -> Analysis:
    """As `with_queue_position`, for one analysis with its predictions loaded: what waits is seen in them, and
    nothing else is asked where nothing does."""
    waiting = [row.created_at for row in analysis.predictions.all() if row.state == PredictionState.QUEUED]
    first = min(waiting, default=None)
    ahead = Q(state=PredictionState.QUEUED, created_at__lt=first)
    analysis.first_queued_at = first  # type: ignore[attr-defined]  # as the annotations are named
    analysis.images_ahead = Prediction.objects.filter(ahead).count() if first else 0  # type: ignore[attr-defined]
    return analysis


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
