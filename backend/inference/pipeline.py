"""What a worker does: claim, open, ask the network, and bring every image to its end."""

import logging
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from itertools import islice
from time import perf_counter

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from PIL import Image

from backend.inference import engine
from backend.inference.attempts import put_back
from backend.inference.choices import FailureCode
from backend.inference.claimed import Claimed, taken
from backend.inference.claims import begin
from backend.inference.dispatch import next_hint
from backend.inference.endings import Job, again_or_fail, complete, fail
from backend.inference.leases import leases_renewed
from backend.inference.masking import MaskingFailed, NotWanted, picture_visible
from backend.inference.models import Prediction
from backend.inference.regions import region_crop
from backend.inference.trust import looks_of
from backend.inference.worker import say_listening
from backend.registry.models import ModelVersion
from backend.site.choices import GatePolicy
from backend.site.selectors import site_settings

logger = logging.getLogger(__name__)
Results = list[engine.Result]
Asked = tuple[list[Job], Future[Results]]  # what the network is busy with


def work(hint: str) -> None:
    """Run the hinted prediction, and others that wait behind it; or nothing at all."""
    say_listening()
    rows = taken(uuid.UUID(hint))
    if not rows:
        return
    claimed = Claimed(rows)
    with leases_renewed(claimed.attempts):
        try:
            while claimed.waiting:
                run(claimed)
                claimed.go_on()
        except SoftTimeLimitExceeded:
            _give_up(claimed, FailureCode.TIMED_OUT)
        except Exception:
            _give_up(claimed, FailureCode.INTERNAL_ERROR)
            raise
        finally:
            engine.wait_until_free()  # one that hangs takes no other claim's time: the hard limit ends it
    next_hint()


def _give_up(claimed: Claimed, code: FailureCode) -> None:
    """What had begun fails; what had not is queued again."""
    for row in claimed.all:
        if row not in claimed.waiting or not put_back(row):
            fail(row, code)


def run(claimed: Claimed) -> None:
    """Every prediction comes to its end here, one way or the other; what has begun leaves `waiting`."""
    if len(claimed.waiting) > settings.BATCH_SIZE:
        _run_overlapped(claimed)
        return
    rows = list(claimed.waiting)
    claimed.waiting.clear()
    if jobs := _opened(rows, claimed.at):
        _run_together(jobs)


def _run_overlapped(claimed: Claimed) -> None:
    """Several batches: the next is opened and the last is stored while the network runs over one."""
    asked: Asked | None = None
    waiting = claimed.waiting
    while waiting or asked:
        if not waiting:
            claimed.go_on()
        before, rows = asked, list(islice(waiting, settings.BATCH_SIZE))
        if rows and not rows[0].starts:  # the claim began the first batch
            begin(rows)
        jobs = _opened(rows, claimed.at)
        if before:
            wait([before[1]])
        asked = (jobs, engine.answers_soon(*_question(jobs))) if jobs else None
        for _ in rows:
            waiting.popleft()
        if before:
            _conclude_first(before, [job.prediction for job in jobs], waiting)


def _conclude_first(asked: Asked, next_rows: list[Prediction], waiting: deque[Prediction]) -> None:
    """What breaks while these are stored is not the fault of those that the network is busy with."""
    try:
        _conclude(asked[0], asked[1].result)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        waiting.extendleft(reversed(next_rows))
        raise


def _opened(rows: list[Prediction], claimed_at: float) -> list[Job]:
    return [job for row in rows if (job := _open(row, claimed_at)) is not None]


def _open(prediction: Prediction, claimed_at: float) -> Job | None:
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
    waited_ms = (began - claimed_at) * 1000
    return Job(prediction, seen, looks, began, decode_ms, visible.masking_ms, waited_ms)


def _run_together(jobs: list[Job]) -> None:
    """One batch; when it fails, each image alone, so that one bad image hurts no neighbour."""
    _conclude(jobs, partial(engine.answers, *_question(jobs)))


def _question(jobs: list[Job]) -> tuple[ModelVersion, list[Image.Image]]:
    version = jobs[0].prediction.model_version
    if version is None:
        raise RuntimeError("A prediction without a model version was queued.")
    engine.superseded_release(version)
    return version, [job.image for job in jobs]


def _conclude(jobs: list[Job], results_of: Callable[[], Results]) -> None:
    try:
        results = results_of()
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
