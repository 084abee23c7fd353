"""A finished run becomes a checkpoint that answers as the run did, and says where it comes from."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ml.__main__ import main
from ml.checkpoint import load_checkpoint
from ml.ensemble import MeanProbability
from ml.fast.record import read_fast
from ml.golden import read_golden
from ml.gradcam import class_maps
from ml.manifest import ManifestError, read_manifest
from ml.predict import predict
from ml.train.export import best_fold, fold_model, median_epochs
from ml.train.run import read_info
from tests.ml.image_sets import write_folder

CONFIG = """
[recipe]
architecture = "timm:test_resnet"
input_size = 32
epochs = 2
batch_size = 8
learning_rate = 1e-3
patience = 0
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A finished fine-tuning of three folds, made by the command line."""
    root = tmp_path_factory.mktemp("project")
    write_folder(root / "images", patients=5, views=1)
    (root / "config.toml").write_text(CONFIG)
    assert finetune(root) == 0
    return root


def finetune(root: Path, *more: str) -> int:
    return main([
        "finetune", "--config", str(root / "config.toml"), "--data", str(root / "images"), "--folds", "3",
        "--cache", str(root / "cache"), "--threads", "1", "--device", "cpu",
        "--out", str(root / "run"), *more,
    ])  # fmt: skip


def export(root: Path, how: str, *more: str) -> Path:
    out = root / f"{how}.safetensors"
    assert main(["export", str(root / "run"), "--how", how, "--out", str(out), *more]) == 0
    return out


def test_the_best_fold_answers_as_in_the_run(project):
    loaded = load_checkpoint(export(project, "best-fold", "--name", "ward 7", "--licence", "CC BY"))
    info = read_info(project / "run")
    model = fold_model(project / "run", info, best_fold(info)).eval()
    images = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        assert torch.allclose(loaded.model(images), model(images), atol=1e-6)
    manifest = loaded.manifest
    assert (manifest.name, manifest.licence, manifest.modality) == ("ward 7", "CC BY", "2d")
    assert manifest.dataset_fingerprint == info["fingerprint"]
    assert manifest.metrics["images"] == 15
    assert set(manifest.metrics["per_fold"]) == {"0", "1", "2"}
    assert manifest.training_commit == info["commit"]
    assert not manifest.synthetic
    assert any("Not calibrated" in limit for limit in manifest.limits)
    assert set(manifest.metrics["intervals"]["lymphoma"]) == {"auc", "precision", "recall"}
    for item in read_golden(manifest).images:
        assert predict(item.image, loaded).logits == pytest.approx(item.logits, abs=1e-5)


def test_the_best_fold_is_chosen_without_its_scored_part():
    details = {"0": {"stopping_loss": 0.9}, "1": {"stopping_loss": 0.4}, "2": {"stopping_loss": 0.5}}
    assert best_fold({"fold_details": details}) == 1


def test_the_ensemble_is_the_mean_probability_of_the_folds(project):
    path = export(project, "ensemble")
    loaded = load_checkpoint(path)
    assert loaded.manifest.architecture == "ensemble:3:timm:test_resnet"
    info = read_info(project / "run")
    images = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        members = [fold_model(project / "run", info, fold).eval()(images).softmax(dim=1) for fold in range(3)]
        assert torch.allclose(
            loaded.model(images).softmax(dim=1), torch.stack(members).mean(dim=0), atol=1e-6
        )
        features = loaded.model.features(images)
        mean = loaded.model.tail.get_submodule("mean")
        assert isinstance(mean, MeanProbability)
        assert mean.member_logits(features).shape == (3, 2, 3)
    assert class_maps(loaded.model, features).shape == (2, 3, 1, 1)
    picture = Image.open(next((project / "images").rglob("*.png")))
    result = predict(picture, loaded)
    assert sum(result.probabilities.values()) == pytest.approx(1)
    assert any("single folds" in limit for limit in loaded.manifest.limits)


def test_a_refit_uses_every_image_for_the_median_best_epoch(project):
    path = export(
        project, "refit", "--data", str(project / "images"), "--cache", str(project / "cache"),
        "--threads", "1", "--device", "cpu",
    )  # fmt: skip
    loaded = load_checkpoint(path)
    info = read_info(project / "run")
    assert loaded.manifest.extras["export"]["how"] == "refit"
    assert np.median([int(n) for n in info["best_epoch"].values()]) == median_epochs(info)
    with torch.no_grad():
        fold = fold_model(project / "run", info, 0).eval()(torch.ones(1, 3, 32, 32))
        assert not torch.equal(loaded.model(torch.ones(1, 3, 32, 32)), fold)


def test_a_refit_on_other_images_is_refused(project, tmp_path, capsys):
    write_folder(tmp_path / "images", patients=6)
    out = ["--out", str(tmp_path / "x.safetensors"), "--cache", str(tmp_path / "cache")]
    code = main(["export", str(project / "run"), "--how", "refit", "--data", str(tmp_path / "images"), *out])
    assert code == 2
    assert "fingerprint" in capsys.readouterr().err


def test_half_precision_is_half_the_size(project):
    full = export(project, "best-fold").stat().st_size
    half = export(project, "best-fold", "--dtype", "float16")
    assert half.stat().st_size < 0.6 * full
    assert read_manifest(half).storage_dtype == "float16"


def test_fast_mode_is_measured_on_out_of_fold_images(project, monkeypatch, capsys):
    monkeypatch.setattr("ml.fast.images.LEAST_IMAGES", 1)
    data = ["--data", str(project / "images"), "--cache", str(project / "cache")]
    manifest = read_manifest(export(project, "best-fold", "--fast", *data))
    fold = best_fold(read_info(project / "run"))
    with (project / "run" / "oof.csv").open() as handle:
        scored = sum(int(row["fold"]) == fold for row in csv.DictReader(handle))
    record = read_fast(manifest)
    assert record.figures.images == scored
    assert "out-of-fold" in record.source
    assert not record.allowed  # a few images prove nothing
    assert "exact mode only" in capsys.readouterr().out


def test_an_unfinished_run_is_refused(tmp_path, capsys):
    write_folder(tmp_path / "images", patients=5, views=1)
    (tmp_path / "config.toml").write_text(CONFIG)
    assert finetune(tmp_path, "--only-folds", "1") == 0
    capsys.readouterr()
    assert main(["export", str(tmp_path / "run"), "--out", str(tmp_path / "x.safetensors")]) == 2
    assert "not finished" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "nowhere"), "--out", str(tmp_path / "x.safetensors")]) == 2
    assert main(["export", str(tmp_path / "run"), "--out", str(tmp_path / "x.pt")]) == 2


def test_other_classes_than_the_servers_are_marked(tmp_path):
    write_folder(tmp_path / "images", classes=("cat", "dog"), patients=5, views=1)
    (tmp_path / "config.toml").write_text(CONFIG)
    assert finetune(tmp_path) == 0
    path = export(tmp_path, "best-fold")
    assert any("not importable" in limit for limit in read_manifest(path, classes=None).limits)
    with pytest.raises(ManifestError):
        read_manifest(path)


def test_shuffled_labels_are_marked_as_a_control(tmp_path):
    write_folder(tmp_path / "images", patients=6, views=1)
    (tmp_path / "config.toml").write_text(CONFIG)
    assert finetune(tmp_path, "--shuffle-labels") == 0
    info = read_info(tmp_path / "run")
    assert info["labels_shuffled"] is True
    assert any("SHUFFLED" in limit for limit in read_manifest(export(tmp_path, "best-fold")).limits)
    assert replace(read_manifest(export(tmp_path, "best-fold")), name="x").name == "x"
