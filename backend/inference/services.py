"""Writes that people ask for: request, cancel, delete an analysis."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from backend.accounts.ownership import Owner
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.core.problems import Conflict, Unavailable
from backend.inference.choices import (
    FAILURE_DETAILS,
    OPEN_STATES,
    FailureCode,
    FirstReadState,
    PredictionState,
)
from backend.inference.dispatch import dispatch_on_commit
from backend.inference.idempotency import RequestKey, analysis_of_key, key_reserved, scope_of
from backend.inference.map_files import maps_delete
from backend.inference.models import Analysis, Prediction
from backend.inference.selectors import queued_images
from backend.inference.states import analysis_lock, analysis_refresh
from backend.registry.models import ModelVersion
from backend.registry.selectors import active_versions
from backend.site.choices import FirstReadMode
from backend.site.selectors import site_settings
from backend.studies.models import UltrasoundImage
from backend.studies.services import case_create, case_delete, image_files_stored
from backend.studies.uploads import Refusals, UploadedImage, uploads_digest, uploads_validate
from backend.studies.validation import ValidatedImage

QUEUE_FULL_RETRY_S = 10


@dataclass(frozen=True)
class AnalysisRequest:
    """What somebody asks for; `refusals` holds what the form itself already got wrong."""

    label: str
    uploads: list[UploadedImage]
    refusals: Refusals


def analysis_request(
    *, owner: Owner, request: AnalysisRequest, idempotency_key: str | None = None
) -> tuple[Analysis, bool]:
    """(analysis, whether it is an earlier one again). Validates, stores and queues; or changes nothing."""
    if idempotency_key is None or request.refusals.reasons:
        return _analysis_create(owner, request, None), False
    digest = uploads_digest(request.uploads, label=request.label)
    request_key = RequestKey(scope_of(owner), idempotency_key, digest)
    known = analysis_of_key(request_key)
    if known is not None:
        return known, True
    with key_reserved(request_key):
        return _analysis_create_once(owner, request, request_key)


def _analysis_create_once(
    owner: Owner, request: AnalysisRequest, request_key: RequestKey
) -> tuple[Analysis, bool]:
    """The unique constraint has the last word: another request may have committed just before us."""
    try:
        return _analysis_create(owner, request, request_key), False
    except IntegrityError:
        known = analysis_of_key(request_key)
        if known is None:
            raise
        return known, True


def _analysis_create(owner: Owner, request: AnalysisRequest, request_key: RequestKey | None) -> Analysis:
    waiting = _queue_checked()
    images = uploads_validate(request.uploads, request.refusals)
    with image_files_stored(images) as keys, transaction.atomic():
        analysis, queued = _rows_create(owner, request.label, images, keys, request_key)
        dispatch_on_commit(queued, waiting=waiting)
    return analysis


def _queue_checked() -> int:
    """How many images wait; 503 before anything is decoded. Replays of an earlier request never come here."""
    waiting = queued_images()
    if waiting >= settings.MAX_QUEUED_IMAGES:
        raise Unavailable(
            "The queue is full: nothing was stored. Send it again in a moment.",
            code="queue_full",
            headers={"Retry-After": str(QUEUE_FULL_RETRY_S)},
        )
    return waiting


def _rows_create(
    owner: Owner,
    label: str,
    images: list[ValidatedImage],
    keys: dict[str, str],
    request_key: RequestKey | None,
) -> tuple[Analysis, list[uuid.UUID]]:
    """The analysis, and those of its predictions that are queued."""
    case, rows = case_create(owner=owner, label=label, images=images, keys=keys)
    analysis = Analysis(case=case, first_read=_first_read_state(owner))
    if request_key is not None:
        analysis.idempotency_scope, analysis.idempotency_key = request_key.scope, request_key.key
        analysis.request_digest = request_key.digest
    analysis.save(force_insert=True)
    predictions = predictions_create(analysis, rows)
    queued = [row.pk for row in predictions if row.state == PredictionState.QUEUED]
    if len(queued) < len(predictions):  # else it is queued, as every new one is
        analysis_refresh(analysis.pk)
    return analysis, queued


def _first_read_state(owner: Owner) -> FirstReadState:
    """Settled when the analysis is made: a later change of settings neither hides nor reveals an answer."""
    mode = site_settings().first_read
    chosen = owner.user is not None and owner.user.first_read
    is_asked = mode == FirstReadMode.ALL or (mode == FirstReadMode.CHOICE and chosen)
    return FirstReadState.AWAITED if is_asked else FirstReadState.NOT_ASKED


def predictions_create(analysis: Analysis, images: Iterable[UltrasoundImage]) -> list[Prediction]:
    """One prediction an image with the active version pinned; without one it has failed at once."""
    versions = active_versions()
    rows = [_prediction(analysis, image, versions.get(image.modality)) for image in images]
    return Prediction.objects.bulk_create(rows)


def _prediction(analysis: Analysis, image: UltrasoundImage, version: ModelVersion | None) -> Prediction:
    row = Prediction(analysis=analysis, image=image, model_version=version, dispatched_at=timezone.now())
    if version is None:
        row.state = PredictionState.FAILED
        row.failure_code = FailureCode.MODEL_UNAVAILABLE
        row.failure_detail = FAILURE_DETAILS[FailureCode.MODEL_UNAVAILABLE]
        row.finished_at = timezone.now()
    return row


def analysis_cancel(*, analysis: Analysis) -> None:
    """What is not finished yet will not be; 409 when nothing is left to cancel."""
    with transaction.atomic():
        analysis_lock(analysis.pk)
        open_rows = Prediction.objects.filter(analysis=analysis, state__in=OPEN_STATES)
        if not open_rows.update(state=PredictionState.CANCELLED, finished_at=Now(), lease_expires_at=None):
            raise Conflict("This analysis has finished already.", code="already_finished")
        analysis_refresh(analysis.pk)


def analysis_delete(*, analysis: Analysis) -> None:
    """Rows and files, for good. A worker that still runs it finds nothing to write to."""
    with transaction.atomic():
        analysis_lock(analysis.pk)
        audit_record(AuditAction.ANALYSIS_DELETED, ObjectKind.ANALYSIS, analysis.pk)
        case = analysis.case
        prediction_ids = list(analysis.predictions.values_list("pk", flat=True))
        attempts = max(analysis.predictions.values_list("attempt", flat=True), default=0)
        analysis.delete()
        if not case.analyses.exists():
            case_delete(case=case, attempts=attempts)
        transaction.on_commit(lambda: _maps_delete(prediction_ids))


def _maps_delete(prediction_ids: list[uuid.UUID]) -> None:
    for prediction_id in prediction_ids:
        maps_delete(prediction_id)
