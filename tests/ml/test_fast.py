"""Fast mode: allowed by figures alone, judged by the server, never where a machine finds otherwise."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ml.checkpoint import load_checkpoint, rewrite_manifest, save_checkpoint
from ml.engines.base import Mode
from ml.engines.choose import CPU, Wishes, lacking, open_model
from ml.engines.prepare import prepare
from ml.engines.store import EngineStore
from ml.fast.images import (
    CALIBRATION,
    MEASURED,
    MOST_BYTES,
    LabelledImages,
    calibration_files,
    fresh_phantoms,
)
from ml.fast.measure import Answers, compare, difference_errors, fit_margin, measure
from ml.fast.prove import add_proof, with_record
from ml.fast.record import KEY, Figures, read_fast, record_as_json, shortfalls
from ml.golden_make import with_golden
from ml.manifest import ManifestError, read_manifest, verify_tensors
from ml.model import build_model
from ml.phantoms.many import PhantomSeeds
from ml.predict import predict, predict_batch
from ml.taxonomy import CLASS_NAMES, Modality

GOOD = Figures(
    images=510,
    class_agreement=1.0,
    auc_loss=0.0,
    map_correlation_median=0.99,
    map_correlation_p5=0.95,
    recomputed_share=0.03,
)


# --- figures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "miss",
    [
        {"images": 499},
        {"class_agreement": 0.9949},
        {"auc_loss": 0.0031},
        {"map_correlation_median": 0.969},
        {"map_correlation_p5": 0.899},
        {"recomputed_share": 0.051},
    ],
)
def test_each_goal_counts(miss) -> None:
    assert shortfalls(GOOD) == []
    assert len(shortfalls(replace(GOOD, **miss))) == 1


def answers(count: int, error: float, seed: int = 0) -> tuple[Answers, Answers, np.ndarray]:
    """Exact answers, and the same with errors of a known size; the labels are the exact classes."""
    rng = np.random.default_rng(seed)
    logits, maps = rng.normal(0, 2, (count, 3)), rng.random((count, 3, 5, 5), dtype=np.float32)
    fast = Answers(logits + rng.normal(0, error, logits.shape), maps + rng.normal(0, 0.01, maps.shape))
    return Answers(logits, maps), fast, logits.argmax(1)


def test_the_cascade_mends_what_rounding_flips() -> None:
    exact, fast, labels = answers(2000, 0.05)
    alone = (exact.logits.argmax(1) == fast.logits.argmax(1)).mean()
    margin, figures = measure(exact, fast, labels)
    assert alone < 0.99
    assert figures.class_agreement >= 0.999
    assert 0 < figures.recomputed_share < 0.1
    assert 0.1 < margin < 0.25  # two to four standard deviations of a difference of errors
    assert figures.map_correlation_median > 0.99


def test_a_margin_is_judged_by_images_that_did_not_choose_it() -> None:
    exact, fast, labels = answers(400, 0.05)
    spoilt = fast.logits.copy()
    spoilt[::2] += np.random.default_rng(1).normal(0, 1.0, spoilt[::2].shape)  # one half is much worse
    margin, figures = measure(exact, Answers(spoilt, fast.maps), labels)
    assert margin == fit_margin(exact.logits[::2], spoilt[::2])  # the larger of both
    assert figures.class_agreement < 0.99  # the bad half, judged by the good half's margin, is not hidden


def test_maps_that_only_one_engine_sees_count_as_unlike() -> None:
    exact, fast, _ = answers(10, 0.0)
    fast.maps[:, 0] = 0
    found = compare(exact, fast)
    assert found["map_correlation_p5"] == 0
    assert compare(exact, exact)["map_correlation_p5"] == pytest.approx(1)


# --- what a checkpoint carries ------------------------------------------------------------------------


def test_calibration_and_measured_phantoms_are_never_the_same() -> None:
    def seeds(chosen: PhantomSeeds) -> set[int]:
        return set(range(chosen.first, chosen.first + chosen.count))

    assert not seeds(CALIBRATION) & seeds(MEASURED)
    assert MEASURED.count >= 500


@pytest.mark.parametrize("modality", list(Modality))
def test_calibration_files_are_small_synthetic_pictures(modality) -> None:
    files = calibration_files(modality, 384)
    assert len(files) >= 24
    assert sum(map(len, files)) <= MOST_BYTES
    assert {Image.open(io.BytesIO(data)).size for data in files[:3]} == {(160, 160)}


def test_fresh_phantoms_have_their_labels_and_words() -> None:
    seeds = PhantomSeeds(MEASURED.first, 2)
    images = fresh_phantoms(Modality.CDFI, 64, seeds=seeds)
    assert images.pixels.shape == (6, 64, 64, 3)
    assert images.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert "6 phantoms" in images.source


@pytest.mark.parametrize(
    "harm",
    [
        {"format": 2},
        {"synthetic": False},
        {"margin": float("nan")},
        {"margin": -0.1},
        {"margin": "wide"},
        {"calibration": []},
        {"calibration": ["?"]},
        {"calibration": ["AAAA"]},
        {"calibration": "AAAA"},
        {"figures": {}},
        {"figures": {**GOOD.__dict__, "auc_loss": float("inf")}},
        {"source": None, "figures": None},
    ],
)
def test_a_record_that_is_not_one_is_refused(harm, make_manifest, picture_file) -> None:
    sound = record_as_json(GOOD, 0.1, "none", [picture_file(1)], {})
    assert read_fast(make_manifest(extras={KEY: sound})).allowed
    with pytest.raises(ManifestError) as refused:
        read_fast(make_manifest(extras={KEY: sound | harm}))
    assert refused.value.code == "fast_invalid"


def test_what_the_file_says_about_itself_decides_nothing(make_manifest, picture_file) -> None:
    poor = record_as_json(replace(GOOD, class_agreement=0.5), 0.1, "none", [picture_file(1)], {})
    assert not read_fast(make_manifest(extras={KEY: poor | {"allowed": True, "shortfalls": []}})).allowed
    assert read_fast(make_manifest()) is None


# --- the whole way ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def picture_file():
    """A PNG file of a smooth random picture by seed."""

    def make(seed: int) -> bytes:
        noise = np.random.default_rng(seed).integers(0, 256, (7, 7, 3), dtype=np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(noise).resize((64, 64), Image.Resampling.BICUBIC).save(buffer, "PNG")
        return buffer.getvalue()

    return make


@pytest.fixture(scope="module")
def images() -> LabelledImages:
    return fresh_phantoms(Modality.B_MODE, 64, seeds=PhantomSeeds(MEASURED.first, 8))


@pytest.fixture(scope="module")
def proven(tmp_path_factory, make_manifest, images) -> Path:
    """A ResNet18 with the record of a real measurement of fast mode. All evidence in its head is positive, so
    that its maps are as steady as those of a trained network."""
    torch.manual_seed(11)
    model = build_model("resnet18", 3, 64)
    with torch.no_grad():
        model.tail.head.hidden.weight.abs_()
        model.tail.head.logits.weight.abs_().pow_(3).mul_(1e4)
    path = tmp_path_factory.mktemp("fast") / "proven.safetensors"
    save_checkpoint(path, model, with_golden(make_manifest(), model, "float32"))
    add_proof(path, images, pictures=lambda *how: calibration_files(*how)[:12])
    return path


@pytest.fixture
def allowed(proven, tmp_path) -> Path:
    """The same, as if it had been measured on enough images."""
    path = tmp_path / "allowed.safetensors"
    path.write_bytes(proven.read_bytes())
    manifest = read_manifest(path)
    record = manifest.extras[KEY]
    rewrite_manifest(path, with_record(manifest, record | {"figures": GOOD.__dict__}))
    return path


def test_the_record_lies_in_the_file_and_the_weights_are_untouched(proven) -> None:
    manifest = read_manifest(proven)
    assert verify_tensors(proven) == manifest.tensor_sha256
    record = read_fast(manifest)
    assert record.figures.images == 24
    assert not record.allowed  # too few images, whatever they say
    assert any("24 images" in sentence for sentence in manifest.extras[KEY]["shortfalls"])
    assert record.figures.map_correlation_median > 0.97
    assert len(record.pictures) == 12
    assert manifest.extras["golden"]


def test_a_version_that_proved_nothing_runs_exact(proven, tmp_path) -> None:
    wishes = Wishes(store=tmp_path / "engines", mode="fast")
    prepare(proven, EngineStore(wishes.store), fast=True)
    assert lacking(proven, CPU, wishes) == set()
    assert open_model(proven, CPU, wishes).with_engines().fast is None


def test_fast_answers_agree_and_close_calls_are_exact(allowed, tmp_path, images) -> None:
    wishes = Wishes(store=tmp_path / "engines")
    assert len(lacking(allowed, CPU, wishes)) == 2
    prepare(allowed, EngineStore(wishes.store), fast=True)
    assert lacking(allowed, CPU, wishes) == set()
    loaded = open_model(allowed, CPU, wishes)
    engines = loaded.with_engines()
    assert engines.fast is not None
    assert engines.margin == read_fast(loaded.manifest).margin > 0

    pictures = [Image.fromarray(pixels) for pixels in images.pixels]
    exact = predict_batch(pictures, load_checkpoint(allowed))
    together = predict_batch(pictures, loaded)
    assert Mode.FAST in {result.engine.mode for result in together}
    for picture, given, expected in zip(pictures, together, exact, strict=True):
        alone = predict(picture, loaded)
        assert alone.engine == given.engine  # company does not change who answers
        gap = sorted(given.logits)[-1] - sorted(given.logits)[-2]
        assert given.engine.name == "openvino"
        assert (given.engine.mode == Mode.EXACT) or gap > engines.margin
        assert np.argmax(given.logits) == np.argmax(expected.logits)
        off = difference_errors(np.array([expected.logits]), np.array([given.logits]))[0]
        assert off < (1e-2 if given.engine.mode == Mode.EXACT else engines.margin * 3)  # of hundreds
        assert tuple(given.maps) == CLASS_NAMES


def test_a_site_may_keep_everything_exact(allowed, tmp_path) -> None:
    wishes = Wishes(store=tmp_path / "engines", mode="exact")
    prepare(allowed, EngineStore(wishes.store), fast=True)
    assert open_model(allowed, CPU, wishes).with_engines().fast is None


def test_a_machine_that_finds_larger_errors_than_the_export_runs_exact(allowed, tmp_path) -> None:
    manifest = read_manifest(allowed)
    record = manifest.extras[KEY] | {"margin": 0.0}  # claims that int8 is never off
    rewrite_manifest(allowed, with_record(manifest, record))
    wishes = Wishes(store=tmp_path / "engines")
    prepare(allowed, EngineStore(wishes.store), fast=True)
    loaded = open_model(allowed, CPU, wishes)
    assert loaded.with_engines().fast is None
    assert loaded.with_engines().exact.used.name == "openvino"


def test_a_broken_record_leaves_the_exact_mode(proven, tmp_path, caplog) -> None:
    path = tmp_path / "broken.safetensors"
    path.write_bytes(proven.read_bytes())
    manifest = read_manifest(path)
    rewrite_manifest(path, with_record(manifest, manifest.extras[KEY] | {"margin": "wide"}))
    assert open_model(path, CPU, Wishes(store=tmp_path / "engines")).with_engines().fast is None
    assert "fast mode is not used" in caplog.text
