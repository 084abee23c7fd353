"""What a worker does: claim, run, complete or fail. Results are written once, in one transaction."""

import logging
import uuid
from dataclasses import asdict, dataclass
from time import perf_counter

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from PIL import Image

from backend.core.stored import StoreError
from backend.inference import engine, second_look
from backend.inference.attempts import put_back
from backend.inference.choices import FAILURE_DETAILS, FailureCode, PredictionState
from backend.inference.claims import claim
from backend.inference.leases import held, leases_renewed
from backend.inference.maps import Keys, maps_kept
from backend.inference.masking import MaskingFailed, NotWanted, picture_visible
from backend.inference.models import Prediction
from backend.inference.regions import region_crop
from backend.inference.states import analysis_lock, analysis_refresh
from backend.inference.trust import Evidence, Looks, looks_of, trust_columns
from backend.inference.worker import say_listening
from backend.site.choices import GatePolicy
from backend.site.selectors import site_settings
from ml.taxonomy import Modality

logger = logging.getLogger(__name__)


@dataclass
class Job:
    """A claimed prediction, the pixels that the model sees, what all of them look like, when work began."""

    prediction: Prediction
    image: Image.Image
    looks: Looks
    began: float
    decode_ms: float
    masking_ms: float = 0.0


def work(hint: str) -> None:
    """Run the hinted prediction, and others of its version that wait behind it; or nothing at all."""
    say_listening()
    claimed = claim(uuid.UUID(hint), batch=settings.BATCH_SIZE)
    if not claimed:
        return
    with leases_renewed({row.pk: row.attempt for row in claimed}):
        try:
            run(claimed)
        except SoftTimeLimitExceeded:
            for row in claimed:
                fail(row, FailureCode.TIMED_OUT)
        except Exception:
            for row in claimed:
                fail(row, FailureCode.INTERNAL_ERROR)
            raise


def run(claimed: list[Prediction]) -> None:
    """Every claimed prediction comes to its end here, one way or the other."""
    for analysis_id in {row.analysis_id for row in claimed}:
        with transaction.atomic():
            analysis_lock(analysis_id)
            analysis_refresh(analysis_id)
    jobs = [job for row in claimed if (job := _open(row)) is not None]
    if jobs:
        _run_together(jobs)


def _open(prediction: Prediction) -> Job | None:
    """The stored image with its text covered, cut to its region; what goes wrong fails this image alone."""
    began = perf_counter()
    try:
        visible = picture_visible(prediction)
    except NotWanted:
        return None
    except MaskingFailed:
        fail(prediction, FailureCode.MASKING_FAILED)
        return None
    except OSError as error:
        logger.exception("the image of prediction %s can't be read", prediction.pk)
        again_or_fail(prediction, FailureCode.STORAGE_ERROR, error)
        return None
    looks = looks_of(visible.image)
    if looks.ultrasound.is_doubted and site_settings().gate_policy == GatePolicy.REFUSE:
        fail(prediction, FailureCode.NOT_ULTRASOUND)
        return None
    seen = region_crop(visible.image, prediction.image.region)
    decode_ms = (perf_counter() - began) * 1000 - visible.masking_ms
    return Job(prediction, seen, looks, began, decode_ms, visible.masking_ms)


def _run_together(jobs: list[Job]) -> None:
    """One batch; when it fails, each image alone, so that one bad image hurts no neighbour."""
    version = jobs[0].prediction.model_version
    if version is None:
        raise RuntimeError("A prediction without a model version was queued.")
    engine.superseded_release(version)
    try:
        results = engine.answers(version, [job.image for job in jobs])
    except engine.ModelUnavailable as error:
        for job in jobs:
            again_or_fail(job.prediction, FailureCode.MODEL_UNAVAILABLE, error.__cause__)
        return
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("inference failed on %d images", len(jobs))
        _run_apart(jobs)
        return
    for job, result in zip(jobs, results, strict=True):
        complete(job, result)


def _run_apart(jobs: list[Job]) -> None:
    if len(jobs) == 1:
        fail(jobs[0].prediction, FailureCode.INTERNAL_ERROR)
        return
    for job in jobs:
        _run_together([job])


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
    """Milliseconds. `queued`: upload to claim. `total`: claim to stored result, everything included."""
    row = job.prediction
    queued = (row.started_at - row.created_at).total_seconds() * 1000 if row.started_at else 0.0
    spent = {
        "queued": max(0.0, queued),
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
