"""The demo versions: they learn, keep what they measured, say what they are, and are made once and whole."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from ml.__main__ import main
from ml.audit.record import Verdict, read_audit
from ml.checkpoint import load_checkpoint, save_checkpoint
from ml.demo.build import train_all, work_seconds, write_checkpoint
from ml.demo.checks import GOAL_AUC, GOAL_ENERGY_RATIO, map_energy, measure
from ml.demo.files import checkpoint_path, fingerprint, missing_checkpoints
from ml.demo.network import SharedNetwork, block_count, grow, round_to_half, set_statistics
from ml.demo.phantom_arrays import phantom_arrays
from ml.demo.phantom_seeds import held_out_seeds, training_seeds
from ml.demo.recipe import DemoRecipe, read_recipe
from ml.demo.training import outside_share, train
from ml.golden import read_golden
from ml.gradcam import class_maps
from ml.manifest import read_manifest
from ml.metrics import auc_ovr
from ml.model import SplitClassifier
from ml.phantoms.many import CASES_WORTH_PROCESSES, PhantomSeeds, render_cases
from ml.predict import predict
from ml.taxonomy import CLASS_NAMES, MODALITIES, Modality

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def recipe() -> DemoRecipe:
    return read_recipe(tiny=True)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the three tiny checkpoints, made by the command."""
    folder = tmp_path_factory.mktemp("tiny")
    assert main(["demo", "--tiny", "--out", str(folder)]) == 0
    return folder


def shallow(architecture: str, seed: int = 0) -> SplitClassifier:
    """A shallow classifier of random weights whose residual branches are not zero."""
    torch.manual_seed(seed)
    network = SharedNetwork(architecture)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.3, 0.3)
    classifier = network.classifier(Modality.CDFI)
    set_statistics(classifier, torch.randn(24, 3, 64, 64))
    return classifier


def test_tiny_versions_learned_something(tiny: Path, recipe: DemoRecipe) -> None:
    """Mean AUC over the modalities, 60 fresh phantoms each: chance is 0.5 with a deviation of about 0.025."""
    areas = [
        read_manifest(checkpoint_path(tiny, modality)).metrics["held_out_phantoms"]["auc_ovr"]
        for modality in MODALITIES
    ]
    assert np.mean(areas) > 0.62
    untrained = replace(recipe, phases=())
    guesses = [trained.metrics["held_out_phantoms"]["auc_ovr"] for trained in train_all(untrained).values()]
    assert np.mean(areas) > np.mean(guesses) + 0.05


def test_the_stored_version_gives_the_metrics_in_its_manifest(tiny: Path, recipe: DemoRecipe) -> None:
    seeds = held_out_seeds(recipe.seed, recipe.held_out_per_class)
    fresh = phantom_arrays(seeds, recipe.phantom_size, recipe.input_size)
    for modality in MODALITIES:
        loaded = load_checkpoint(checkpoint_path(tiny, modality))
        assert loaded.manifest.storage_dtype == "float16"
        again = measure(loaded.model, fresh[modality])
        stored = loaded.manifest.metrics
        assert again["images"] == stored["images"] == seeds.count
        assert again["true_class_map"] == pytest.approx(stored["true_class_map"], abs=1e-3)
        assert again["auc_per_class"] == pytest.approx(stored["auc_per_class"], abs=1e-6)


def test_the_manifest_says_what_the_version_is(tiny: Path, recipe: DemoRecipe) -> None:
    for modality in MODALITIES:
        manifest = read_manifest(checkpoint_path(tiny, modality))
        assert manifest.synthetic
        assert (manifest.architecture, manifest.modality, manifest.input_size) == ("resnet18", modality, 64)
        assert manifest.dataset_fingerprint == fingerprint(recipe)
        words = " ".join(manifest.limits)
        assert "SYNTHETIC" in words
        assert "A ResNet18 in shape and cost that works as a shallow one" in words
        assert "4 of its 8 blocks were trained, the other 4" in words
        assert "Calibrated on phantoms" in words
        assert manifest.extras["growth"]["largest_logit_difference"] < 1e-4
        assert manifest.config == recipe.as_config()


def test_what_exists_is_left_alone_and_what_is_broken_is_made_again(
    tiny: Path, recipe: DemoRecipe, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in tiny.iterdir()}
    assert main(["demo", "--tiny", "--out", str(tiny)]) == 0
    assert "up to date" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in tiny.iterdir()} == before
    assert missing_checkpoints(tiny, recipe) == []
    assert missing_checkpoints(tiny, recipe.with_seed(8)) == list(MODALITIES)
    assert missing_checkpoints(tiny, read_recipe()) == list(MODALITIES)


def test_a_broken_or_missing_file_counts_as_missing(tmp_path: Path, tiny: Path, recipe: DemoRecipe) -> None:
    for modality in (Modality.B_MODE, Modality.CDFI):
        whole = checkpoint_path(tiny, modality).read_bytes()
        checkpoint_path(tmp_path, modality).write_bytes(whole)
    cut = checkpoint_path(tmp_path, Modality.CDFI)
    cut.write_bytes(cut.read_bytes()[:5000])
    assert missing_checkpoints(tmp_path, recipe) == [Modality.CDFI, Modality.ELASTOGRAPHY]


