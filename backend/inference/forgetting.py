"""Files that have to go: what is left in the spool of images that are masked or have come to their end; and
where a site keeps no images, all of them once every image of the case has come to its end."""

import logging
import uuid

from django.db import transaction
from django.db.models import Q

from backend.inference.choices import OPEN_STATES
from backend.inference.models import Prediction
from backend.studies.choices import Masking
from backend.studies.models import Case, UltrasoundImage
from backend.studies.services import image_files_delete
from backend.studies.spool import spool_empty

logger = logging.getLogger(__name__)
CASES_AT_ONCE = 200


def forget_on_commit(analysis_id: uuid.UUID) -> None:
    """The analysis has ended. Whatever fails here is tried again by the sweep and fails nobody's answer."""
    transaction.on_commit(lambda: _forget_of(analysis_id), robust=True)


def _forget_of(analysis_id: uuid.UUID) -> None:
    """Most analyses leave nothing behind, and cost one query here."""
    images = UltrasoundImage.objects.order_by().filter(predictions__analysis=analysis_id)
    left = images.filter(Q(kept=False) | ~Q(spool="")).values_list("case_id", "kept")
    found = set(left)
    if found:
        _spools_empty(Q(analysis=analysis_id))
    for case_id in {case_id for case_id, kept in found if not kept}:
        image_files_delete(case_id=case_id)


def spools_empty() -> int:
    """How many images had unmasked files left over: their process died, or nobody answered them."""
    return _spools_empty(Q())


def _spools_empty(which: Q) -> int:
    done_with = Q(image__masking=Masking.DONE) | ~Q(state__in=OPEN_STATES)
    left = Prediction.objects.filter(which & done_with).exclude(image__spool="")
    rows = list(left.values_list("image_id", "attempt")[:CASES_AT_ONCE])
    for image_id, attempt in rows:
        spool_empty(image_id=image_id, attempts=attempt)
    return len(rows)


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
