"""What inference adds to /metrics: counts by state, failures by code, the age of the queue."""

from django.db.models import Count, Min, Sum
from django.utils import timezone

from backend.core.metrics import Family, Sample, metrics_collector
from backend.inference.choices import PredictionState
from backend.inference.models import Prediction


@metrics_collector
def prediction_counts() -> list[Family]:
    """Predictions by state and by failure, results that came too late, seconds that the oldest has waited."""
    rows = Prediction.objects.order_by()
    states = rows.values("state").annotate(count=Count("pk"))
    failed = rows.filter(state=PredictionState.FAILED).values("failure_code").annotate(count=Count("pk"))
    late = rows.aggregate(total=Sum("late_results"))["total"] or 0
    oldest = rows.filter(state=PredictionState.QUEUED).aggregate(at=Min("created_at"))["at"]
    waited = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    return [
        Family(
            "cv4ln_predictions",
            "Predictions by state.",
            [Sample(row["count"], {"state": row["state"]}) for row in states],
        ),
        Family(
            "cv4ln_prediction_failures",
            "Failed predictions by code.",
            [Sample(row["count"], {"code": row["failure_code"]}) for row in failed],
        ),
        Family("cv4ln_late_results", "Results dropped because they came too late.", [Sample(late)]),
        Family("cv4ln_queue_age_seconds", "How long the oldest queued image has waited.", [Sample(waited)]),
    ]
