"""A version is switched while images wait and models are loaded."""

import uuid
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.accounts.ownership import Owner
from backend.inference import engine, pipeline
from backend.inference.claimed import Claimed
from backend.inference.claims import claim
from backend.inference.memory import memory_return
from backend.inference.models import Analysis, Prediction
from backend.inference.services import AnalysisRequest, analysis_request
from backend.registry.models import ModelVersion, VersionEvent
from backend.registry.services import model_version_activate
from backend.studies.uploads import Refusals, UploadedImage
from tests.factories import version_of
from tests.pictures import png, upload
from tests.tiny_models import tiny_checkpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(versions: dict[str, ModelVersion]) -> Callable[..., Prediction]:
    """A prediction that waits."""

    def make(modality: str = "2d", seed: int = 1) -> Prediction:
        uploads = [UploadedImage(modality, upload(png(seed)).file)]
        request = AnalysisRequest(label="", uploads=uploads, refusals=Refusals())
        analysis: Analysis = analysis_request(owner=Owner(anonymous_id=uuid.uuid4()), request=request)[0]
        return Prediction.objects.get(analysis=analysis)

    return make


@pytest.fixture(scope="module")
def other_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("other"), "2d", seed=77)


@pytest.fixture
def other(versions: dict[str, ModelVersion], other_checkpoint: Path) -> ModelVersion:
    """A second version for 2D, checked."""
    return version_of(other_checkpoint)


def test_what_was_queued_before_a_switch_is_answered_after_it_by_the_new_version(
    queued: Callable[..., Prediction], other: ModelVersion
) -> None:
    row = queued()
    assert row.model_version_id != other.pk
    model_version_activate(version=other, actor=None, reason="better")
    pipeline.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.model_version_id) == ("succeeded", other.pk)
    assert VersionEvent.objects.get(version=other, action="activated").created_at < row.started_at


def test_what_was_claimed_before_a_switch_keeps_its_version(
    queued: Callable[..., Prediction], versions: dict[str, ModelVersion], other: ModelVersion
) -> None:
    [row] = claim(queued().pk, batch=1)
    model_version_activate(version=other, actor=None, reason="better")
    pipeline.run(Claimed([row]))
    row.refresh_from_db()
    assert (row.state, row.model_version_id) == ("succeeded", versions["2d"].pk)


def test_neighbours_from_before_and_after_a_switch_share_a_batch(
    queued: Callable[..., Prediction], other: ModelVersion
) -> None:
    before, stranger = queued(seed=1), queued("cdfi")
    model_version_activate(version=other, actor=None, reason="better")
    after = queued(seed=2)
    claimed = claim(after.pk, batch=5)
    assert [row.pk for row in claimed] == [after.pk, before.pk]
    assert {row.model_version_id for row in claimed} == {other.pk}
    stranger.refresh_from_db()
    assert stranger.state == "queued"


def test_a_second_attempt_gets_the_version_of_its_own_claim(
    queued: Callable[..., Prediction], other: ModelVersion
) -> None:
    row = queued()
    claim(row.pk, batch=1)
    Prediction.objects.filter(pk=row.pk).update(state="queued", lease_expires_at=None)
    model_version_activate(version=other, actor=None, reason="better")
    [again] = claim(row.pk, batch=1)
    assert (again.attempt, again.model_version_id) == (2, other.pk)


def test_the_superseded_version_is_let_go_and_others_stay(
    queued: Callable[..., Prediction],
    versions: dict[str, ModelVersion],
    other: ModelVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "_loaded", OrderedDict())
    engine.loaded(versions["2d"])
    engine.loaded(versions["cdfi"])
    model_version_activate(version=other, actor=None, reason="better")
    pipeline.work(str(queued().pk))
    assert set(engine._loaded) == {versions["cdfi"].pk, other.pk}


def test_giving_memory_back_works_on_any_system(monkeypatch: pytest.MonkeyPatch) -> None:
    memory_return()
    monkeypatch.setattr("backend.inference.memory._malloc_trim", lambda: None)
    memory_return()
