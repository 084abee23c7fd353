"""Several images of one claim: the next is opened and the last is stored while the network runs over one."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from time import monotonic, sleep
from typing import Any

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage

from backend.accounts.ownership import Owner
from backend.inference import claimed, engine, pipeline
from backend.inference.claimed import most_at_once
from backend.inference.claims import claim
from backend.inference.leases import LEASE, from_now
from backend.inference.models import Prediction
from backend.inference.recovery import Swept, sweep
from backend.inference.services import AnalysisRequest, analysis_request
from backend.registry.models import ModelVersion
from backend.studies.uploads import Refusals, UploadedImage
from ml.predict import Result
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(versions: dict[str, ModelVersion]) -> Callable[[int], list[Prediction]]:
    """Queues analyses of one image each, no two alike."""
    return lambda count: [_queue(seed) for seed in range(count)]


def _queue(seed: int) -> Prediction:
    request = AnalysisRequest(
        label="", uploads=[UploadedImage("2d", upload(png(seed)).file)], refusals=Refusals()
    )
    made = analysis_request(owner=Owner(anonymous_id=uuid.uuid4()), request=request)[0]
    return Prediction.objects.select_related("image").get(analysis=made)


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task claims once, up to eight batches; what the network does beside comes at once, from here."""
    monkeypatch.setattr(claimed, "GO_ON_S", 0.0)
    monkeypatch.setattr(engine, "seconds_an_image", lambda: 0.01)
    monkeypatch.setattr(engine, "answers_soon", _at_once)


def _at_once(*question: Any) -> Future[list[Result]]:
    future: Future[list[Result]] = Future()
    try:
        future.set_result(engine.answers(*question))
    except Exception as error:  # noqa: BLE001 (whatever it is belongs to the future)
        future.set_exception(error)
    return future


@pytest.mark.parametrize(
    ("waiting", "batch", "most", "taken"),
    [(5, 1, 8, 3), (2, 1, 8, 1), (9, 1, 3, 3), (20, 2, 16, 10), (3, 4, 4, 3), (3, 1, 0, 1)],
)
def test_a_claim_leaves_half_of_what_waits_to_others(
    queued, waiting: int, batch: int, most: int, taken: int
) -> None:
    rows = queued(waiting)
    claimed = claim(rows[0].pk, batch=batch, most=most)
    assert [row.pk for row in claimed] == [row.pk for row in rows[:taken]]


@pytest.mark.parametrize(
    ("pace", "batch", "most"),
    [
        (None, 1, 1),
        (None, 8, 8),
        (0.4, 1, 8),
        (1.0, 1, 4),
        (30.0, 1, 1),
        (0.0, 1, 8),
        (0.01, 8, 64),
        (0.2, 8, 16),
    ],
)
def test_a_claim_is_a_few_seconds_of_work(
    monkeypatch, settings, pace: float | None, batch: int, most: int
) -> None:
    settings.BATCH_SIZE = batch
    monkeypatch.setattr(engine, "seconds_an_image", lambda: pace)
    assert most_at_once() == most
    settings.ENGINE_COMPILE = True
    assert most_at_once() == batch


@pytest.mark.usefixtures("ahead")
@pytest.mark.parametrize("batch", [1, 2])
def test_what_is_claimed_together_is_answered_as_if_alone(queued, settings, batch: int) -> None:
    rows = queued(9)
    settings.BATCH_SIZE = batch
    pipeline.work(str(rows[0].pk))
    states = [Prediction.objects.get(pk=row.pk).state for row in rows]
    assert states == ["succeeded"] * 5 + ["queued"] * 4
    settings.BATCH_SIZE = 1
    alone = _queue(3)
    pipeline.work(str(alone.pk))
    pair = [Prediction.objects.get(pk=row.pk) for row in (rows[3], alone)]
    assert pair[0].probabilities == pytest.approx(pair[1].probabilities, abs=1e-4)
    assert pair[0].maps.keys() == pair[1].maps.keys()
    assert pair[0].timings_ms["queued"] >= 0


@pytest.mark.usefixtures("ahead")
def test_each_image_of_a_claim_is_stored_as_soon_as_it_is_answered(queued, monkeypatch) -> None:
    """The first is stored while the third is asked for, not at the end of all."""
    rows = queued(9)
    done: list[int] = []
    original = engine.answers
    monkeypatch.setattr(
        engine,
        "answers",
        lambda *a: done.append(Prediction.objects.filter(state="succeeded").count()) or original(*a),
    )
    pipeline.work(str(rows[0].pk))
    assert done == [0, 0, 1, 2, 3]


