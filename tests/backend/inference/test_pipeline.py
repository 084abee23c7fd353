"""What a worker does: one attempt, one result, whatever dies meanwhile."""

import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from celery import current_app
from django.core.files.storage import default_storage
from django.db.models.functions import Now
from kombu import Connection
from PIL import Image

from backend.accounts.ownership import Owner
from backend.core.queue import hints_waiting
from backend.core.stored import StoreError
from backend.inference import endings, engine, leases, pipeline
from backend.inference.attempts import MAX_STARTS
from backend.inference.choices import FailureCode
from backend.inference.claimed import Claimed
from backend.inference.claims import claim
from backend.inference.holders import is_dead, this_process
from backend.inference.leases import LEASE, from_now, held, leases_renewed
from backend.inference.models import Analysis, Prediction
from backend.inference.recovery import HINTS_AT_ONCE, HINTS_BESIDE_WORK, Swept, sweep
from backend.inference.services import AnalysisRequest, analysis_cancel, analysis_delete, analysis_request
from backend.inference.tasks import run_prediction
from backend.registry.models import ModelVersion
from backend.studies.uploads import Refusals, UploadedImage
from ml.predict import Result
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysis(versions: dict[str, ModelVersion]) -> Callable[..., Analysis]:
    """Queues an analysis of the given modalities."""

    def make(*modalities: str, seed: int = 1) -> Analysis:
        uploads = [UploadedImage(modality, upload(png(seed)).file) for modality in modalities or ("2d",)]
        request = AnalysisRequest(label="", uploads=uploads, refusals=Refusals())
        return analysis_request(owner=Owner(anonymous_id=uuid.uuid4()), request=request)[0]

    return make


def only(analysis: Analysis) -> Prediction:
    return Prediction.objects.select_related("image").get(analysis=analysis)


def expire(prediction: Prediction) -> None:
    Prediction.objects.filter(pk=prediction.pk).update(lease_expires_at=from_now(-LEASE))


def run_claimed(prediction: Prediction) -> None:
    pipeline.run(Claimed([prediction]))


def test_a_prediction_is_claimed_once(analysis) -> None:
    row = only(analysis())
    [first] = claim(row.pk, batch=1)
    assert (first.state, first.attempt) == ("running", 1)
    assert first.lease_expires_at > first.started_at
    assert claim(row.pk, batch=1) == []
    assert claim(uuid.uuid4(), batch=1) == []


def test_a_claim_takes_what_waits_for_the_same_modality(analysis) -> None:
    rows = [only(analysis(seed=seed)) for seed in range(4)]
    only(analysis("cdfi"))
    taken = claim(rows[2].pk, batch=3)
    assert [row.pk for row in taken] == [rows[2].pk, rows[0].pk, rows[1].pk]
    assert {row.attempt for row in taken} == {1}


def test_a_row_that_failed_before_is_claimed_alone(analysis) -> None:
    rows = [only(analysis(seed=seed)) for seed in range(3)]
    Prediction.objects.filter(pk=rows[0].pk).update(attempt=1, starts=1)
    assert [row.pk for row in claim(rows[0].pk, batch=3)] == [rows[0].pk]
    assert [row.pk for row in claim(rows[1].pk, batch=3)] == [rows[1].pk, rows[2].pk]


def test_a_batch_gives_the_answers_of_single_runs(analysis, settings) -> None:
    settings.BATCH_SIZE = 3
    together = [only(analysis(seed=seed)) for seed in range(3)]
    pipeline.work(str(together[0].pk))
    alone = [only(analysis(seed=seed)) for seed in range(3)]
    settings.BATCH_SIZE = 1
    for row in alone:
        pipeline.work(str(row.pk))
    for pair in zip(together, alone, strict=True):
        left, right = (Prediction.objects.get(pk=row.pk).probabilities for row in pair)
        assert left == pytest.approx(right, abs=1e-4)


