"""Workers say that they listen; the readiness check asks whether one did lately.

The beat message alone would wait behind a long queue, so a worker also calls `heartbeat_record` while
it runs predictions.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from backend.core.models import WorkerHeartbeat

HEARD_WITHIN = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=1)


def heartbeat_record(*, worker: str, device: str = "") -> None:
    """Note that this worker took a message just now, and drop rows of workers long gone."""
    now = timezone.now()
    WorkerHeartbeat.objects.update_or_create(
        worker=worker,
        defaults={"last_seen_at": now, "device": device},
        create_defaults={"first_seen_at": now, "last_seen_at": now, "device": device},
    )
    WorkerHeartbeat.objects.filter(last_seen_at__lt=now - FORGOTTEN_AFTER).delete()


def listening_workers() -> QuerySet[WorkerHeartbeat]:
    """Workers heard from within the last 30 s."""
    return WorkerHeartbeat.objects.filter(last_seen_at__gte=timezone.now() - HEARD_WITHIN)
