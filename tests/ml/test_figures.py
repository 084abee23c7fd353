"""Figures: deterministic SVG, every number in them from the results, never pyplot."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml import paper
from ml.evaluate.results import results_of
from ml.evaluate.run import read_run
from ml.figures.classification import figure_5, figure_s1, figure_s2, reliability_figure
from ml.figures.gradcam import Example, figure_7
from ml.figures.grid import figure_3, figure_4
from ml.figures.style import CLASS_COLORS, CLASS_FILLS
from tests.ml.run_factory import write_pretraining, write_run


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return results_of(read_run(write_run(tmp_path_factory.mktemp("run"))).predictions, resamples=50)


@pytest.fixture(scope="module")
def tasks(tmp_path_factory):
    run = read_run(write_pretraining(tmp_path_factory.mktemp("pre")))
    return {name: results_of(task, resamples=50) for name, task in run.tasks.items()}


def texts(path: Path) -> str:
    tree = ET.parse(path)  # noqa: S314  written by this test
    nodes = tree.iter("{http://www.w3.org/2000/svg}text")
    return " ".join("".join(node.itertext()) for node in nodes)


def examples() -> list[Example]:
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 90, 3), dtype=np.uint8))
    return [
        Example("benign", picture, picture, "answer: benign 80 %"),
        Example("lymphoma", picture, None, "answer: benign 60 %"),
        Example("metastatic", picture, picture, "answer: metastatic 90 %"),
    ]


def all_figures(folder: Path, results: dict, tasks: dict) -> list[Path]:
    grid = {"2d": {"resnet": {"without": results, "with": results}}, "cdfi": {"resnet": {"with": results}}}
    means = {"2d": {"with": 0.883, "without": 0.762}}
    return [
        figure_3({"resnet": tasks, "vit": {"busi": tasks["busi"]}}, folder / "3.svg", "note"),
        figure_4(grid, folder / "4.svg", paper_means=means, footer="note"),
        figure_5(results, folder / "5.svg", title="run", footer="SYNTHETIC"),
        figure_7(examples(), folder / "7.svg", "note"),
        figure_s1({"ResNet": tasks}, folder / "s1.svg"),
        figure_s2({"ResNet": tasks, "ViT": {"busi": tasks["busi"]}}, folder / "s2.svg"),
        reliability_figure(results, folder / "reliability.svg", title="run"),
    ]


def test_the_same_numbers_give_the_same_bytes(tmp_path, results, tasks):
    first = all_figures(tmp_path / "a", results, tasks)
    second = all_figures(tmp_path / "b", results, tasks)
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name
        assert b"<dc:date>" not in one.read_bytes()
    assert not list(tmp_path.rglob("*.part"))


def test_figure_5_shows_the_counts_and_the_areas(tmp_path, results):
    seen = texts(figure_5(results, tmp_path / "5.svg", title="run", footer="SYNTHETIC"))
    for row in results["confusion"]:
        for count in row:
            assert str(count) in seen
    for name, row in results["per_class"].items():
        assert f"{name} {row['auc']['value']:.3f}" in seen
    assert "SYNTHETIC" in seen


def test_figure_4_draws_the_papers_means_and_names_what_was_not_run(tmp_path, results):
    grid = {m: {"resnet": {"with": results}} for m in ("2d", "cdfi", "elastography")}
    means = {
        m: {"with": paper.MEAN_AUC_WITH[m].value, "without": paper.MEAN_AUC_WITHOUT[m].value} for m in grid
    }
    seen = texts(figure_4(grid, tmp_path / "4.svg", paper_means=means))
    for number in ("0.883", "0.762", "0.862", "0.694", "0.920", "0.736"):
        assert number in seen
    assert seen.count("not run") == 6  # three modalities in two panels have no run from scratch


def test_a_map_that_is_empty_says_so(tmp_path):
    assert "nothing here speaks" in texts(figure_7(examples(), tmp_path / "7.svg"))


def test_class_colours_are_the_pages_and_reach_three_to_one_on_white():
    assert CLASS_FILLS == {"benign": "#009E73", "lymphoma": "#E69F00", "metastatic": "#CC79A7"}
    assert all(1.05 / (luminance(color) + 0.05) >= 3 for color in CLASS_COLORS.values())


def luminance(color: str) -> float:
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ("ml.commands.evaluate, ml.evaluate.report, ml.evaluate.run", "matplotlib"),
        ("ml.figures.grid, ml.figures.classification, ml.figures.gradcam", "matplotlib.pyplot"),
    ],
)
def test_matplotlib_is_loaded_only_to_draw_and_pyplot_never(modules, unwanted):
    code = f"import sys, {modules}; print({unwanted!r} in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "False"
