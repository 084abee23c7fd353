"""`python -m ml evaluate`: reads what a run wrote, refuses what cannot be scored, says what is wrong."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, roc_auc_score

from ml.__main__ import main
from ml.evaluate.compare import comparison_of
from ml.evaluate.predictions import PredictionsError, read_predictions
from ml.evaluate.results import results_of
from ml.evaluate.run import RunError, read_run
from tests.ml.run_factory import CLASSES, write_predictions, write_pretraining, write_run


def report_of(folder: Path) -> dict:
    return json.loads((folder / "report" / "report.json").read_text())


def test_numbers_come_from_the_file_and_nothing_is_added(tmp_path):
    run = write_run(tmp_path / "run", images_per_patient=2)
    assert main(["evaluate", str(run), "--resamples", "100", "--no-figures"]) == 0
    results = report_of(run)["results"]
    rows = np.genfromtxt(run / "oof.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
    logits = np.stack([rows[f"logit_{k}"] for k in range(3)], axis=1)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    found = results["metrics"]
    assert found["accuracy"]["value"] == pytest.approx(accuracy_score(rows["label"], p.argmax(1)), abs=1e-12)
    assert found["auc_ovo"]["value"] == pytest.approx(
        roc_auc_score(rows["label"], p, multi_class="ovo"), abs=1e-12
    )
    assert found["auc_ovr"]["low"] < found["auc_ovr"]["value"] < found["auc_ovr"]["high"]
    assert (results["images"], results["units"], results["unit"]) == (120, 60, "patient")
    assert np.sum(results["confusion"]) == 120
    assert [row["images"] for row in results["folds"]] == [24] * 5


def test_figures_markdown_and_json_are_written(tmp_path, capsys):
    run = write_run(tmp_path / "run")
    assert main(["evaluate", str(run), "--resamples", "100"]) == 0
    names = {path.name for path in (run / "report").iterdir()}
    assert names == {"report.json", "report.md", "figure-5.svg", "reliability.svg"}
    text = (run / "report" / "report.md").read_text()
    assert "SYNTHETIC" in text
    assert "Research use only" in text
    assert "AUC, one-vs-one" in text
    assert "AUC" in capsys.readouterr().out


def test_a_patient_in_two_folds_is_called_a_leak(tmp_path):
    clean = read_run(write_run(tmp_path / "clean", images_per_patient=3))
    leaking = read_run(write_run(tmp_path / "leaking", images_per_patient=3, leak=True))
    assert results_of(clean.predictions, resamples=10)["leak"]["patients_in_two_folds"] == 0
    assert results_of(leaking.predictions, resamples=10)["leak"]["patients_in_two_folds"] == 60
    assert main(["evaluate", str(leaking.folder), "--resamples", "100", "--no-figures"]) == 0
    assert "LEAKING: 60 patients" in (leaking.folder / "report" / "report.md").read_text()


def test_the_papers_protocol_is_labelled_as_leaking(tmp_path):
    run = write_run(tmp_path / "run", info={"protocol": "paper"})
    main(["evaluate", str(run), "--resamples", "100", "--no-figures"])
    assert any(note.startswith("LEAKING PROTOCOL") for note in report_of(run)["notes"])


def test_shuffled_labels_end_at_chance_and_the_report_says_so(tmp_path):
    run = write_run(tmp_path / "run", signal=0.0, patients=150, info={"labels_shuffled": True})
    main(["evaluate", str(run), "--resamples", "300", "--no-figures"])
    report = report_of(run)
    assert abs(report["results"]["metrics"]["auc_ovr"]["value"] - 0.5) < 0.1
    assert report["results"]["verdict"]["code"] == "chance"
    text = (run / "report" / "report.md").read_text()
    assert "LABELS SHUFFLED" in text
    assert "No better than chance" in text


def test_a_real_signal_is_not_called_chance(tmp_path):
    run = read_run(write_run(tmp_path / "run", signal=1.5))
    assert results_of(run.predictions, resamples=200)["verdict"]["code"] == "above_chance"


def test_without_patient_ids_the_report_says_that_intervals_may_be_narrow(tmp_path):
    run = write_run(tmp_path / "run", name_patients=False)
    main(["evaluate", str(run), "--resamples", "100", "--no-figures"])
    assert report_of(run)["results"]["unit"] == "image"
    assert "Patients are not all known" in (run / "report" / "report.md").read_text()


def test_the_unit_is_what_kept_images_on_one_side_of_the_split(tmp_path):
    run = write_run(tmp_path / "run", info={"grouped_by": "near-duplicate cluster"})
    main(["evaluate", str(run), "--resamples", "100", "--no-figures"])
    assert report_of(run)["results"]["unit"] == "near-duplicate cluster"
    assert "95% near-duplicate cluster bootstrap" in (run / "report" / "report.md").read_text()


def test_pretraining_runs_are_scored_per_task(tmp_path):
    run = write_pretraining(tmp_path / "pre")
    assert main(["evaluate", str(run), "--resamples", "100"]) == 0
    report = report_of(run)
    assert set(report["tasks"]) == {"auli", "ocau", "busi", "ddti", "edcu"}
    assert report["tasks"]["ocau"]["classes"] == [
        "bladder",
        "bowel",
        "gallbladder",
        "kidney",
        "liver",
        "spleen",
    ]
    assert (run / "report" / "figure-s1.svg").stat().st_size > 1000
    assert (run / "report" / "figure-s2.svg").stat().st_size > 1000


def test_two_runs_are_compared_on_the_images_they_share(tmp_path):
    weak = read_run(write_run(tmp_path / "weak", signal=0.4, patients=90))
    strong = read_run(write_run(tmp_path / "strong", signal=2.0, patients=60))
    found = comparison_of(weak.predictions, strong.predictions, resamples=200)
    assert (found["images"], found["only_in_first"], found["only_in_second"]) == (60, 30, 0)
    gap = found["values"]["second"]["auc_ovr"] - found["values"]["first"]["auc_ovr"]
    assert found["differences"]["auc_ovr"]["value"] == pytest.approx(gap, abs=1e-12)
    assert found["verdict"]["code"] == "second_better"
    back = comparison_of(strong.predictions, weak.predictions, resamples=200)
    assert back["differences"]["auc_ovr"]["value"] == pytest.approx(-gap, abs=1e-12)
    assert back["verdict"]["code"] == "first_better"


def test_the_order_of_the_rows_does_not_matter(tmp_path):
    folder = write_run(tmp_path / "run")
    first = read_run(folder).predictions
    lines = (folder / "oof.csv").read_text().splitlines()
    (folder / "oof.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    second = read_run(folder).predictions
    found = comparison_of(first, second, resamples=20)
    assert found["differences"]["auc_ovr"]["value"] == pytest.approx(0, abs=1e-12)


def test_runs_that_disagree_about_the_truth_are_not_compared(tmp_path):
    first = read_run(write_run(tmp_path / "a"))
    folder = write_run(tmp_path / "b")
    text = (folder / "oof.csv").read_text()
    (folder / "oof.csv").write_text(text.replace("benign/p0-0.png,p0,2d,0", "benign/p0-0.png,p0,2d,2"))
    with pytest.raises(PredictionsError, match="different labels to 1 image"):
        comparison_of(first.predictions, read_run(folder).predictions, resamples=10)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.replace("logit_2", "logits_2"), "lacks the column"),
        (lambda t: t.split("\n")[0] + "\n", "no predictions yet"),
        (lambda t: t + t.splitlines()[1] + "\n", "twice"),
        (lambda t: t.replace(",2d,0,", ",2d,7,", 1), "The label '7'"),
        (lambda t: t.replace("\n", ",nan\n", 1).replace("logit_2,nan", "logit_2"), None),
        (lambda t: _replace_last_cell(t, "nan"), "not finite"),
        (lambda t: _replace_last_cell(t, "abc"), "no number"),
    ],
)
def test_bad_predictions_are_refused_with_a_sentence(tmp_path, change, sentence):
    path = write_predictions(tmp_path / "oof.csv")
    path.write_text(change(path.read_text()))
    if sentence is None:
        assert len(read_predictions(path, CLASSES)) == 60
        return
    with pytest.raises(PredictionsError, match=sentence):
        read_predictions(path, CLASSES)


def _replace_last_cell(text: str, value: str) -> str:
    lines = text.splitlines()
    lines[3] = ",".join([*lines[3].split(",")[:-1], value])
    return "\n".join(lines) + "\n"


def test_a_folder_that_is_no_run_is_refused(tmp_path, capsys):
    with pytest.raises(RunError, match="does not exist"):
        read_run(tmp_path / "nowhere")
    with pytest.raises(RunError, match="no training run"):
        read_run(tmp_path)
    folder = write_run(tmp_path / "run")
    (folder / "oof.csv").unlink()
    with pytest.raises(RunError, match="no fold has finished"):
        read_run(folder)
    assert main(["evaluate", str(tmp_path / "nowhere")]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert main(["evaluate", str(write_run(tmp_path / "x")), "--resamples", "3"]) == 2
