"""What inference adds to /metrics: states, failures, age of the queue, seconds and classes of answers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from statistics import quantiles
from typing import Any

from django.db.models import Count, Min, Sum
from django.utils import timezone

from backend.core.metrics import Family, Sample, metrics_collector
from backend.inference.choices import FirstReadState, PredictionState
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


RECENT = timedelta(hours=1)
MOST = 2000  # answers that are looked at: a scrape must not grow with the history
QUANTILES = {"0.5": 50, "0.95": 95}
Key = tuple[str, str, str]


@metrics_collector
def recent_answers() -> list[Family]:
    """Of the last hour's answers: seconds by stage, and how often each class came first."""
    since = timezone.now() - RECENT
    succeeded = Prediction.objects.filter(state=PredictionState.SUCCEEDED, created_at__gte=since)
    rows = succeeded.order_by("-created_at").values(
        "image__modality", "model_version__name", "timings_ms", "probabilities", "analysis__first_read"
    )[:MOST]
    spent, first = _gathered(rows)
    return [
        Family(
            "cv4ln_answer_seconds",
            "Seconds of the last hour's answers. queued: upload to claim, total: claim to stored result.",
            [sample for key, seconds in spent.items() for sample in _quantile_samples(key, seconds)],
        ),
        Family(
            "cv4ln_answers_by_class",
            "The last hour's answers by the class that came first.",
            [
                Sample(count, {"modality": modality, "version": version, "class": name})
                for (modality, version, name), count in sorted(first.items())
            ],
        ),
    ]


def _gathered(rows: Iterable[Mapping[str, Any]]) -> tuple[dict[Key, list[float]], Counter[Key]]:
    """Seconds by (modality, version, stage), and answers by (modality, version, class)."""
    spent: dict[Key, list[float]] = defaultdict(list)
    first: Counter[Key] = Counter()
    for row in rows:
        where = row["image__modality"], row["model_version__name"]
        for stage, milliseconds in row["timings_ms"].items():
            spent[(*where, stage)].append(milliseconds / 1000)
        if row["analysis__first_read"] != FirstReadState.AWAITED:  # its answer is nobody's yet
            first[(*where, max(row["probabilities"], key=row["probabilities"].get))] += 1
    return spent, first


def _quantile_samples(key: Key, seconds: list[float]) -> list[Sample]:
    modality, version, stage = key
    cuts = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 99
    labels = {"modality": modality, "version": version, "stage": stage}
    return [Sample(round(cuts[cut - 1], 4), {**labels, "quantile": name}) for name, cut in QUANTILES.items()]
