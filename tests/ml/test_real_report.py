"""scripts/real_report.py: the generated part of docs/reproduction.md says what the predictions say."""

import importlib.util
from pathlib import Path

import pytest

from tests.ml.run_factory import write_pretraining, write_run

SCRIPT = Path("scripts/real_report.py")
FACTS = {
    "architecture": "resnet50",
    "grouped_by": "near-duplicate cluster",
    "config": {"architecture": "resnet50", "input_size": 96, "epochs": 10},
    "folds": 5,
    "best_epoch": {"0": 3, "1": 4},
    "fold_details": {"0": {"steps": 100}, "1": {"steps": 120}},
    "commit": "0123456789abcdef",
    "device": {"device": "cpu", "precision": "fp32", "processes": 1},
    "wall_s": 1800.0,
    "synthetic": False,
}


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("real_report", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(tmp_path: Path, script) -> Path:
    path = tmp_path / "reproduction.md"
    path.write_text(f"# Title\n\nbefore\n\n{script.BEGIN}\n\nstale words\n\n{script.END}\n\nafter\n")
    return path


@pytest.mark.parametrize(
    ("signal", "sentence"),
    [(2.0, "central claim held here"), (0.0, "The opposite of the paper's claim"), (0.8, "Not shown")],
)
def test_the_verdict_follows_the_predictions(tmp_path, script, signal, sentence):
    classes = ("benign", "malignant", "normal")
    results, doc = tmp_path / "real", page(tmp_path, script)
    write_run(results / "busi-resnet50-without", info=FACTS, signal=0.8, classes=classes, patients=120)
    write_run(results / "busi-resnet50-with", info=FACTS, signal=signal, classes=classes, patients=120)
    write_pretraining(results / "pretrain-resnet50")
    assert script.main(results, doc) == 0
    text = doc.read_text()
    assert sentence in text
    assert "stale words" not in text
    assert text.startswith("# Title\n\nbefore")
    assert text.endswith("after\n")
    assert "2 of 5 folds" in text
    assert "220 steps without and 220 with" in text
    assert "Liver (AULI)" in text
    for line in text.splitlines():
        if line.startswith("!["):
            assert (tmp_path / line.partition("](")[2].rstrip(")")).is_file()
    assert script.main(results, doc) == 0
    assert doc.read_text() == text  # the same numbers, the same page


def test_without_results_the_page_says_so(tmp_path, script):
    doc = page(tmp_path, script)
    assert script.main(tmp_path / "nothing", doc) == 0
    assert "No fold has finished yet." in doc.read_text()


def test_the_page_in_the_repository_has_the_marks(script):
    text = Path("docs/reproduction.md").read_text()
    assert script.BEGIN in text
    assert script.END in text
