"""The sweep: checks whose worker or message was lost, and files that broken uploads left behind."""

import logging
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from backend.core.moments import from_now
from backend.registry.checks import check_abandoned
from backend.registry.choices import CheckState
from backend.registry.dispatch import check_dispatch
from backend.registry.intake import FOLDER
from backend.registry.models import VersionCheck

logger = logging.getLogger(__name__)
HINT_LOST_AFTER = timedelta(seconds=60)
LEFT_BEHIND_AFTER_S = 6 * 3600  # no upload pauses for that long


def sweep() -> None:
    """Look for checks without a worker, checks without a message, files without an upload."""
    for check in VersionCheck.objects.filter(state=CheckState.RUNNING, lease_expires_at__lt=Now()):
        logger.warning("check %s: attempt %d lost its worker", check.pk, check.attempt)
        check_abandoned(check)
    _hint_again()
    files_sweep()


def _hint_again() -> None:
    silent = VersionCheck.objects.filter(
        Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=from_now(-HINT_LOST_AFTER)),
        state=CheckState.WAITING,
    )
    ids = list(silent.order_by("created_at").values_list("pk", flat=True))
    VersionCheck.objects.filter(pk__in=ids, state=CheckState.WAITING).update(dispatched_at=Now())
    check_dispatch(str(check_id) for check_id in ids)


def files_sweep() -> None:
    """Remove what uploads that were killed half-way left behind."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    before = time.time() - LEFT_BEHIND_AFTER_S
    for path in folder.glob("*.safetensors"):
        if path.lstat().st_mtime < before:
            logger.warning("removed %s, which a broken upload left behind", path.name)
            path.unlink(missing_ok=True)
