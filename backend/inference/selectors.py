"""Reads of analyses and predictions within one's reach, with everything that a page shows, in few queries."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from backend.accounts.ownership import Reach
from backend.inference.choices import PredictionState
from backend.inference.models import Analysis, Prediction

_ANALYSIS_COLUMNS = (
    "created_at", "state", "finished_at", "first_read", "case__label", "case__owner__username",
    "fusion__name", "fusion__architecture", "fusion__synthetic",
)  # fmt: skip
_PREDICTION_COLUMNS = (
    "analysis", "created_at", "state", "failure_code", "failure_detail", "probabilities", "spread",
    "p_values", "prediction_set", "set_level", "flags", "text_check", "maps", "engine", "timings_ms",
    "model_version__name", "model_version__architecture", "model_version__synthetic",
)  # fmt: skip
_IMAGE_COLUMNS = (
    "modality", "masking", "masked_boxes", "file_deleted_at", "width", "height", "source_format", "frame",
    "frame_count", "region", "scanner_region", "kept",
)  # fmt: skip
_PICTURE_COLUMNS = (
    "maps", "analysis__first_read", "image__file", "image__sha256", "image__width", "image__height",
    "image__masking", "image__file_deleted_at", "image__kept",
)  # fmt: skip
_WHOLE = Prediction.objects.select_related("image", "model_version").defer("model_version__manifest")
_SHOWN = _WHOLE.order_by().only(*_PREDICTION_COLUMNS, *(f"image__{name}" for name in _IMAGE_COLUMNS))


def analyses_within(reach: Reach, *, also: Q | None = None) -> QuerySet[Analysis]:
    """The analyses within reach (`also`: or these) with case, predictions, images and model versions."""
    return (
        Analysis.objects.filter(_or(reach.as_filter("case__"), also))
        .select_related("case__owner", "fusion")
        .defer("fusion__manifest")
        .prefetch_related(Prefetch("predictions", queryset=_WHOLE))
    )


def predictions_within(reach: Reach, *, also: Q | None = None) -> QuerySet[Prediction]:
    """The predictions within reach (`also`: or these) with what a look at their image or map needs."""
    found = Prediction.objects.filter(_or(reach.as_filter("analysis__case__"), also))
    return found.select_related("image", "analysis").only(*_PICTURE_COLUMNS)


def _or(within: Q, also: Q | None) -> Q:
    """An empty Q means everything, and `Q() | also` would mean `also` alone."""
    return within if also is None or not within else within | also


def narrow(analyses: QuerySet[Analysis]) -> QuerySet[Analysis]:
    """With the columns alone that an answer shows: most of what a poll costs is the writing of wide SQL."""
    shown = analyses.only(*_ANALYSIS_COLUMNS)
    return shown.prefetch_related(None).prefetch_related(Prefetch("predictions", queryset=_SHOWN))


def queued_images() -> int:
    """How many images wait, of whomever."""
    return Prediction.objects.filter(state=PredictionState.QUEUED).count()


def queue_position_added(analysis: Analysis) -> Analysis:
    """As `queue_positions_added`, for one analysis: the database counts."""
    first = _first_queued(analysis)
    ahead = Q(state=PredictionState.QUEUED, created_at__lt=first)
    return _placed(analysis, first, Prediction.objects.filter(ahead).count() if first else 0)


def queue_positions_added(analyses: Sequence[Analysis]) -> list[Analysis]:
    """Adds `first_queued_at` (None where nothing is queued) and `images_ahead` of it in the queue.

    What waits is seen in the predictions that are loaded; where nothing does, nothing is asked."""
    firsts = [_first_queued(analysis) for analysis in analyses]
    waiting = [first for first in firsts if first is not None]
    queue: list[datetime] = []
    if waiting:
        queued = Prediction.objects.filter(state=PredictionState.QUEUED, created_at__lt=max(waiting))
        queue = list(queued.order_by("created_at").values_list("created_at", flat=True))
    return [
        _placed(analysis, first, bisect_left(queue, first) if first else 0)
        for analysis, first in zip(analyses, firsts, strict=True)
    ]


def _first_queued(analysis: Analysis) -> datetime | None:
    waiting = [row.created_at for row in analysis.predictions.all() if row.state == PredictionState.QUEUED]
    return min(waiting, default=None)


def _placed(analysis: Analysis, first: datetime | None, ahead: int) -> Analysis:
    analysis.first_queued_at, analysis.images_ahead = first, ahead  # type: ignore[attr-defined]
    return analysis
