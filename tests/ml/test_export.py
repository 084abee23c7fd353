"""A finished run becomes a checkpoint that answers as the run did, and says where it comes from."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ml.__main__ import main
from ml.audit.record import Verdict, read_audit
from ml.checkpoint import load_checkpoint
from ml.ensemble import MeanProbability
from ml.fast.record import read_fast
from ml.golden import read_golden
from ml.gradcam import class_maps
from ml.manifest import ManifestError, read_manifest
from ml.metrics import softmax
from ml.predict import predict
from ml.train.export import best_fold, fold_model, median_epochs
from ml.train.run import read_info
from ml.train.trust import OutOfFold, calibration_of, one_image_a_patient
from ml.trust.fit import fit_likeness
from ml.trust.p_values import upper_share
from ml.trust.record import Trust
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
    assert any("Not calibrated: a class has only 5 images" in limit for limit in manifest.limits)
    assert any("export it with --data" in limit for limit in manifest.limits)
    assert loaded.trust == Trust()
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


def test_calibration_and_likeness_come_from_images_that_the_model_had_not_seen(project, monkeypatch):
    monkeypatch.setattr("ml.trust.fit.LEAST_SCORES", 3)
    monkeypatch.setattr("ml.train.trust.fit_likeness", partial(fit_likeness, false_alarm_rate=0.5))
    data = ["--data", str(project / "images"), "--cache", str(project / "cache")]
    loaded = load_checkpoint(export(project, "best-fold", *data))
    calibration, likeness = loaded.trust.calibration, loaded.trust.likeness
    assert calibration.images == 15
    assert "out-of-fold" in calibration.source
    with (project / "run" / "split.csv").open() as handle:
        parts = [row[f"fold_{best_fold(read_info(project / 'run'))}"] for row in csv.DictReader(handle)]
    assert (likeness.images, likeness.held_out_images) == (parts.count("training"), parts.count("scored"))
    result = predict(Image.open(next((project / "images").rglob("*.png"))), loaded)
    assert result.calibrated
    assert result.unlikeness > 0
    assert not any("Not calibrated" in limit for limit in loaded.manifest.limits)


def test_the_maps_are_audited_on_images_that_the_fold_was_scored_on(project):
    data = ["--data", str(project / "images"), "--cache", str(project / "cache")]
    with (project / "run" / "split.csv").open() as handle:
        parts = [row[f"fold_{best_fold(read_info(project / 'run'))}"] for row in csv.DictReader(handle)]
    best, every = (
        read_audit(read_manifest(export(project, how, *data))) for how in ("best-fold", "ensemble")
    )
    assert best.images == parts.count("scored")
    assert every.images == len(parts)
    assert best.verdict("planted_text") is Verdict.NOT_MEASURED
    assert read_audit(read_manifest(export(project, "best-fold"))) is None


def test_one_image_of_each_patient_is_calibrated_on():
    patients = ["a", "a", "b", "", "", "b"]
    labels = np.array([0, 0, 1, 1, 1, 2])
    rows = one_image_a_patient(patients, labels, seed=1).tolist()
    assert len(rows) == 5
    assert {2, 3, 4, 5} < set(rows)


INFO = {
    "leaking": False, "labels_shuffled": False, "seed": 1, "grouped_by": "patient", "folds": 5,
    "fingerprint": "x", "synthetic": True, "classes": ["benign", "lymphoma", "metastatic"],
}  # fmt: skip


def correlated(rng, patients_a_class=(164, 122, 300)):
    """Two images a patient that resemble each other, as out-of-fold answers of a model too sure of itself."""
    labels = np.repeat(np.repeat(np.arange(3), patients_a_class), 2)
    patients = [f"p{row // 2}" for row in range(len(labels))]
    own = np.repeat(rng.normal(size=(len(labels) // 2, 3)), 2, axis=0)
    logits = 3 * (own + 0.3 * rng.normal(size=own.shape) + 1.5 * np.eye(3)[labels])
    return OutOfFold(logits, labels, patients)


def test_out_of_fold_sets_keep_their_promise():
    """The temperature is that of the same images: it hardly moves. 100 runs, three classes."""
    rng = np.random.default_rng(5)
    tests = correlated(rng, (1500, 1500, 1500))
    missed = 0
    for _ in range(100):
        calibration, _ = calibration_of(correlated(rng), INFO)
        chances = softmax(tests.logits / calibration.temperature)
        for k, scores in enumerate(calibration.scores.values()):
            least = next(n for n in range(len(scores) + 1) if upper_share(n, len(scores)) > 0.1)
            own = (1 - chances[tests.labels == k, k]).astype(np.float32)
            missed += np.mean(len(scores) - np.searchsorted(scores, own, side="left") >= least) < 0.885
    assert missed <= 9  # of 300; three are allowed to miss 0.9


def test_a_run_that_leaks_is_not_calibrated():
    answers = correlated(np.random.default_rng(6))
    for flaw in ("leaking", "labels_shuffled"):
        calibration, words = calibration_of(answers, INFO | {flaw: True})
        assert calibration is None
        assert "Not calibrated" in words


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
