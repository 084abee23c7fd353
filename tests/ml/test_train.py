"""The paper's recipe as written, and none of the errors of its released code."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from ml.__main__ import main
from ml.data.samples import DataError
from ml.metrics import softmax, summary
from ml.model import build_model
from ml.train import finetune as finetune_module
from ml.train.finetune import FoldPlan, finetune
from ml.train.loop import MEAN, STD, Task, epoch_batches, fit, predict_rows, validation_loss
from ml.train.machine import Machine
from ml.train.multitask import MultiTaskClassifier
from ml.train.pretrain import pretrain
from ml.train.progress import EpochRow, Progress, mean_loss
from ml.train.recipe import Recipe
from ml.train.run import read_info
from ml.transforms import normalise
from tests.ml.image_sets import cached_in, write_folder

TINY = Recipe(
    architecture="timm:test_resnet", input_size=32, epochs=3, batch_size=8, learning_rate=1e-3, patience=0
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def machine() -> Machine:
    return Machine("cpu")


@pytest.fixture(scope="module")
def cached(tmp_path_factory):
    return cached_in(tmp_path_factory.mktemp("set"), patients=6, views=2)


def tasks_of(cached, names=("liver", "breast")) -> list[Task]:
    rows = np.arange(len(cached))
    return [Task(name, cached, rows[number::2], rows[1 - number :: 2]) for number, name in enumerate(names)]


def model_for(tasks: list[Task], recipe: Recipe = TINY) -> MultiTaskClassifier:
    torch.manual_seed(0)
    start = build_model(recipe.architecture, 3, recipe.input_size)
    return MultiTaskClassifier(start, {task.name: 3 for task in tasks})


class Listening(MultiTaskClassifier):
    """Writes down which task each training step belongs to."""

    def forward(self, images: torch.Tensor, task: str) -> torch.Tensor:
        if self.training:
            self.heard.append((task, len(images)))
        return super().forward(images, task)


def row(task: str, loss: float, epoch: int = 0) -> EpochRow:
    return EpochRow(epoch, task, 1.0, loss, {})


def test_the_stopping_loss_is_the_mean_of_the_tasks():
    losses = [0.5, 1.5, 0.1, 0.9, 2.0]
    assert mean_loss(losses) == pytest.approx(sum(losses) / 5)
    progress = Progress()
    assert progress.end_epoch([row(str(k), loss) for k, loss in enumerate(losses)])
    assert progress.best_loss == pytest.approx(1.0)
    # One task much better, the mean a little worse: not the best epoch.
    worse = [0.5, 1.5, 0.1, 0.0, 2.95]
    assert not progress.end_epoch([row(str(k), loss, 1) for k, loss in enumerate(worse)])
    # Every task but one worse, the mean better: the best epoch.
    better = [0.6, 1.6, 0.2, 1.0, 1.0]
    assert progress.end_epoch([row(str(k), loss, 2) for k, loss in enumerate(better)])
    assert progress.best_epoch == 2


def test_training_stops_after_patience_epochs_without_a_better_loss():
    recipe = replace(TINY, epochs=100, patience=5)
    progress = Progress()
    for epoch, loss in enumerate([1.0, 0.8, 0.9, 0.9, 0.9, 0.9]):
        progress.end_epoch([row("a", loss, epoch)])
        assert not progress.finished(recipe)
    progress.end_epoch([row("a", 0.9, 6)])
    assert progress.finished(recipe)
    assert progress.best_epoch == 1
    assert not progress.finished(replace(recipe, patience=0))


def test_a_loss_that_is_no_number_stops_with_a_sentence():
    with pytest.raises(DataError, match="diverged"):
        Progress().end_epoch([row("a", float("nan"))])


def test_progress_survives_json():
    progress = Progress()
    progress.add_step("a", torch.tensor(0.1234567), 16)
    progress.end_epoch([row("a", 1 / 3)])
    progress.add_step("a", torch.tensor(0.7654321), 16)
    again = Progress.from_dict(json.loads(json.dumps(progress.to_dict())))
    assert again == replace(progress, _pending={})


def test_tasks_are_trained_one_after_another_in_their_order(cached, machine, tmp_path):
    tasks = tasks_of(cached, ("thyroid", "abdomen"))
    model = model_for(tasks)
    model.__class__ = Listening
    model.heard = []
    fit(model, tasks, replace(TINY, epochs=2), machine, tmp_path)
    assert [name for name, _ in groupby(name for name, _ in model.heard)] == ["thyroid", "abdomen"] * 2
    images = {name: sum(n for heard, n in model.heard if heard == name) for name in ("thyroid", "abdomen")}
    assert images == {"thyroid": 2 * 18, "abdomen": 2 * 18}  # every training image once an epoch


def test_every_head_and_the_shared_backbone_learn(cached, machine, tmp_path):
    tasks = tasks_of(cached)
    model = model_for(tasks)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    fit(model, tasks, replace(TINY, epochs=1), machine, tmp_path)
    changed = {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])}
    assert {"heads.liver.logits.weight", "heads.breast.logits.weight"} <= changed
    assert any(name.startswith("features") for name in changed)


def test_each_task_is_validated_with_its_own_batch_norm_statistics(cached, machine, tmp_path):
    """Without that the last task's statistics judge all others; the weights are the same either way."""
    tasks = tasks_of(cached)
    weights = {}
    for own in (True, False):
        torch.manual_seed(0)
        start = build_model(TINY.architecture, 3, TINY.input_size)
        model = MultiTaskClassifier(start, {task.name: 3 for task in tasks}, own=own)
        (tmp_path / str(own)).mkdir()
        fit(model, tasks, replace(TINY, epochs=1), machine, tmp_path / str(own))
        weights[own] = {name: w.clone() for name, w in model.named_parameters()}
        first, second = ([b.clone() for b in switched(model, task.name)] for task in tasks)
        different = any(not torch.equal(a, b) for a, b in zip(first, second, strict=True))
        assert different is own
    assert all(torch.equal(w, weights[False][name]) for name, w in weights[True].items())


