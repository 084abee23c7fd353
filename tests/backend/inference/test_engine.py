"""Models stay loaded by version, up to a number."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.inference import engine, worker
from backend.registry.models import ModelVersion
from ml.colormap import map_to_uint8
from ml.predict import ClassMaps
from tests.pictures import picture

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


def test_the_map_of_a_large_image_is_the_exact_one_but_for_rounding(
    versions: dict[str, ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    [result] = engine.answers(versions["2d"], [picture(1, 700, 500)])
    name = next(name for name, grid in result.maps.grids.items() if grid.any())
    exact = engine.map_levels(result, name, (700, 500))
    assert np.array_equal(exact, map_to_uint8(result.maps[name]))
    monkeypatch.setattr(engine, "EXACT_PIXELS", 50_000)
    bounded = engine.map_levels(result, name, (700, 500))
    assert bounded.shape == (500, 700)
    assert np.abs(bounded.astype(int) - exact).max() <= 3
    empty = replace(result, maps=ClassMaps(["benign"], np.zeros((1, 2, 2), np.float32), (9, 9)))
    assert engine.map_levels(empty, "benign", (9, 9)) is None


def test_other_weights_than_imported_are_not_used(versions: dict[str, ModelVersion]) -> None:
    versions["2d"].tensor_sha256 = "0" * 64
    with pytest.raises(engine.ModelUnavailable):
        engine.loaded(versions["2d"])


@pytest.fixture
def converting(settings, tmp_path: Path) -> Iterator[None]:
    """A worker whose site wants OpenVINO, with nothing converted yet."""
    settings.ENGINE, settings.DATA_DIR = "openvino", tmp_path
    for cached in (engine.device, engine.wishes, engine.preparer):
        cached.cache_clear()
    yield
    engine.preparer().wait()
    for cached in (engine.device, engine.wishes, engine.preparer):
        cached.cache_clear()


@pytest.mark.timeout(900)  # the conversion has the lowest priority: beside other work it takes its time
def test_torch_answers_until_the_model_is_converted(
    versions: dict[str, ModelVersion], converting: None, tmp_path: Path
) -> None:
    image = picture(1, 70, 50)
    [first] = engine.answers(versions["2d"], [image])
    assert first.engine.as_json() == {"name": "torch", "mode": "exact"}
    engine.preparer().wait()
    [second] = engine.answers(versions["2d"], [image])
    assert second.engine.as_json() == {"name": "openvino", "mode": "exact"}
    np.testing.assert_allclose(second.logits, first.logits, atol=1e-4)
    kept = engine.loaded(versions["2d"])
    assert engine.loaded(versions["2d"]) is kept  # and not loaded a third time
    assert list((tmp_path / "engines").glob("*-exact-*"))