def test_the_analysis_runs_as_soon_as_one_image_does(analysis, monkeypatch) -> None:
    made = analysis("2d", "cdfi")
    seen: list[str] = []
    original = engine.answers
    monkeypatch.setattr(
        engine, "answers", lambda *a: seen.append(Analysis.objects.get(pk=made.pk).state) or original(*a)
    )
    for row in made.predictions.all():
        pipeline.work(str(row.pk))
    assert seen == ["running", "running"]
    made.refresh_from_db()
    assert made.state == "succeeded"


def test_a_lost_worker_gets_its_work_done_by_another(analysis) -> None:
    row = only(analysis())
    claim(row.pk, batch=1)
    assert sweep() == Swept()  # the lease still holds
    expire(row)
    assert sweep() == Swept(requeued=1)
    assert Analysis.objects.get().state == "queued"
    pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempt) == ("succeeded", 2)


def test_work_of_a_process_that_died_on_this_machine_does_not_wait_for_its_lease(analysis) -> None:
    row = only(analysis())
    dead = subprocess.run(
        [sys.executable, "-c", "from backend.inference.holders import this_process; print(this_process())"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    claim(row.pk, batch=1)
    assert sweep() == Swept()  # this process is alive
    Prediction.objects.update(held_by=dead.stdout.strip())
    assert sweep() == Swept(requeued=1)


@pytest.mark.parametrize("holder", ["", "elsewhere|pid:[1]|1|1", "odd"])
def test_a_holder_elsewhere_is_never_called_dead(holder: str) -> None:
    assert is_dead(this_process()) is False
    assert is_dead(holder) is False


def test_a_worker_lost_twice_ends_the_prediction(analysis) -> None:
    row = only(analysis())
    for _ in range(2):
        claim(row.pk, batch=1)
        expire(row)
        sweep()
    row.refresh_from_db()
    assert (row.state, row.failure_code, row.attempt) == ("failed", "worker_lost", 2)
    assert Analysis.objects.get().state == "failed"
    assert sweep() == Swept()


def test_a_late_result_changes_nothing_and_is_counted(analysis, storage: Path) -> None:
    """The first worker comes back after its lease was given away and the second one has answered."""
    row = only(analysis())
    [slow] = claim(row.pk, batch=1)
    expire(row)
    sweep()
    [quick] = claim(row.pk, batch=1)
    run_claimed(quick)
    finished = Prediction.objects.get(pk=row.pk)
    files = sorted(storage.rglob("maps/**/*.png"))
    run_claimed(slow)
    row.refresh_from_db()
    assert row.late_results == 1
    assert (row.maps, row.finished_at, row.attempt) == (finished.maps, finished.finished_at, 2)
    assert sorted(storage.rglob("maps/**/*.png")) == files


def test_a_result_after_cancelling_is_dropped(analysis, storage: Path) -> None:
    made = analysis()
    [row] = claim(only(made).pk, batch=1)
    analysis_cancel(analysis=made)
    run_claimed(row)
    row.refresh_from_db()
    assert (row.state, row.late_results, row.maps) == ("cancelled", 1, None)
    assert list(storage.rglob("maps/**/*.png")) == []


def test_a_result_after_deleting_leaves_nothing(
    analysis, storage: Path, django_capture_on_commit_callbacks
) -> None:
    made = analysis()
    [row] = claim(only(made).pk, batch=1)
    job = pipeline._open(row, perf_counter())
    with django_capture_on_commit_callbacks(execute=True):
        analysis_delete(analysis=made)
    [result] = engine.answers(row.model_version, [job.image])
    assert endings.complete(job, result) is False
    assert list(storage.rglob("*.png")) == []


def test_what_the_worker_can_not_read_fails_that_image_alone(analysis) -> None:
    made = analysis("2d", "cdfi")
    first, second = made.ordered_predictions
    default_storage.delete(first.image.key)
    for row in (first, second):
        pipeline.work(str(row.pk))
    first.refresh_from_db()
    assert (first.state, first.failure_code) == ("failed", "storage_error")
    assert Analysis.objects.get().state == "partial"


def test_maps_that_can_not_be_written_fail_the_image(analysis, storage: Path) -> None:
    row = only(analysis())
    (storage / "maps").write_text("a file where a folder should be")
    pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.failure_code) == ("failed", "storage_error")


def away(*args: object, **kwargs: object) -> None:
    raise StoreError("the object store does not answer")


@pytest.mark.parametrize("where", ["reading", "maps", "checkpoint"])
def test_an_outage_of_the_store_costs_an_attempt_and_not_the_answer(
    analysis, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    row = only(analysis())
    target, name = {
        "reading": (pipeline, "picture_visible"),
        "maps": (endings, "maps_kept"),
        "checkpoint": (engine, "local_path"),
    }[where]
    with monkeypatch.context() as outage:
        outage.setattr(engine, "_loaded", type(engine._loaded)())
        outage.setattr(target, name, away)
        pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempt, row.lease_expires_at, row.held_by) == ("queued", 1, None, "")
    assert Analysis.objects.get().state == "queued"
    pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempt) == ("succeeded", 2)
    assert Analysis.objects.get().state == "succeeded"