def test_a_file_of_the_former_format_is_made_again(tmp_path: Path, tiny: Path, recipe: DemoRecipe) -> None:
    path = checkpoint_path(tmp_path, Modality.B_MODE)
    current = load_checkpoint(checkpoint_path(tiny, Modality.B_MODE))
    save_checkpoint(path, current.model, current.manifest, "float16")
    assert Modality.B_MODE not in missing_checkpoints(tmp_path, recipe)
    save_checkpoint(path, current.model, replace(current.manifest, format_version=1), "float16")
    assert load_checkpoint(path).manifest.format_version == 1  # readable all the same
    assert Modality.B_MODE in missing_checkpoints(tmp_path, recipe)


def test_the_golden_images_get_their_stored_answers(tiny: Path) -> None:
    for modality in MODALITIES:
        loaded = load_checkpoint(checkpoint_path(tiny, modality))
        for item in read_golden(loaded.manifest).images:
            assert predict(item.image, loaded).logits == pytest.approx(item.logits, abs=1e-4)


def test_the_maps_were_audited(tiny: Path, recipe: DemoRecipe) -> None:
    for modality in MODALITIES:
        audit = read_audit(read_manifest(checkpoint_path(tiny, modality)))
        assert audit is not None
        assert audit.images == recipe.audited_per_class * len(CLASS_NAMES)
        assert (audit.synthetic, audit.caveat) == (True, None)
        assert audit.verdict("randomisation") is Verdict.PASSED
        assert audit.verdict("planted_text") is Verdict.PASSED


def test_the_metrics_have_intervals(tiny: Path) -> None:
    metrics = read_manifest(checkpoint_path(tiny, Modality.CDFI)).metrics
    for name in CLASS_NAMES:
        recall = metrics["intervals"][name]["recall"]
        assert recall["value"] == pytest.approx(metrics["recall"][name])
        assert recall["low"] <= recall["value"] <= recall["high"]


def test_a_start_with_everything_in_place_does_not_wait_for_torch(tiny: Path) -> None:
    words = f"""
import sys
from ml.__main__ import main
assert main(["demo", "--tiny", "--out", {str(tiny)!r}]) == 0
assert "torch" not in sys.modules, "torch was imported only to see that the files are there"
"""
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "up to date" in done.stdout


