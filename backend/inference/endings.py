"""How an attempt ends: its result written once, in one transaction, a typed failure, or another attempt."""

import logging
from dataclasses import asdict, dataclass
from time import perf_counter

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from PIL import Image

from backend.core.stored import StoreError
from backend.inference import engine, second_look
from backend.inference.attempts import put_back
from backend.inference.choices import FAILURE_DETAILS, FailureCode, PredictionState
from backend.inference.leases import held
from backend.inference.maps import Keys, maps_kept
from backend.inference.models import Prediction
from backend.inference.states import analysis_lock, analysis_refresh
from backend.inference.trust import Evidence, Looks, trust_columns
from backend.site.selectors import site_settings
from ml.taxonomy import Modality

logger = logging.getLogger(__name__)


@dataclass
class Job:
    """A claimed prediction, the pixels that the model sees, what all look like, when its work began."""

    prediction: Prediction
    image: Image.Image
    looks: Looks
    began: float
    decode_ms: float
    masking_ms: float = 0.0
    waited_ms: float = 0.0  # from the claim until its work began


def complete(job: Job, result: engine.Result) -> bool:
    """Maps, then the row: True when this attempt was still wanted. A late result leaves nothing behind."""
    row = job.prediction
    try:
        written = maps_kept(
            row.pk,
            row.attempt,
            row.image,
            seen=job.image,
            result=result,
            write=lambda keys: _write_result(job, result, keys),
        )
    except OSError as error:
        logger.exception("the maps of prediction %s can't be written", row.pk)
        return not again_or_fail(row, FailureCode.STORAGE_ERROR, error)
    if not written:
        _count_late(row)
    return written


def _write_result(job: Job, result: engine.Result, keys: Keys) -> bool:
    with transaction.atomic():
        if not analysis_lock(job.prediction.analysis_id):
            return False
        written = _this_attempt(job.prediction).update(
            state=PredictionState.SUCCEEDED,
            finished_at=Now(),
            lease_expires_at=None,
            probabilities=result.probabilities,
            logits=list(result.logits),
            maps=keys,
            timings_ms=_timings(job, result),
            engine=result.engine.as_json(),
            spread=result.spread and {name: asdict(found) for name, found in result.spread.items()},
            **second_look.check_columns(job.prediction),
            **trust_columns(_evidence(job, result), level=site_settings().set_level),
        )
        if written:
            analysis_refresh(job.prediction.analysis_id)
            second_look.ask_on_commit(job.prediction)
    return bool(written)


def _evidence(job: Job, result: engine.Result) -> Evidence:
    version = job.prediction.model_version
    return Evidence(
        probabilities=result.probabilities,
        p_values=result.p_values,
        unlikeness=result.unlikeness,
        modality=Modality(job.prediction.image.modality),
        looks=job.looks,
        manifest=version.manifest if version else {},
        synthetic=version is not None and version.synthetic,
    )


def _timings(job: Job, result: engine.Result) -> dict[str, float]:
    """Milliseconds. `queued`: upload to the start of its own work. `total`: from there to the stored result;
    of images that are claimed together it includes waiting for the network to be done with the one before."""
    row = job.prediction
    queued = (row.started_at - row.created_at).total_seconds() * 1000 if row.started_at else 0.0
    spent = {
        "queued": max(0.0, queued) + job.waited_ms,
        "masking": job.masking_ms,
        "decode": job.decode_ms + result.timings_ms["preprocess"],
        "features": result.timings_ms["features"],
        "cam": result.timings_ms["cam"],
        "total": (perf_counter() - job.began) * 1000,
    }
    return {name: round(milliseconds, 1) for name, milliseconds in spent.items()}


def again_or_fail(prediction: Prediction, code: FailureCode, cause: BaseException | None) -> bool:
    """A store that does not answer may do so in a moment: the image is tried again while it may be. What else
    goes wrong ends the attempt. False when the row has moved on already."""
    if isinstance(cause, StoreError) and put_back(prediction):
        logger.warning("prediction %s waits for the object store", prediction.pk)
        return True
    return fail(prediction, code)


def fail(prediction: Prediction, code: FailureCode) -> bool:
    """End this attempt with a typed reason; False when the row has moved on already."""
    with transaction.atomic():
        if not analysis_lock(prediction.analysis_id):
            return False
        written = _this_attempt(prediction).update(
            state=PredictionState.FAILED,
            finished_at=Now(),
            lease_expires_at=None,
            failure_code=code,
            failure_detail=FAILURE_DETAILS[code],
        )
        if written:
            analysis_refresh(prediction.analysis_id)
    return bool(written)


def _this_attempt(prediction: Prediction) -> QuerySet[Prediction]:
    return Prediction.objects.filter(held({prediction.pk: prediction.attempt}))


def _count_late(prediction: Prediction) -> None:
    logger.warning("prediction %s: the result of attempt %d came late", prediction.pk, prediction.attempt)
    Prediction.objects.filter(pk=prediction.pk).update(late_results=F("late_results") + 1)