def test_a_long_outage_ends_after_the_last_attempt(analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    row = only(analysis())
    monkeypatch.setattr(pipeline, "picture_visible", away)
    for _ in range(3):
        pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempt, row.failure_code) == ("failed", MAX_STARTS, "storage_error")


def test_what_was_cancelled_meanwhile_is_not_queued_again(analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    made = analysis()
    [row] = claim(only(made).pk, batch=1)
    analysis_cancel(analysis=made)
    assert endings.again_or_fail(row, FailureCode.STORAGE_ERROR, StoreError("away")) is False
    row.refresh_from_db()
    assert (row.state, row.attempt) == ("cancelled", 1)


def test_a_checkpoint_that_was_changed_is_not_used(analysis, versions, monkeypatch) -> None:
    row = only(analysis())
    monkeypatch.setattr(engine, "_loaded", type(engine._loaded)())
    path = Path(versions["2d"].file.path)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.unlink()
    path.write_bytes(content)
    pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.failure_code) == ("failed", "model_unavailable")


def test_a_soft_time_limit_ends_the_prediction(analysis, monkeypatch) -> None:
    row = only(analysis())
    monkeypatch.setattr(engine, "answers", _raise(SoftTimeLimitExceeded()))
    pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.failure_code) == ("failed", "timed_out")


def test_an_unknown_error_ends_the_prediction(analysis, monkeypatch) -> None:
    row = only(analysis())
    monkeypatch.setattr(engine, "answers", _raise(RuntimeError("odd")))
    pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.failure_code) == ("failed", "internal_error")


def test_an_unknown_error_while_writing_is_heard(analysis, monkeypatch, storage) -> None:
    row = only(analysis())
    monkeypatch.setattr(endings, "_write_result", _raise(RuntimeError("odd")))
    with pytest.raises(RuntimeError):
        pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.failure_code) == ("failed", "internal_error")
    assert list(storage.rglob("maps/**/*.png")) == []


def test_one_bad_image_hurts_no_neighbour(analysis, settings, monkeypatch) -> None:
    settings.BATCH_SIZE = 3
    rows = [only(analysis(seed=seed)) for seed in range(3)]
    original = engine.answers

    def picky(version: ModelVersion, images: list) -> list[Result]:
        poison = any(image.getpixel((0, 0)) == bad for image in images)
        if poison:
            raise RuntimeError("poison")
        return original(version, images)

    with default_storage.open(rows[1].image.key) as file:
        bad = Image.open(file).getpixel((0, 0))
    monkeypatch.setattr(engine, "answers", picky)
    pipeline.work(str(rows[0].pk))
    states = [Prediction.objects.get(pk=row.pk).state for row in rows]
    assert states == ["succeeded", "failed", "succeeded"]