def switched(model: MultiTaskClassifier, task: str) -> list[torch.Tensor]:
    model.recall(task)
    return [b for name, b in model.features.named_buffers() if name.endswith("running_mean")]


def test_the_fused_optimiser_equals_the_plain_one_on_channels_last_weights(machine):
    """Fused kernels pair elements by their place in memory: a wrong layout trains other weights."""
    models = [build_model("timm:test_resnet", 3, 32) for _ in range(2)]
    models[1].load_state_dict(models[0].state_dict())
    models[0].to(memory_format=torch.channels_last)
    images = torch.randn(8, 3, 32, 32)
    for model, fused in zip(models, (True, False), strict=True):
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=fused)
        for _ in range(2):
            torch.nn.functional.cross_entropy(model(images), torch.arange(8) % 3).backward()
            optimizer.step()
            optimizer.zero_grad()
    for one, two in zip(models[0].parameters(), models[1].parameters(), strict=True):
        assert (one - two).abs().mean() < 1e-5


def test_the_best_epoch_is_what_remains(cached, machine, tmp_path):
    (task, *_) = tasks_of(cached)
    recipe = replace(TINY, epochs=5, learning_rate=5e-3)
    model = model_for([task])
    progress = fit(model, [task], recipe, machine, tmp_path)
    labels = np.array(cached.samples.labels)[task.stopping]
    kept = validation_loss(labels, predict_rows(model, task, task.stopping, recipe, machine))
    losses = [entry.validation_loss for entry in progress.history]
    assert len(losses) == 5
    assert kept == pytest.approx(min(losses), abs=1e-6)
    assert progress.best_epoch == int(np.argmin(losses))


def test_predictions_come_in_the_order_asked_for(cached, machine, tmp_path):
    (task, *_) = tasks_of(cached)
    model = model_for([task]).eval()
    rows = np.random.default_rng(0).permutation(len(cached))[:19]
    given = predict_rows(model, task, rows, TINY, machine)
    with torch.no_grad():
        images = torch.from_numpy(cached.images[rows].copy())
        wanted = model(normalise(images, MEAN, STD), task.name).numpy()
    assert np.allclose(given, wanted, atol=1e-5)


