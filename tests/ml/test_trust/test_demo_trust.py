"""A real model with its trust: what the demo build fits, as the server reads it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml.__main__ import main
from ml.checkpoint import LoadedModel, load_checkpoint
from ml.demo.files import checkpoint_path
from ml.demo.phantom_seeds import calibration_seeds, held_out_seeds, training_seeds
from ml.demo.recipe import read_recipe
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.predict import predict, predict_batch
from ml.taxonomy import CLASS_NAMES, MODALITIES
from ml.trust.p_values import calibrated

FRESH = PhantomSeeds(2_100_000_000, 34)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    assert main(["demo", "--tiny", "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module", params=list(MODALITIES))
def loaded(request: pytest.FixtureRequest, tiny: Path) -> LoadedModel:
    return load_checkpoint(checkpoint_path(tiny, request.param))


@pytest.fixture(scope="module")
def fresh(loaded: LoadedModel) -> list[Image.Image]:
    modality = loaded.manifest.modality
    cases = render_cases(FRESH, read_recipe(tiny=True).phantom_size, modalities=[modality])
    return [case[modality].image for case in cases]


def strangers() -> dict[str, Image.Image]:
    rng = np.random.default_rng(0)
    gradient = np.linspace(0, 255, 96, dtype=np.uint8)[:, None].repeat(128, axis=1)
    return {
        "white": Image.new("RGB", (128, 96), "white"),
        "grey": Image.new("RGB", (128, 96), (128, 128, 128)),
        "noise": Image.fromarray(rng.integers(0, 256, (96, 128, 3), dtype=np.uint8)),
        "gradient": Image.fromarray(gradient).convert("RGB"),
        "stripes": Image.fromarray((np.indices((96, 128))[1] // 8 % 2 * 255).astype(np.uint8)).convert("RGB"),
    }


def test_the_file_says_what_it_was_calibrated_on(loaded: LoadedModel) -> None:
    calibration, likeness = loaded.trust.calibration, loaded.trust.likeness
    assert calibration is not None
    assert likeness is not None
    assert calibration.synthetic
    assert likeness.synthetic
    assert "phantoms" in calibration.source
    assert calibration.images == likeness.held_out_images == 75 * 3
    assert likeness.images == 25 * 3


def test_strangers_are_unlike_and_fresh_phantoms_are_not(
    loaded: LoadedModel, fresh: list[Image.Image]
) -> None:
    likes = [result.unlikeness for result in predict_batch(fresh, loaded)]
    assert all(value is not None and np.isfinite(value) for value in likes)
    assert np.mean([value > 1 for value in likes]) <= 0.06  # of 102, where 1 % is meant
    for name, image in strangers().items():
        assert predict(image, loaded).unlikeness > 1, name


def test_a_batch_has_the_trust_of_each_alone(loaded: LoadedModel, fresh: list[Image.Image]) -> None:
    images = [*fresh[:3], *strangers().values()]
    for image, together in zip(images, predict_batch(images, loaded), strict=True):
        alone = predict(image, loaded)
        assert together.calibrated
        assert together.unlikeness == pytest.approx(alone.unlikeness, rel=1e-3)
        assert together.p_values == pytest.approx(alone.p_values, abs=0.02)
        assert together.probabilities == pytest.approx(alone.probabilities, abs=1e-4)


def test_probabilities_are_tempered_and_logits_are_not(loaded: LoadedModel, fresh: list[Image.Image]) -> None:
    calibration = loaded.trust.calibration
    assert calibration is not None
    for result in predict_batch(fresh[:6], loaded):
        shares = calibrated(result.logits, calibration)
        assert list(result.probabilities.values()) == pytest.approx(shares.tolist())
        assert int(np.argmax(result.logits)) == int(np.argmax(shares))
        assert set(result.p_values or {}) == set(CLASS_NAMES)
        assert result.raw_probabilities != result.probabilities


def test_no_phantom_is_calibrated_on_and_used_otherwise() -> None:
    seeds: Callable[[Callable[[int, int], PhantomSeeds]], list[range]] = lambda of: [  # noqa: E731
        range(one.first, one.first + one.count) for one in (of(seed, 2000) for seed in range(0, 4000, 199))
    ]
    others = [*seeds(training_seeds), *seeds(held_out_seeds)]
    assert max(span.stop for span in others) <= min(span.start for span in seeds(calibration_seeds))
