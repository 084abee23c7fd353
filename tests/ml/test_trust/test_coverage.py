"""The check of the promise: it passes what keeps it and fails what breaks it, and writes its table."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.__main__ import main
from ml.checkpoint import load_checkpoint
from ml.data.samples import DataError
from ml.demo.files import checkpoint_path
from ml.demo.network import grow, without_idle_blocks
from ml.taxonomy import CLASS_NAMES
from ml.trust.coverage import PAPER_COUNTS, first_of_each, measure_coverage, table
from ml.trust.fit import Answers, fit_calibration
from ml.trust.page import rewrite_table
from tests.ml.test_demo import shallow


def answers(seed: int, count: int) -> Answers:
    rng = np.random.default_rng(seed)
    labels = np.tile(np.arange(3), count)
    return Answers(3 * (rng.normal(size=(len(labels), 3)) + 1.5 * np.eye(3)[labels]), labels)


def test_a_sound_calibration_is_below_the_bound_nowhere() -> None:
    calibration = fit_calibration(answers(1, 60), answers(2, 180), source="made up", synthetic=True)
    found = measure_coverage([answers(10 + draw, 300) for draw in range(10)], calibration, 0.9)
    assert found.cells == 30
    assert found.below == 0
    assert 0.83 < found.lower_bound < 0.88
    assert found.ece_after < found.ece_before
    assert 1 < found.mean_set_size < 3
    assert found.sets_of_one + found.sets_of_all + found.empty_sets <= 1
    assert json.dumps(found.as_json())


def test_scores_that_promise_too_much_are_found_out() -> None:
    calibration = fit_calibration(answers(1, 60), answers(2, 180), source="made up", synthetic=True)
    halved = {name: scores / 2 for name, scores in calibration.scores.items()}
    found = measure_coverage([answers(10, 300)], replace(calibration, scores=halved), 0.9)
    assert found.below == 3


def test_the_papers_numbers_are_the_first_of_each_class() -> None:
    taken = first_of_each(answers(1, 300), PAPER_COUNTS)
    assert tuple(np.bincount(taken.labels)) == PAPER_COUNTS


def test_the_table_names_every_class() -> None:
    calibration = fit_calibration(answers(1, 60), answers(2, 180), source="made up", synthetic=True)
    text = table([("as it is", measure_coverage([answers(3, 50)], calibration, 0.9))])
    assert all(name in text for name in CLASS_NAMES)
    assert len({line.count("|") for line in text.splitlines()}) == 1


def test_blocks_that_add_nothing_can_be_left_out() -> None:
    full = grow(shallow("resnet18", seed=5))
    slim = without_idle_blocks(full)
    images = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(slim(images), full(images), rtol=0, atol=0)
    assert sum(weight.numel() for weight in slim.parameters()) < 0.6 * sum(
        weight.numel() for weight in full.parameters()
    )


def test_the_command_writes_figures_and_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--tiny", "--out", str(tmp_path)]) == 0
    page, results = tmp_path / "page.md", tmp_path / "coverage.json"
    page.write_text("before\n<!-- table: coverage -->\nold\n<!-- end -->\nafter\n")
    file = checkpoint_path(tmp_path, "cdfi")
    arguments = ["--draws", "1", "--per-class", "20", "--processes", "1", "--results", str(results)]
    assert main(["coverage", "--checkpoint", str(file), *arguments, "--page", str(page)]) == 0
    assert json.loads(results.read_text())["checkpoint"]["name"] == load_checkpoint(file).manifest.name
    words = page.read_text()
    assert "the paper's numbers: 164 / 122 / 300" in words
    assert "old" not in words
    assert words.endswith("after\n")
    capsys.readouterr()
    assert main(["coverage", "--checkpoint", str(file), "--level", "0.5"]) == 2
    assert "--level" in capsys.readouterr().err


def test_a_checkpoint_without_calibration_is_refused(
    tiny_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coverage", "--checkpoint", str(tiny_checkpoint)]) == 2
    assert "not a calibrated checkpoint" in capsys.readouterr().err


def test_a_page_without_the_table_is_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing here")
    with pytest.raises(DataError, match="coverage"):
        rewrite_table(page, "coverage", "x")
    assert page.read_text() == "nothing here"