def test_oversampled_copies_exist_in_training_batches_only(cached):
    labels = np.array(cached.samples.labels)
    training = np.flatnonzero(labels != 2)[:20]  # two classes, unequal
    training = np.concatenate([training, np.flatnonzero(labels == 2)[:3]])
    task = Task("a", cached, training, np.setdiff1d(np.arange(len(cached)), training))
    drawn = np.concatenate(epoch_batches(task, replace(TINY, balance=True), 0, 0))
    assert len(set(np.bincount(labels[drawn]))) == 1
    assert set(drawn) == set(training)
    plain = np.concatenate(epoch_batches(task, TINY, 0, 0))
    assert sorted(plain) == sorted(training)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def test_finetune_predicts_every_image_once_and_never_its_own_patient(cached, machine, tmp_path, monkeypatch):
    seen: list[Task] = []

    def spying_fit(model, tasks, *args, **kwargs):
        seen.extend(tasks)
        return fit(model, tasks, *args, **kwargs)

    monkeypatch.setattr(finetune_module, "fit", spying_fit)
    recipe = replace(TINY, epochs=6, balance=True)
    path = finetune(cached, recipe, FoldPlan(folds=3), machine, tmp_path / "run")
    rows = read_csv(path)
    assert sorted(r["image_id"] for r in rows) == sorted(s.image_id for s in cached.samples.samples)
    assert list(rows[0])[:5] == ["image_id", "patient", "modality", "label", "fold"]
    patients = {s.image_id: s.patient for s in cached.samples.samples}
    samples = cached.samples.samples
    for fold, task in enumerate(seen):
        scored = {patients[r["image_id"]] for r in rows if r["fold"] == str(fold)}
        learnt = {samples[i].patient for i in np.concatenate([task.training, task.stopping])}
        assert not scored & learnt  # neither for training nor for stopping
        assert len(set(task.stopping)) == len(task.stopping)  # no copies where it is measured
    labels = np.array([int(r["label"]) for r in rows])
    logits = np.array([[float(r[f"logit_{k}"]) for k in range(3)] for r in rows])
    assert summary(labels, softmax(logits))["auc_ovr"] > 0.8  # brightness gives the class away


def test_a_finished_fold_is_not_trained_again(cached, machine, tmp_path, monkeypatch):
    recipe, plan = replace(TINY, epochs=1), FoldPlan(folds=3, only=(1,))
    finetune(cached, recipe, plan, machine, tmp_path / "run")
    info = read_info(tmp_path / "run")
    assert info["status"] == "running"
    assert {r["fold"] for r in read_csv(tmp_path / "run" / "oof.csv")} == {"1"}
    done: list[str] = []

    def counting_fit(*args, show: str, **kwargs):
        done.append(show)
        return fit(*args, show=show, **kwargs)

    monkeypatch.setattr(finetune_module, "fit", counting_fit)
    finetune(cached, recipe, replace(plan, only=()), machine, tmp_path / "run")
    assert done == ["fold-0", "fold-2"]
    info = read_info(tmp_path / "run")
    assert info["status"] == "done"
    assert set(info["best_epoch"]) == {"0", "1", "2"}
    assert info["fingerprint"] == cached.fingerprint
    assert info["environment"]["torch"]


def test_another_recipe_in_the_same_folder_is_refused(cached, machine, tmp_path):
    plan = FoldPlan(folds=3, only=(0,))
    finetune(cached, replace(TINY, epochs=1), plan, machine, tmp_path / "run")
    with pytest.raises(DataError, match=r"config\.learning_rate"):
        finetune(cached, replace(TINY, epochs=1, learning_rate=0.1), plan, machine, tmp_path / "run")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("precious")
    with pytest.raises(DataError, match="not empty"):
        finetune(cached, TINY, plan, machine, tmp_path / "other")
    assert (tmp_path / "other" / "thesis.txt").read_text() == "precious"


def test_the_papers_protocol_is_labelled_everywhere(cached, machine, tmp_path):
    plan = FoldPlan(protocol=finetune_module.Protocol.PAPER, folds=3, only=(0,))
    finetune(cached, replace(TINY, epochs=1), plan, machine, tmp_path / "run")
    info = read_info(tmp_path / "run")
    assert info["leaking"] is True
    assert "LEAKING" in info["protocol_label"]
    leaks = json.loads((tmp_path / "run" / "leaks.json").read_text())
    assert leaks["sentence"].startswith("LEAKING")
    assert leaks["patients_in_several_folds"]


