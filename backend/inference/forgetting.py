"""Where a site keeps no images: their files go once every image of the case has come to its end."""

import logging
import uuid

from django.db import transaction

from backend.inference.choices import OPEN_STATES
from backend.inference.models import Prediction
from backend.studies.models import Case
from backend.studies.services import image_files_delete

logger = logging.getLogger(__name__)
CASES_AT_ONCE = 200


def forget_on_commit(analysis_id: uuid.UUID) -> None:
    """The analysis has ended. Whatever fails here is tried again by the sweep and fails nobody's answer."""
    transaction.on_commit(lambda: _forget_of(analysis_id), robust=True)


def _forget_of(analysis_id: uuid.UUID) -> None:
    case_ids = Case.objects.filter(analyses=analysis_id, images__kept=False).values_list("pk", flat=True)
    for case_id in set(case_ids):
        image_files_delete(case_id=case_id)


def forget_answered() -> int:
    """How many cases had files left over, of processes that died between the answer and the deletion."""
    unfinished = Prediction.objects.filter(state__in=OPEN_STATES).values("analysis__case")
    left = Case.objects.filter(images__kept=False, images__file_deleted_at__isnull=True)
    case_ids = set(left.exclude(pk__in=unfinished).values_list("pk", flat=True)[:CASES_AT_ONCE])
    for case_id in case_ids:
        image_files_delete(case_id=case_id)
    if case_ids:
        logger.info("deleted the answered images of %d cases", len(case_ids))
    return len(case_ids)
