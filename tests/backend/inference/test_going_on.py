"""One task goes on with what waits, so that behind a long queue an image needs no hint of its own."""

import uuid
from collections.abc import Callable

import pytest
from django.db import DatabaseError

from backend.accounts.ownership import Owner
from backend.inference import claimed, dispatch, engine, pipeline
from backend.inference.dispatch import HINTED
from backend.inference.models import Prediction
from backend.inference.services import AnalysisRequest, analysis_request
from backend.registry.models import ModelVersion
from backend.studies.uploads import Refusals, UploadedImage
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db
Queue = Callable[..., list[Prediction]]


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The predictions that were hinted at."""
    sent: list[str] = []
    monkeypatch.setattr(dispatch, "hint_send", lambda _, hint: sent.append(hint) or True)
    return sent


@pytest.fixture
def queued(
    versions: dict[str, ModelVersion], hints: list[str], django_capture_on_commit_callbacks: Callable
) -> Queue:
    """Sends images of the given modalities, one an analysis; what is hinted at when they are committed."""

    def queue(*modalities: str) -> list[Prediction]:
        with django_capture_on_commit_callbacks(execute=True):
            return [_queue(modality, seed) for seed, modality in enumerate(modalities)]

    return queue


def _queue(modality: str, seed: int) -> Prediction:
    image = UploadedImage(modality, upload(png(seed, 64, 48)).file)
    request = AnalysisRequest(label="", uploads=[image], refusals=Refusals())
    made = analysis_request(owner=Owner(anonymous_id=uuid.uuid4()), request=request)[0]
    return Prediction.objects.get(analysis=made)


def states() -> list[str]:
    return list(Prediction.objects.order_by("created_at").values_list("state", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pace", [None, 0.01])
def test_one_task_answers_all_that_waits(queued: Queue, hints: list[str], monkeypatch, pace) -> None:
    """Of any modality, each by the version of its own; whether or not several are claimed at once."""
    rows = queued("2d", "2d", "2d", "2d", "2d", "cdfi", "elastography", "cdfi", "2d")
    hints.clear()
    monkeypatch.setattr(engine, "seconds_an_image", lambda: pace)
    pipeline.work(str(rows[0].pk))
    assert states() == ["succeeded"] * len(rows)
    answered = Prediction.objects.select_related("image", "model_version")
    assert all(row.model_version.modality == row.image.modality for row in answered)
    assert (hints, set(answered.values_list("starts", "attempt"))) == ([], {(1, 1)})


def test_a_task_that_has_gone_on_for_long_hints_at_what_waits(queued: Queue, hints, monkeypatch) -> None:
    rows = queued("2d", "cdfi", "2d")
    hints.clear()
    monkeypatch.setattr(claimed, "GO_ON_S", 0.0)
    pipeline.work(str(rows[0].pk))
    assert (states(), hints) == (["succeeded", "queued", "queued"], [str(rows[1].pk)])


def test_what_has_ended_is_held_no_more(queued: Queue, monkeypatch) -> None:
    """The condition of a lease names each image: it must not grow with all that a task answers."""
    rows = queued("2d", "cdfi", "2d", "elastography", "2d")
    monkeypatch.setattr(engine, "seconds_an_image", lambda: None)
    held: list[int] = []
    original = pipeline.run
    monkeypatch.setattr(pipeline, "run", lambda now: held.append(len(now.attempts)) or original(now))
    pipeline.work(str(rows[0].pk))
    assert states() == ["succeeded"] * len(rows)
    assert held == [1, 2, 2, 2, 2]


def test_the_hard_limit_leaves_time_for_the_last_image(settings) -> None:
    settings.HARD_TIME_LIMIT_S = 4
    assert claimed.GO_ON_SHARE * settings.HARD_TIME_LIMIT_S < claimed.GO_ON_S
    short = claimed.Claimed([])
    settings.HARD_TIME_LIMIT_S = 4000
    assert claimed.Claimed([])._until - short._until > claimed.GO_ON_S - 1


def test_what_was_begun_before_is_not_taken_along(queued: Queue, hints: list[str]) -> None:
    """A poison image must hurt no neighbour: it waits for a hint of its own."""
    begun, fresh, other = queued("2d", "2d", "cdfi")
    Prediction.objects.filter(pk=begun.pk).update(starts=1, attempt=1)
    hints.clear()
    pipeline.work(str(fresh.pk))
    assert (states(), hints) == (["queued", "succeeded", "succeeded"], [])
    assert other.pk == Prediction.objects.get(image__modality="cdfi").pk


def test_a_database_that_is_away_ends_the_going_on_alone(queued: Queue, hints, monkeypatch) -> None:
    rows = queued("2d", "cdfi")

    def away() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(claimed, "next_waiting", away)
    pipeline.work(str(rows[0].pk))
    assert states() == ["succeeded", "queued"]


def test_behind_a_long_queue_no_hint_is_sent(queued: Queue, hints: list[str]) -> None:
    queued(*["2d"] * HINTED)
    assert len(hints) == HINTED
    queued("2d", "cdfi")
    assert len(hints) == HINTED


def test_where_the_queue_went_while_an_image_was_stored_its_hint_is_sent(queued: Queue, hints) -> None:
    """It was long when the request came: a worker may have looked for the last time since."""
    queued(*["2d"] * HINTED)
    hints.clear()
    row = _queue("2d", 99)
    Prediction.objects.exclude(pk=row.pk).delete()
    dispatch._dispatch_unless_long([str(row.pk)], HINTED)
    assert hints == [str(row.pk)]
