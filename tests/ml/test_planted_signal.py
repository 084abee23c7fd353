"""The planted signal: what phantoms show is learned and looked at; with labels shuffled, nothing is.

Through the commands: a coarse pre-training on other phantoms, then one fold at a size that can point.
"""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml.__main__ import main
from ml.checkpoint import LoadedModel
from ml.evaluate.run import Run, read_run
from ml.phantoms.files import PhantomSet, png_info, write_set
from ml.phantoms.render import render_case
from ml.predict import predict_batch
from ml.reproduce.gradcam import load_fold
from ml.taxonomy import CLASS_NAMES

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

CASES, PRETRAINING_PER_CLASS = 900, 500
COARSE_PX, FINE_PX = 64, 128  # 2×2 features learn fast, 4×4 can point
COARSE_EPOCHS, FINE_EPOCHS = 14, 6


def recipe(side_px: int, epochs: int, learning_rate: float) -> str:
    return f"""
[recipe]
architecture = "resnet18"
input_size = {side_px}
learning_rate = {learning_rate}
batch_size = 16
epochs = {epochs}
patience = 0
balance = true
[recipe.augment]
horizontal_flip = true
shift = 0.08
zoom = 0.1
gain = 0.2
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """SYNTHETIC 2D phantoms with their masks, and the recipes of both sizes."""
    root = tmp_path_factory.mktemp("planted")
    wanted = PhantomSet(cases=CASES, seed=500, size=(160, 120), modalities=["2d"], masks=True)
    for _ in write_set(root / "phantoms", wanted):
        pass
    (root / "coarse.toml").write_text(recipe(COARSE_PX, COARSE_EPOCHS, 1e-3))
    (root / "fine.toml").write_text(recipe(FINE_PX, FINE_EPOCHS, 3e-4))
    return root


def pretrained(place: Path) -> Path:
    """A backbone from other phantoms of the same three classes, at the coarse size."""
    numbers = itertools.count()
    for name, label in zip(CLASS_NAMES, ("benign", "malignant", "normal"), strict=True):
        (place / "auli" / label).mkdir(parents=True)
        for seed in range(PRETRAINING_PER_CLASS):
            seed_ = 5_000_000 + 10_000 * CLASS_NAMES.index(name) + seed
            phantom = render_case(seed_, name, size=(160, 120), modalities=["2d"])["2d"]
            phantom.image.save(place / "auli" / label / f"{next(numbers)}.png", pnginfo=png_info(phantom))
    out = place / "pretrain"
    arguments = ["--config", str(place / "coarse.toml"), "--out", str(out), "--data", str(place)]
    arguments += ["--sets", "auli", "--device", "cpu", "--cache", str(place / "cache")]
    assert main(["pretrain", *arguments]) == 0
    return out / "backbone.safetensors"


def train(place: Path, name: str, config: str, *more: str) -> Run:
    out = place / name
    arguments = ["--config", str(place / config), "--out", str(out), "--data", str(place / "phantoms")]
    arguments += ["--reader", "lymph-nodes", "--folds", "5", "--only-folds", "0", "--device", "cpu"]
    assert main(["finetune", *arguments, "--cache", str(place / "cache"), *more]) == 0
    assert main(["evaluate", str(out), "--no-figures", "--resamples", "500"]) == 0
    return read_run(out)


def energy_ratio(run: Run, loaded: LoadedModel, data: Path) -> float:
    """Mean share of the true-class map inside the node, over the node's mean share of the image."""
    inside, areas = [], []
    predictions = run.predictions
    for start in range(0, len(predictions), 30):
        rows = range(start, min(start + 30, len(predictions)))
        ids = [predictions.image_ids[row] for row in rows]
        images = [Image.open(data / name).convert("RGB") for name in ids]
        for row, name, result in zip(rows, ids, predict_batch(images, loaded), strict=True):
            grid = result.maps[predictions.class_names[predictions.labels[row]]]
            if grid is not None:
                mask = np.asarray(Image.open(data / "masks" / name).convert("L")) > 127
                inside.append(grid[mask].sum() / grid.sum())
                areas.append(mask.mean())
    return float(np.mean(inside) / np.mean(areas))


def test_a_trained_resnet_finds_the_signal_and_looks_at_the_node(place):
    run = train(place, "true", "fine.toml", "--start", str(pretrained(place)))
    report = json.loads((run.folder / "report" / "report.json").read_text())
    assert report["results"]["metrics"]["auc_ovr"]["value"] >= 0.90
    assert report["results"]["verdict"]["code"] == "above_chance"
    assert energy_ratio(run, load_fold(run, 0), place / "phantoms") >= 1.7


def test_with_labels_shuffled_the_auc_is_chance_and_the_report_says_so(place):
    run = train(place, "shuffled", "coarse.toml", "--shuffle-labels")
    report = json.loads((run.folder / "report" / "report.json").read_text())
    assert abs(report["results"]["metrics"]["auc_ovr"]["value"] - 0.5) < 0.1
    assert report["results"]["verdict"]["code"] == "chance"
    text = (run.folder / "report" / "report.md").read_text()
    assert "LABELS SHUFFLED" in text
    assert "No better than chance" in text