def test_a_lost_message_is_sent_again(analysis) -> None:
    row = only(analysis())
    assert sweep() == Swept()
    Prediction.objects.update(dispatched_at=from_now(-LEASE * 2))
    assert sweep() == Swept(hinted=1)
    assert sweep() == Swept()  # not before it has had its time
    Prediction.objects.update(dispatched_at=None)
    assert sweep() == Swept(hinted=1)
    assert row.state == "queued"


@pytest.fixture
def silent(analysis, no_hints: None) -> Callable[[int], None]:
    """So many rows whose last message was sent long ago, and a broker without any."""

    def make(count: int) -> None:
        made = analysis()
        first = only(made)
        rows = [Analysis.objects.create(case=made.case) for _ in range(count - 1)]
        Prediction.objects.bulk_create(
            Prediction(analysis=row, image=first.image, model_version=first.model_version) for row in rows
        )
        Prediction.objects.update(dispatched_at=from_now(-LEASE * 2))

    return make


@pytest.fixture
def no_hints() -> None:
    """Nothing waits at the broker of the tests."""
    with current_app.connection_for_write() as connection:
        channel = connection.channel()
        channel.queue_declare("inference")
        channel.queue_purge("inference")


def test_messages_are_sent_again_in_portions(silent) -> None:
    silent(HINTS_AT_ONCE + 1)
    assert [sweep().hinted, sweep().hinted, sweep().hinted] == [HINTS_AT_ONCE, 1, 0]
    assert hints_waiting(run_prediction) == HINTS_AT_ONCE + 1


def test_while_messages_wait_few_are_sent_again(silent, no_hints: None) -> None:
    """A long queue is not a lost one: each hint that comes too late costs a worker's time."""
    silent(HINTS_BESIDE_WORK + 2)
    run_prediction.apply_async(args=[str(uuid.uuid4())])
    assert [sweep().hinted, sweep().hinted] == [HINTS_BESIDE_WORK, 2]


def test_while_a_worker_works_few_are_sent_again(silent) -> None:
    """It looks for what waits when it is done."""
    silent(HINTS_BESIDE_WORK + 2)
    claim(Prediction.objects.earliest("created_at").pk, batch=1)
    assert [sweep().hinted, sweep().hinted] == [HINTS_BESIDE_WORK, 1]


def test_a_broker_that_is_away_counts_as_one_without_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app, "connection_for_write", lambda: Connection("redis://127.0.0.1:1/0"))
    assert hints_waiting(run_prediction) == 0


def test_only_the_very_attempt_is_held(analysis) -> None:
    row = only(analysis())
    claim(row.pk, batch=1)
    assert Prediction.objects.filter(held({row.pk: 1})).exists()
    assert not Prediction.objects.filter(held({row.pk: 2})).exists()
    assert not Prediction.objects.filter(held({})).exists()
    Prediction.objects.update(state="cancelled", finished_at=Now())
    assert not Prediction.objects.filter(held({row.pk: 1})).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("claimed_later", [False, True])
def test_leases_are_renewed_while_work_goes_on(analysis, monkeypatch, claimed_later: bool) -> None:
    monkeypatch.setattr(leases, "RENEW_EVERY_S", 0.05)
    row = only(analysis())
    claim(row.pk, batch=1)
    expire(row)
    before = Prediction.objects.get(pk=row.pk)
    attempts: dict[uuid.UUID, int] = {} if claimed_later else {row.pk: 1}
    with leases_renewed(attempts):
        attempts[row.pk] = 1
        threading.Event().wait(0.6)
    renewed = Prediction.objects.get(pk=row.pk).lease_expires_at
    assert renewed > before.lease_expires_at
    assert renewed > before.started_at


def _raise(error: Exception) -> Callable[..., None]:
    def fail(*args: object) -> None:
        raise error

    return fail