def interruptible() -> None:
    """A background job of a shell starts with Ctrl-C ignored, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ml", "demo", "--tiny", "--out", str(tmp_path)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,  # noqa: PLW1509
    ) as run:
        assert run.stderr is not None
        seen = ""
        while "gone" not in seen and run.poll() is None:
            seen += run.stderr.read(1)
        time.sleep(1.0)
        run.send_signal(signal.SIGINT)
        words = run.communicate(timeout=60)[1]
    assert run.returncode == 130, seen + words
    assert "Traceback" not in words
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "models").write_text("not a folder")
    assert main(["demo", "--tiny", "--out", str(tmp_path / "models")]) == 2
    assert "is not a folder" in capsys.readouterr().err


def test_the_same_recipe_gives_the_same_weights(recipe: DemoRecipe) -> None:
    short = replace(recipe, cases_per_class=4, phases=(replace(recipe.phases[0], steps=3, batch_size=8),))
    data = phantom_arrays(training_seeds(short.seed, 4), (96, 72), 64)
    one, two = (train(data, short, lambda _: None).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)
    other = train(data, short.with_seed(8), lambda _: None).state_dict()
    assert not torch.equal(one["heads.0.logits.weight"], other["heads.0.logits.weight"])


def test_growing_a_resnet152_changes_no_answer_and_no_map() -> None:
    small = shallow("resnet152")
    images = torch.randn(3, 3, 96, 96)
    full = grow(small)
    assert block_count("resnet152") == 50
    assert sum(weight.numel() for weight in full.parameters()) > 58_000_000
    with torch.inference_mode():
        features, grown_features = small.features(images), full.features(images)
        torch.testing.assert_close(grown_features, features, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(full.tail(grown_features), small.tail(features), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(class_maps(full, grown_features), class_maps(small, features), atol=1e-3)


def test_storing_rounded_weights_as_float16_loses_nothing(tmp_path: Path, tiny: Path) -> None:
    small = shallow("resnet18", seed=3)
    round_to_half(small)
    images = torch.randn(2, 3, 64, 64)
    manifest = replace(read_manifest(checkpoint_path(tiny, Modality.CDFI)), name="rounded")
    full = grow(small)
    save_checkpoint(tmp_path / "rounded.safetensors", full, manifest, dtype="float16")
    loaded = load_checkpoint(tmp_path / "rounded.safetensors")
    with torch.inference_mode():
        torch.testing.assert_close(loaded.model(images), full(images), rtol=0, atol=0)


def test_statistics_are_those_of_the_images_given() -> None:
    classifier = SharedNetwork("resnet18").classifier(Modality.B_MODE)
    images = torch.randn(80, 3, 64, 64) * 3 + 1
    set_statistics(classifier, images, batch=20)
    with torch.inference_mode():
        first = classifier.features[0](images)
    torch.testing.assert_close(
        classifier.features[1].running_mean, first.mean((0, 2, 3)), rtol=1e-2, atol=1e-3
    )
    assert not classifier.training
    assert classifier.features[1].momentum == 0.1


def test_outside_share_counts_energy_off_the_node() -> None:
    features = torch.zeros(1, 2, 2, 2)
    features[0, :, 0, 0], features[0, :, 1, 1] = 1.0, 2.0  # energy 1 and 4
    coverage = torch.zeros(1, 1, 4, 4)
    coverage[..., :2, :2] = 1.0
    assert outside_share(features, coverage).item() == pytest.approx(0.8, abs=1e-4)


def test_map_energy_compares_with_the_area_and_counts_empty_maps() -> None:
    masks = np.zeros((3, 40, 40), bool)
    masks[:, :20] = True
    maps = np.zeros((3, 4, 4), np.float32)
    maps[0, 0] = 1.0  # all within the upper half, after enlarging nearly so
    maps[1, :, 0] = 1.0  # along the left edge, half of it in the upper half
    found = map_energy(maps, masks)
    assert found["empty_maps"] == 1
    assert found["node_area_share"] == 0.5
    assert 1.4 < found["energy_ratio"] < 1.52


def test_no_phantom_is_both_trained_on_and_measured_on() -> None:
    used = [training_seeds(seed, 2000) for seed in range(0, 4000, 37)]
    fresh = [held_out_seeds(seed, 2000) for seed in range(0, 4000, 37)]
    assert max(seeds.first + seeds.count for seeds in used) <= min(seeds.first for seeds in fresh)
    spans = sorted((seeds.first, seeds.first + seeds.count) for seeds in used)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))


def test_several_processes_render_the_same_phantoms_in_order() -> None:
    seeds = PhantomSeeds(1000, CASES_WORTH_PROCESSES // len(CLASS_NAMES) + 1)
    assert seeds.count >= CASES_WORTH_PROCESSES
    many = [case["cdfi"] for case in render_cases(seeds, (64, 64), processes=2)]
    few = [case["cdfi"] for case in render_cases(PhantomSeeds(1000, 10), (64, 64))]
    assert [phantom.label for phantom in many[:3]] == list(CLASS_NAMES)
    assert all(a.image.tobytes() == b.image.tobytes() for a, b in zip(few, many, strict=False))


def test_the_bar_ends_at_all_of_the_work(tmp_path: Path, recipe: DemoRecipe) -> None:
    small = replace(
        recipe,
        cases_per_class=4,
        statistics_per_class=4,
        held_out_per_class=2,
        phases=(replace(recipe.phases[0], steps=2, batch_size=6),),
    )
    done: list[float] = []
    trained = train_all(small, lambda _what, seconds: done.append(seconds))
    write_checkpoint(tmp_path, Modality.CDFI, trained[Modality.CDFI], small, lambda _what, s: done.append(s))
    assert sum(done) == pytest.approx(work_seconds(small, checkpoints=1))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_three_seeds_keep_the_promise() -> None:
    """Writes docs/results/demo_seeds.json, which is committed with its date."""
    results = ROOT / "docs/results/demo_seeds.json"
    assert main(["demo", "--check-seeds", "3", "--results", str(results)]) == 0
    runs = json.loads(results.read_text())["runs"]
    assert len({run["phantoms"] for run in runs}) == 3
    for run in runs:
        for modality in MODALITIES:
            metrics = run["modalities"][modality]
            assert metrics["held_out_phantoms"]["auc_ovr"] >= GOAL_AUC
            assert metrics["true_class_map"]["energy_ratio"] >= GOAL_ENERGY_RATIO


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_full_demo_is_a_resnet152_that_keeps_the_promise(tmp_path: Path) -> None:
    assert main(["demo", "--out", str(tmp_path)]) == 0
    recipe = read_recipe()
    seeds = PhantomSeeds(held_out_seeds(recipe.seed, 10).first + 50_000, 10)  # fresh to the manifest too
    fresh = phantom_arrays(seeds, recipe.phantom_size, recipe.input_size)
    for modality in MODALITIES:
        loaded = load_checkpoint(checkpoint_path(tmp_path, modality))
        assert loaded.manifest.architecture == "resnet152"
        with torch.inference_mode():
            images = torch.from_numpy(fresh[modality].pixels).permute(0, 3, 1, 2).float() / 255
            mean, std = (
                torch.tensor(value).view(1, 3, 1, 1) for value in (loaded.manifest.mean, loaded.manifest.std)
            )
            probabilities = loaded.model((images - mean) / std).softmax(dim=1).double().numpy()
        area = auc_ovr(fresh[modality].labels, probabilities / probabilities.sum(axis=1, keepdims=True))
        assert area is not None
        assert area > 0.75  # 30 images: a wide interval