@pytest.mark.usefixtures("ahead")
def test_one_bad_image_of_a_claim_hurts_no_neighbour(queued, monkeypatch) -> None:
    rows = queued(9)
    default_storage.delete(rows[2].image.key)
    answered, original = [], engine.answers

    def second_breaks(*question: Any) -> list[Result]:
        answered.append(question)
        if len(answered) == 2:
            raise RuntimeError("poison")
        return original(*question)

    monkeypatch.setattr(engine, "answers", second_breaks)
    pipeline.work(str(rows[0].pk))
    found = [(row.state, row.failure_code) for row in Prediction.objects.order_by("created_at")[:5]]
    fine = ("succeeded", "")
    assert found == [fine, ("failed", "internal_error"), ("failed", "storage_error"), fine, fine]


@pytest.mark.usefixtures("ahead")
def test_what_breaks_while_one_is_stored_is_not_the_fault_of_the_next(queued, monkeypatch) -> None:
    rows = queued(9)
    original = pipeline.complete

    def second_is_not_stored(job: Any, result: Result) -> bool:
        if job.prediction.pk == rows[1].pk:
            raise RuntimeError("nobody foresaw this")
        return original(job, result)

    monkeypatch.setattr(pipeline, "complete", second_is_not_stored)
    with pytest.raises(RuntimeError, match="nobody foresaw this"):
        pipeline.work(str(rows[0].pk))
    found = [(row.state, row.failure_code) for row in Prediction.objects.order_by("created_at")]
    waits = ("queued", "")
    assert found == [("succeeded", ""), ("failed", "internal_error")] + [waits] * 7
    pipeline.work(str(rows[2].pk))
    assert Prediction.objects.get(pk=rows[2].pk).state == "succeeded"


@pytest.mark.usefixtures("ahead")
def test_a_time_limit_ends_what_had_begun_and_queues_the_rest_again(queued, monkeypatch) -> None:
    rows = queued(9)
    asked: list[object] = []

    def third_hangs(*question: Any) -> Future[list[Result]]:
        asked.append(question)
        if len(asked) == 3:
            raise SoftTimeLimitExceeded
        return _at_once(*question)

    monkeypatch.setattr(engine, "answers_soon", third_hangs)
    pipeline.work(str(rows[0].pk))
    found = [(row.state, row.failure_code, row.starts) for row in Prediction.objects.order_by("created_at")]
    assert found[:2] == [("succeeded", "", 1), ("failed", "timed_out", 1)]
    assert found[2:] == [("queued", "", 1)] + [("queued", "", 0)] * 6
    pipeline.work(str(rows[2].pk))
    assert Prediction.objects.get(pk=rows[2].pk).state == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_the_network_runs_beside_what_is_opened_and_stored(queued, monkeypatch) -> None:
    """With the real thread: the next image is opened while the one before is computed."""
    rows = queued(5)
    monkeypatch.setattr(claimed, "GO_ON_S", 0.0)
    monkeypatch.setattr(engine, "seconds_an_image", lambda: 0.01)
    opened: list[uuid.UUID] = []
    seen: list[tuple[str, int]] = []
    looks, original = pipeline.picture_visible, engine.answers
    monkeypatch.setattr(pipeline, "picture_visible", lambda row: opened.append(row.pk) or looks(row))

    def waits_for_the_next(*question: Any) -> list[Result]:
        mine, until = len(seen) + 1, monotonic() + 20
        while len(opened) < min(mine + 1, 3) and monotonic() < until:
            sleep(0.005)
        seen.append((threading.current_thread().name.split("_")[0], len(opened)))
        return original(*question)

    monkeypatch.setattr(engine, "answers", waits_for_the_next)
    pipeline.work(str(rows[0].pk))
    assert seen == [("network", 2), ("network", 3), ("network", 3)]
    assert Prediction.objects.filter(state="succeeded").count() == 3


def test_what_was_only_taken_along_loses_no_try_when_its_worker_dies(queued) -> None:
    """However often that happens; what was begun twice ends."""
    rows = queued(9)
    for attempt in range(1, 4):
        taken = claim(rows[-attempt].pk, batch=1, most=8)
        along = next(row for row in taken if row.pk == rows[0].pk)
        assert (along.attempt, along.starts, taken[0].starts) == (attempt, 0, 1)
        Prediction.objects.filter(state="running").update(lease_expires_at=from_now(-LEASE))
        sweep()
    [hinted, *_] = claim(rows[-1].pk, batch=1, most=8)
    Prediction.objects.filter(state="running").update(lease_expires_at=from_now(-LEASE))
    assert sweep() == Swept(lost=1)
    assert Prediction.objects.get(pk=hinted.pk).failure_code == "worker_lost"
    pipeline.work(str(rows[0].pk))
    assert Prediction.objects.get(pk=rows[0].pk).state == "succeeded"
