"""What the background worker does: one case after the other, each written once, in one transaction."""

import logging
from dataclasses import dataclass
from time import monotonic, sleep

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from PIL import Image

from backend.comparisons.claims import LEASE, claim
from backend.comparisons.dispatch import hint_again
from backend.comparisons.models import ComparisonCase
from backend.comparisons.states import comparison_lock, comparison_refresh
from backend.core.background import asked_to_stop
from backend.inference import engine
from backend.inference.answer import most_probable
from backend.inference.choices import OPEN_STATES, FailureCode, PredictionState
from backend.inference.leases import held, leases_renewed
from backend.inference.maps import Keys, maps_kept
from backend.inference.models import Prediction
from backend.inference.regions import region_read
from backend.registry.choices import CheckState
from backend.registry.models import ModelVersion, VersionCheck

logger = logging.getLogger(__name__)
SLICE_S = 60.0  # then other messages have their turn
PATIENCE_S = 30.0  # the longest that one case waits for people's own images: nothing waits for ever
LOOK_EVERY_S = 0.1
TIMED_CASES = 50  # of a comparison: in these the version that answered is run once more, to be timed
_warm: set[object] = set()


@dataclass
class Job:
    """A claimed case and the pixels that the models see."""

    case: ComparisonCase
    image: Image.Image


def work() -> None:
    """Cases until none is left, the slice is over or the worker is to stop; what is left gets a new hint."""
    until = monotonic() + SLICE_S
    while monotonic() < until and not asked_to_stop() and not _check_waits():
        live_work_wait()
        case = claim()
        if case is None or not _run_held(case):
            break
    hint_again()


def live_work_wait() -> None:
    """People's own images go first: begin nothing while one of them is queued or running."""
    until = monotonic() + PATIENCE_S
    while Prediction.objects.filter(state__in=OPEN_STATES).exists():
        if monotonic() > until or asked_to_stop():
            return
        sleep(LOOK_EVERY_S)


def _check_waits() -> bool:
    """Somebody watches a version's check, which takes seconds; a comparison takes minutes."""
    return VersionCheck.objects.filter(state=CheckState.WAITING).exists()


def _run_held(case: ComparisonCase) -> bool:
    """Bring a claimed case to its end; False when this process has no time left for another one."""
    with leases_renewed({case.pk: case.attempt}, ComparisonCase, LEASE):
        try:
            run(case)
        except SoftTimeLimitExceeded:
            fail(case, FailureCode.TIMED_OUT)
            return False
        except Exception:
            logger.exception("comparison case %s failed", case.pk)
            fail(case, FailureCode.INTERNAL_ERROR)
    return True


def run(case: ComparisonCase) -> None:
    """The candidate's answer, or a typed reason why there is none."""
    try:
        job = Job(case, region_read(case.prediction.image))
    except OSError:
        logger.exception("the image of comparison case %s can't be read", case.pk)
        fail(case, FailureCode.STORAGE_ERROR)
        return
    try:
        result = _warm_answer(case.comparison.candidate, job.image)
    except engine.ModelUnavailable:
        fail_all(case, FailureCode.MODEL_UNAVAILABLE)
        return
    complete(job, result, _answered_ms(job))


def _warm_answer(version: ModelVersion, image: Image.Image) -> engine.Result:
    """A version's first run in a process is slower, and is not the one that is timed."""
    if version.pk not in _warm:
        engine.answers(version, [image])
        _warm.add(version.pk)
    return engine.answers(version, [image])[0]


def _answered_ms(job: Job) -> float | None:
    """The version that answered, over the same image on the same processor; None where it is not timed."""
    version = job.case.prediction.model_version
    fits = settings.ENGINE_VERSIONS > 1  # else each of the two would push the other out, case after case
    if version is None or job.case.position >= TIMED_CASES or not fits:
        return None
    try:
        return round(_warm_answer(version, job.image).timings_ms["total"], 1)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("version %s could not be timed", version.pk)
        return None


def complete(job: Job, result: engine.Result, answered_ms: float | None = None) -> bool:
    """Maps, then the row: True when this attempt was still wanted. A late result leaves nothing behind."""
    case = job.case
    try:
        written = maps_kept(
            case.pk,
            case.attempt,
            case.prediction.image,
            seen=job.image,
            result=result,
            write=lambda keys: _write_result(case, result, keys, answered_ms),
        )
    except OSError:
        logger.exception("the maps of comparison case %s can't be written", case.pk)
        return not fail(case, FailureCode.STORAGE_ERROR)
    if not written:
        _count_late(case)
    return written


def _write_result(case: ComparisonCase, result: engine.Result, keys: Keys, answered_ms: float | None) -> bool:
    chosen = most_probable(result.probabilities)
    return _end(
        case,
        _this_attempt(case),
        state=PredictionState.SUCCEEDED,
        probabilities=result.probabilities,
        candidate_class=chosen,
        changed=chosen != case.answered_class,
        maps=keys,
        candidate_ms=round(result.timings_ms["total"], 1),
        answered_ms=answered_ms,
    )


def fail(case: ComparisonCase, code: FailureCode) -> bool:
    """End this attempt with a typed reason; False when the row has moved on already."""
    return _end(case, _this_attempt(case), state=PredictionState.FAILED, failure_code=code)


def fail_all(case: ComparisonCase, code: FailureCode) -> bool:
    """What ends this attempt would end every other case of the comparison too."""
    rest = Q(comparison=case.comparison_id, state=PredictionState.QUEUED)
    return _end(case, _this_attempt(case) | rest, state=PredictionState.FAILED, failure_code=code)


def _end(case: ComparisonCase, which: Q, **values: object) -> bool:
    with transaction.atomic():
        if not comparison_lock(case.comparison_id):
            return False
        rows = ComparisonCase.objects.filter(which)
        written = rows.update(finished_at=Now(), lease_expires_at=None, **values)
        if written:
            comparison_refresh(case.comparison_id)
    return bool(written)


def _this_attempt(case: ComparisonCase) -> Q:
    return held({case.pk: case.attempt})


def _count_late(case: ComparisonCase) -> None:
    logger.warning("comparison case %s: the result of attempt %d came late", case.pk, case.attempt)
    ComparisonCase.objects.filter(pk=case.pk).update(late_results=F("late_results") + 1)