def test_pretraining_writes_a_backbone_metrics_and_predictions(cached, machine, tmp_path):
    sets = {"auli": cached, "busi": cached}
    recipe = replace(TINY, epochs=2)
    backbone = pretrain(sets, recipe, machine, tmp_path / "run")
    epochs = read_csv(tmp_path / "run" / "epochs.csv")
    assert [(r["epoch"], r["task"]) for r in epochs] == [
        ("1", "auli"), ("1", "busi"), ("2", "auli"), ("2", "busi"),
    ]  # fmt: skip
    for first, second in (epochs[:2], epochs[2:]):
        mean = (float(first["validation_loss"]) + float(second["validation_loss"])) / 2
        assert float(first["mean_validation_loss"]) == pytest.approx(mean, abs=1e-6)
    assert sum(int(r["best"]) for r in epochs) == 2
    info = read_info(tmp_path / "run")
    assert info["task_classes"]["auli"] == ["benign", "lymphoma", "metastatic"]
    assert info["start"] == "random"
    scored = read_csv(tmp_path / "run" / "tasks" / "auli.csv")
    assert 0 < len(scored) < len(cached) / 2
    again = finetune(
        cached, replace(recipe, start=str(backbone)), FoldPlan(folds=3, only=(0,)), machine, tmp_path / "fine"
    )
    assert again.is_file()
    assert read_info(tmp_path / "fine")["start"] == str(backbone)


def run_cli(*arguments: str, processes: int = 1) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ml", *arguments]
    if processes > 1:
        launch = ["torch.distributed.run", f"--nproc-per-node={processes}", "--master-port=0", "--standalone"]
        command = [sys.executable, "-m", *launch, "-m", "ml", *arguments]
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=280)


@pytest.mark.parametrize("architecture", ["timm:test_convnext"])
def test_two_processes_train_what_one_trains(tmp_path, architecture):
    for name in ("auli", "busi"):
        write_folder(tmp_path / "data" / name, classes=("benign", "malignant", "normal"), patients=5, side=32)
    runs = {}
    for processes in (1, 2):
        out = tmp_path / f"run-{processes}"
        done = run_cli(
            "pretrain", "--config", "ml/configs/pretrain.toml", "--data", str(tmp_path / "data"),
            "--sets", "auli,busi", "--architecture", architecture, "--size", "32", "--epochs", "2",
            "--batch-size", "8", "--device", "cpu", "--threads", "1", "--out", str(out),
            "--cache", str(tmp_path / "cache"),
            processes=processes,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        runs[processes] = load_file(out / "backbone.safetensors")
        assert read_info(out)["device"]["processes"] == processes
    for name, tensor in runs[1].items():
        assert torch.allclose(tensor, runs[2][name], rtol=0, atol=1e-5), name
    moved = read_csv(tmp_path / "run-1" / "epochs.csv"), read_csv(tmp_path / "run-2" / "epochs.csv")
    for one, two in zip(*moved, strict=True):
        assert float(one["validation_loss"]) == pytest.approx(float(two["validation_loss"]), abs=1e-5)


def refused(capsys, *arguments: str) -> str:
    assert main([*arguments]) == 2
    return capsys.readouterr().err


def test_commands_end_with_a_sentence(tmp_path, capsys):
    out, cache = ["--out", str(tmp_path / "run")], ["--cache", str(tmp_path / "cache")]
    missing = refused(capsys, "finetune", "--data", str(tmp_path / "nowhere"), *out, *cache)
    assert "does not exist" in missing
    images = write_folder(tmp_path / "images", patients=2)
    assert "needs at least 6" in refused(capsys, "finetune", "--data", str(images), *out, *cache)
    unknown = refused(capsys, "pretrain", "--data", str(tmp_path), "--sets", "auli,moon", *out, *cache)
    assert "does not exist" in unknown or "moon" in unknown
    config = refused(capsys, "pretrain", "--config", str(tmp_path / "no.toml"), *out)
    assert "no.toml" in config
    assert not (tmp_path / "run").exists()  # refused before anything was written


def test_an_unknown_setting_in_the_configuration_is_named(tmp_path, capsys):
    (tmp_path / "c.toml").write_text("[recipe]\nlearning_speed = 1.0\n")
    said = refused(
        capsys,
        "finetune",
        "--config",
        str(tmp_path / "c.toml"),
        "--data",
        str(tmp_path),
        "--out",
        str(tmp_path / "r"),
    )
    assert "learning_speed" in said
    assert "learning_rate" in said


def test_several_modalities_need_a_choice(tmp_path, capsys):
    write_folder(tmp_path / "images", modality="2d")
    write_folder(tmp_path / "images", modality="cdfi")
    out = ["--out", str(tmp_path / "run"), "--cache", str(tmp_path / "cache")]
    assert "--modality" in refused(capsys, "finetune", "--data", str(tmp_path / "images"), *out)
    asked = ["--modality", "elastography"]
    assert "no images of 'elastography'" in refused(
        capsys, "finetune", "--data", str(tmp_path / "images"), *asked, *out
    )
