"""What the background worker does: every case ends exactly once, whatever dies meanwhile."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from backend.comparisons import dispatch, pipeline
from backend.comparisons.claims import LEASE, claim
from backend.comparisons.models import Comparison, ComparisonCase
from backend.comparisons.recovery import HINT_LOST_AFTER, Swept, sweep
from backend.comparisons.services import comparison_cancel
from backend.core import background
from backend.core.moments import from_now
from backend.inference import engine, leases
from backend.inference.holders import this_process
from backend.inference.leases import leases_renewed
from backend.inference.map_files import map_store
from backend.inference.models import Analysis, Prediction
from backend.inference.services import analysis_delete
from backend.registry.choices import CheckState
from backend.registry.models import ModelVersion, VersionCheck
from backend.studies.models import UltrasoundImage
from tests.backend.comparisons.conftest import answer_some, compare_all

pytestmark = pytest.mark.django_db
Make = Callable[..., Comparison]


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the tasks that were sent."""
    sent: list[str] = []
    monkeypatch.setattr(dispatch, "hint_send", lambda task: sent.append(task.name) or True)
    return sent


def cases_of(comparison: Comparison) -> list[ComparisonCase]:
    return list(comparison.cases.order_by("position"))


def states_of(comparison: Comparison) -> list[str]:
    return [case.state for case in cases_of(comparison)]


def state_of(comparison: Comparison) -> str:
    return Comparison.objects.get(pk=comparison.pk).state


def files_below(storage: Path) -> set[str]:
    return {str(path.relative_to(storage)) for path in storage.rglob("*.png")}


def expire(case: ComparisonCase) -> None:
    ComparisonCase.objects.filter(pk=case.pk).update(lease_expires_at=from_now(-LEASE))


def test_every_case_gets_the_candidates_answer_and_maps(comparison: Make, candidate: ModelVersion) -> None:
    made = comparison(3)
    compare_all()
    assert state_of(made) == "finished"
    assert states_of(made) == ["succeeded"] * 3
    for case in cases_of(made):
        with default_storage.open(case.prediction.image.key) as file:
            seen = Image.open(file)
            expected = engine.answers(candidate, [seen])[0]
        assert case.probabilities == pytest.approx(expected.probabilities)
        assert case.changed == (case.candidate_class != case.answered_class)
        assert case.candidate_ms > 0
        assert case.answered_ms > 0
        stored = [key for key in case.maps.values() if key]
        assert stored
        for key in stored:
            with default_storage.open(key) as file:
                assert Image.open(file).size == (96, 72)


def test_the_answers_that_were_given_stay_as_they_are(comparison: Make) -> None:
    made = comparison(2)
    before = list(Prediction.objects.order_by("pk").values())
    compare_all()
    assert state_of(made) == "finished"
    assert list(Prediction.objects.order_by("pk").values()) == before
    assert {str(row.model_version_id) for row in Prediction.objects.all()} != {str(made.candidate_id)}


def test_a_region_is_cut_out_and_the_map_put_back(comparison: Make) -> None:
    made = comparison(1)
    UltrasoundImage.objects.update(region=[10, 20, 50, 40])
    compare_all()
    [case] = cases_of(made)
    key = next(key for key in case.maps.values() if key)
    with default_storage.open(key) as file:
        levels = np.asarray(Image.open(file))
    assert levels.shape == (72, 96)
    assert levels[:20].max() == 0
    assert levels[:, :10].max() == 0
    assert levels[20:60, 10:60].max() > 0


def test_a_case_is_claimed_once_and_the_newest_first(comparison: Make) -> None:
    made = comparison(2)
    first, second = claim(), claim()
    assert first is not None
    assert second is not None
    assert (first.position, first.state, first.attempt) == (0, "running", 1)
    assert second.position == 1
    assert first.prediction.created_at > second.prediction.created_at
    assert claim() is None
    assert state_of(made) == "running"


def test_the_comparison_that_was_asked_for_first_comes_first(comparison: Make) -> None:
    first, second = comparison(1), comparison(1)
    assert [claim().comparison_id for _ in range(3)] == [first.pk, second.pk, second.pk]


def test_a_broken_image_fails_its_own_row_only(comparison: Make) -> None:
    made = comparison(3)
    broken = cases_of(made)[1]
    default_storage.delete(broken.prediction.image.key)
    compare_all()
    assert states_of(made) == ["succeeded", "failed", "succeeded"]
    assert cases_of(made)[1].failure_code == "storage_error"
    assert state_of(made) == "finished"


