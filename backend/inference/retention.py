"""Anonymous work is deleted after a day, files and all."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backend.inference.idempotency import reservations_purge
from backend.inference.models import Analysis
from backend.inference.services import analysis_delete
from backend.studies.models import Case
from backend.studies.services import case_delete

logger = logging.getLogger(__name__)


def anonymous_purge() -> int:
    """How many cases of browser sessions were older than ANONYMOUS_HOURS and are gone now."""
    reservations_purge()
    before = timezone.now() - timedelta(hours=settings.ANONYMOUS_HOURS)
    cases = Case.objects.filter(owner__isnull=True, created_at__lt=before)
    purged = 0
    for case in cases.iterator(chunk_size=200):
        _purge(case)
        purged += 1
    if purged:
        logger.info("deleted %d anonymous cases", purged)
    return purged


def _purge(case: Case) -> None:
    analyses = list(Analysis.objects.filter(case=case).select_related("case"))
    for analysis in analyses:
        analysis_delete(analysis=analysis)
    if not analyses:
        with transaction.atomic():
            case_delete(case=case)
