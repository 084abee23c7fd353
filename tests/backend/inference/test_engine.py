"""Models stay loaded by version, up to a number."""

from collections import OrderedDict

import pytest

from backend.inference import engine, worker
from backend.registry.models import ModelVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_loaded", OrderedDict())


def test_a_version_is_loaded_once(versions: dict[str, ModelVersion]) -> None:
    assert engine.loaded(versions["2d"]) is engine.loaded(versions["2d"])


def test_the_version_used_longest_ago_goes_first(versions: dict[str, ModelVersion], settings) -> None:
    settings.ENGINE_VERSIONS = 2
    engine.loaded(versions["2d"])
    engine.loaded(versions["cdfi"])
    engine.loaded(versions["2d"])
    engine.loaded(versions["elastography"])
    assert list(engine._loaded) == [versions["2d"].pk, versions["elastography"].pk]


def test_active_versions_are_loaded_ahead_of_time(versions: dict[str, ModelVersion]) -> None:
    worker.preload()
    assert set(engine._loaded) == {version.pk for version in versions.values()}


def test_a_version_whose_file_is_gone_does_not_stop_the_worker(versions: dict[str, ModelVersion]) -> None:
    versions["2d"].file.storage.delete(versions["2d"].file.name)
    worker.preload()
    with pytest.raises(engine.ModelUnavailable):
        engine.loaded(versions["2d"])


def test_other_weights_than_imported_are_not_used(versions: dict[str, ModelVersion]) -> None:
    versions["2d"].tensor_sha256 = "0" * 64
    with pytest.raises(engine.ModelUnavailable):
        engine.loaded(versions["2d"])