def test_an_unknown_error_ends_its_case_and_the_next_ones_go_on(
    comparison: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = comparison(2)
    original, calls = pipeline.maps_kept, []

    def fails_once(*args, **kwargs):
        calls.append(args)
        if len(calls) == 1:
            raise RuntimeError("a bug")
        return original(*args, **kwargs)

    monkeypatch.setattr(pipeline, "maps_kept", fails_once)
    compare_all()
    assert states_of(made) == ["failed", "succeeded"]
    assert cases_of(made)[0].failure_code == "internal_error"


def test_a_candidate_that_can_not_be_loaded_fails_all_at_once(comparison: Make, storage: Path) -> None:
    made = comparison(3)
    (storage / made.candidate.file.name).write_bytes(b"not a checkpoint")
    compare_all()
    assert {case.failure_code for case in cases_of(made)} == {"model_unavailable"}
    assert sum(case.attempt for case in cases_of(made)) == 1  # it was not tried for every case
    assert state_of(made) == "finished"


def test_a_former_version_that_can_not_be_loaded_only_leaves_a_time_out(
    comparison: Make, storage: Path, versions: dict[str, ModelVersion]
) -> None:
    made = comparison(1)
    engine._loaded.clear()
    file = storage / versions["2d"].file.name
    file.unlink()
    file.write_bytes(b"not a checkpoint")
    compare_all()
    [case] = cases_of(made)
    assert (case.state, case.answered_ms) == ("succeeded", None)


def test_a_late_result_is_dropped_and_leaves_no_file(comparison: Make, storage: Path) -> None:
    made = comparison(1)
    before = files_below(storage)
    case = claim()
    assert case is not None
    expire(case)
    assert sweep() == Swept(requeued=1, hinted=True)
    pipeline.run(case)  # the worker that everybody thought was dead
    assert states_of(made) == ["queued"]
    assert files_below(storage) == before
    assert cases_of(made)[0].late_results == 1
    compare_all()
    [done] = cases_of(made)
    assert (done.state, done.attempt) == ("succeeded", 2)


def test_the_second_attempt_removes_what_the_first_one_wrote(comparison: Make, storage: Path) -> None:
    comparison(1)
    case = claim()
    assert case is not None
    left = map_store(case.pk, 1, "benign", np.zeros((4, 4), np.uint8))
    expire(case)
    sweep()
    compare_all()
    assert left not in files_below(storage)
    assert f"maps/{case.pk}/2/" in " ".join(files_below(storage))


def test_a_case_whose_worker_dies_twice_is_given_up(comparison: Make) -> None:
    made = comparison(2)
    for _ in range(2):
        case = claim()
        assert case is not None
        expire(case)
        sweep()
    assert states_of(made) == ["failed", "queued"]
    assert cases_of(made)[0].failure_code == "worker_lost"
    compare_all()
    assert states_of(made) == ["failed", "succeeded"]
    assert state_of(made) == "finished"


def test_work_of_a_process_that_died_on_this_machine_does_not_wait_for_its_lease(comparison: Make) -> None:
    made = comparison(1)
    case = claim()
    assert case is not None
    assert sweep() == Swept()  # this process lives
    program = "import backend.inference.holders as h; print(h.this_process())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    ComparisonCase.objects.filter(pk=case.pk).update(held_by=done.stdout.strip())
    assert this_process() != done.stdout.strip()
    assert sweep() == Swept(requeued=1, hinted=True)
    assert states_of(made) == ["queued"]


def test_leases_of_long_work_are_renewed(comparison: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison(1)
    case = claim()
    assert case is not None
    calls: list[object] = []
    monkeypatch.setattr(leases, "RENEW_EVERY_S", 0.01)
    monkeypatch.setattr(
        leases, "_renew", lambda attempts, rows, lease, _: calls.append((attempts, rows, lease))
    )
    with leases_renewed({case.pk: 1}, ComparisonCase, LEASE):
        pass
    assert calls == [({case.pk: 1}, ComparisonCase, LEASE)]


def test_the_time_limit_ends_the_case_at_hand_and_hands_over_the_rest(
    comparison: Make, hints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = comparison(2)
    hints.clear()

    def too_long(*args):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(engine, "answers", too_long)
    compare_all()
    assert states_of(made) == ["failed", "queued"]
    assert cases_of(made)[0].failure_code == "timed_out"
    assert hints == ["backend.comparisons.tasks.run_comparisons"]


def test_a_slice_ends_and_the_rest_gets_a_new_hint(
    comparison: Make, hints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = comparison(2)
    hints.clear()
    monkeypatch.setattr(pipeline, "SLICE_S", 0.0)
    compare_all()
    assert states_of(made) == ["queued", "queued"]
    assert len(hints) == 1


def test_a_worker_that_is_to_stop_begins_nothing(
    comparison: Make, hints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = comparison(1)
    hints.clear()
    monkeypatch.setattr(background, "_stop", bytearray(b"\x01"))
    compare_all()
    assert states_of(made) == ["queued"]
    assert len(hints) == 1


def test_a_check_that_waits_goes_first(comparison: Make, hints: list[str]) -> None:
    made = comparison(1)
    check = VersionCheck.objects.create(version=made.candidate, reason="again", state=CheckState.WAITING)
    compare_all()
    assert states_of(made) == ["queued"]
    VersionCheck.objects.filter(pk=check.pk).update(state=CheckState.PASSED, finished_at=timezone.now())
    compare_all()
    assert states_of(made) == ["succeeded"]


def test_peoples_own_images_go_first_but_not_for_ever(
    comparison: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = comparison(1)
    waited: list[str] = []
    row = Prediction.objects.get()
    Prediction.objects.create(analysis=Analysis.objects.get(), image=_another_image(row), state="queued")

    def sleep(seconds: float) -> None:
        waited.append(states_of(made)[0])
        if len(waited) == 3:
            Prediction.objects.filter(state="queued").delete()

    monkeypatch.setattr(pipeline, "sleep", sleep)
    compare_all()
    assert waited == ["queued"] * 3
    assert states_of(made) == ["succeeded"]
    Prediction.objects.create(analysis=Analysis.objects.get(), image=_another_image(row), state="queued")
    monkeypatch.setattr(pipeline, "PATIENCE_S", 0.0)
    pipeline.live_work_wait()  # comes back although somebody waits


def _another_image(row: Prediction) -> UltrasoundImage:
    image = UltrasoundImage.objects.filter(modality="cdfi").first()
    return image or UltrasoundImage.objects.create(
        case=row.image.case,
        modality="cdfi",
        file="x",
        sha256="0" * 64,
        width=1,
        height=1,
        source_format="png",
    )


def test_cancelling_keeps_what_is_done_and_drops_the_case_at_hand(comparison: Make, storage: Path) -> None:
    made = comparison(3)
    done = claim()
    assert done is not None
    pipeline.run(done)
    before = files_below(storage)
    at_hand = claim()
    assert at_hand is not None
    comparison_cancel(comparison_id=made.pk)
    pipeline.run(at_hand)
    compare_all()
    assert states_of(made) == ["succeeded", "cancelled", "cancelled"]
    assert state_of(made) == "cancelled"
    assert files_below(storage) == before


def test_deleting_an_analysis_deletes_its_row_and_files_here(
    comparison: Make, storage: Path, django_capture_on_commit_callbacks
) -> None:
    made = comparison(2)
    compare_all()
    gone, stays = cases_of(made)
    with django_capture_on_commit_callbacks(execute=True):
        analysis_delete(analysis=Analysis.objects.get(predictions=gone.prediction))
    assert [case.pk for case in cases_of(made)] == [stays.pk]
    assert not (storage / f"maps/{gone.pk}").exists()
    assert (storage / f"maps/{stays.pk}").exists()


def test_a_case_that_is_deleted_while_it_runs_leaves_nothing(
    comparison: Make, storage: Path, django_capture_on_commit_callbacks
) -> None:
    made = comparison(1)
    case = claim()
    assert case is not None
    with django_capture_on_commit_callbacks(execute=True):
        analysis_delete(analysis=Analysis.objects.get())
    pipeline.complete(
        pipeline.Job(case, Image.new("RGB", (96, 72))),
        engine.answers(made.candidate, [Image.new("RGB", (96, 72))])[0],
    )
    assert not files_below(storage)
    assert state_of(made) == "running"
    assert sweep().ended == 1
    assert state_of(made) == "finished"


def test_a_lost_hint_is_sent_again(comparison: Make, hints: list[str]) -> None:
    made = comparison(1)
    hints.clear()
    assert sweep() == Swept()
    Comparison.objects.filter(pk=made.pk).update(dispatched_at=from_now(-HINT_LOST_AFTER))
    assert sweep() == Swept(hinted=True)
    assert sweep() == Swept()  # told just now
    assert len(hints) == 1


def test_no_hint_is_sent_while_a_worker_works(comparison: Make, hints: list[str]) -> None:
    made = comparison(2)
    claim()
    hints.clear()
    Comparison.objects.filter(pk=made.pk).update(dispatched_at=from_now(-HINT_LOST_AFTER))
    assert sweep() == Swept()
    assert hints == []


def test_only_the_last_answers_are_taken(comparison: Make, clinician) -> None:
    answer_some(clinician, 2, first=50)
    made = comparison(2, last=3)
    newest = Prediction.objects.order_by("-created_at")[:3]
    assert [case.prediction_id for case in cases_of(made)] == [row.pk for row in newest]
