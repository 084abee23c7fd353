"""Anonymous work is deleted after a day, everybody's after the days that the site keeps it; files and all."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from backend.inference.idempotency import reservations_purge
from backend.inference.models import Analysis
from backend.inference.services import analysis_delete
from backend.site.selectors import site_settings
from backend.studies.models import Case
from backend.studies.services import case_delete

logger = logging.getLogger(__name__)


def anonymous_purge() -> int:
    """How many cases of browser sessions were older than ANONYMOUS_HOURS and are gone now."""
    reservations_purge()
    before = timezone.now() - timedelta(hours=settings.ANONYMOUS_HOURS)
    return _purge_all(Case.objects.filter(owner__isnull=True, created_at__lt=before), "anonymous")


def old_cases_purge() -> int:
    """How many cases were older than the site's retention and are gone now; 0 days keep everything."""
    days = site_settings().retention_days
    if days == 0:
        return 0
    return _purge_all(Case.objects.filter(created_at__lt=timezone.now() - timedelta(days=days)), "old")


def _purge_all(cases: QuerySet[Case], kind: str) -> int:
    purged = 0
    for case in cases.iterator(chunk_size=200):
        _purge(case)
        purged += 1
    if purged:
        logger.info("deleted %d %s cases", purged, kind)
    return purged


def _purge(case: Case) -> None:
    analyses = list(Analysis.objects.filter(case=case).select_related("case"))
    for analysis in analyses:
        analysis_delete(analysis=analysis)
    if not analyses:
        with transaction.atomic():
            case_delete(case=case)
