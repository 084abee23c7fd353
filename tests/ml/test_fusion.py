"""One answer from several modalities: it gains, misses none that is missing, and flags contradictions."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from ml.__main__ import main
from ml.checkpoint import load_checkpoint
from ml.demo.files import is_complete
from ml.demo.recipe import read_recipe
from ml.evaluate.predictions import read_predictions
from ml.fusion.build import Words, build_fusion
from ml.fusion.cases import Cases
from ml.fusion.conflict import CLEAR, contradictions, measure_conflict
from ml.fusion.figures import fusion_figures
from ml.fusion.fit import fit_fusion
from ml.fusion.record import golden_examples, largest_difference, read_fusion
from ml.fusion.stack import SUBSETS, agreement, joined
from ml.manifest import MANIFEST_KEY, Manifest, ManifestError, read_manifest
from ml.metrics import softmax
from ml.taxonomy import CLASS_NAMES, MODALITIES, Modality
from ml.train.run import code_commit
from ml.trust.fit import Answers, fit_calibration
from ml.trust.record import Trust, trust_as_extras
from tests.ml.run_factory import write_run

INPUTS = {modality: f"{number}" * 64 for number, modality in enumerate(MODALITIES)}


def made_cases(seed: int, count: int = 600, signal: float = 2.0, missing: float = 0.0) -> Cases:
    """Each modality sees the class through noise of its own: partial information, calibrated by design."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.int64) % 3
    answers = {}
    for modality in MODALITIES:
        seen = rng.normal(size=(count, 3)) + signal * np.eye(3)[labels]
        answers[modality] = softmax(signal * seen)  # the exact posterior of that noise
        answers[modality][rng.random(count) < missing] = np.nan
    return Cases(answers, labels, np.array([f"p{row}" for row in range(count)]))


def manifest_of(modality: Modality) -> Manifest:
    return Manifest(
        name=f"part-{modality}", architecture="resnet18", modality=modality, input_size=64, seed=0, config={},
        dataset_fingerprint="made", split_protocol="made", metrics={}, training_commit=code_commit(),
        licence="Apache-2.0", intended_use="tests", limits=["SYNTHETIC"], synthetic=True,
        created_at="2026-11-28T10:00:00+00:00", tensor_sha256=INPUTS[modality],
    )  # fmt: skip


WORDS = Words("made-fusion", "600 made-up cases", "made", "Apache-2.0", "tests", ("SYNTHETIC",))


@pytest.fixture(scope="module")
def fusion_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("fusion") / "fusion.safetensors"
    build_fusion(out, made_cases(1), {modality: manifest_of(modality) for modality in MODALITIES}, WORDS, 0)
    return out


def test_it_is_better_than_the_best_modality_alone_for_every_set(fusion_file: Path) -> None:
    figures = fusion_figures(read_manifest(fusion_file))
    assert {gain.modalities for gain in figures.gains} == set(SUBSETS)
    for gain in figures.gains:
        assert gain.is_shown, gain
        assert gain.joined_auc > gain.best_auc
    assert figures.inputs == {modality: f"part-{modality}" for modality in MODALITIES}


def test_noise_gains_nothing_and_that_is_said(tmp_path: Path) -> None:
    cases = made_cases(2, count=300)
    rng = np.random.default_rng(0)
    noise = {modality: softmax(rng.normal(size=(300, 3))) for modality in MODALITIES[1:]}
    told = Cases({MODALITIES[0]: cases.answers[MODALITIES[0]], **noise}, cases.labels, cases.patients)
    parts = {modality: manifest_of(modality) for modality in MODALITIES}
    build_fusion(tmp_path / "f.safetensors", told, parts, WORDS, 0)
    gains = fusion_figures(read_manifest(tmp_path / "f.safetensors")).gains
    with_signal = [gain for gain in gains if Modality.B_MODE in gain.modalities]
    assert not any(gain.is_shown for gain in with_signal)


def test_any_two_modalities_are_joined_and_cases_without_one_still_teach_the_others() -> None:
    cases = made_cases(3, missing=0.3)
    fusion = fit_fusion(cases, INPUTS, 0)
    assert set(fusion.stackers) == set(SUBSETS)
    both = fusion.stackers[Modality.B_MODE, Modality.CDFI].cases
    assert fusion.stackers[MODALITIES].cases < both < 600
    sure = dict(zip(CLASS_NAMES, (0.9, 0.05, 0.05), strict=True))
    for subset in SUBSETS:
        answer = joined(fusion, dict.fromkeys(subset, sure))
        assert sum(answer.values()) == pytest.approx(1)
        assert answer["benign"] > 0.9


def test_two_modalities_alone_and_too_few_cases() -> None:
    pair = {modality: INPUTS[modality] for modality in MODALITIES[:2]}
    assert set(fit_fusion(made_cases(4), pair, 0).stackers) == {MODALITIES[:2]}
    with pytest.raises(ValueError, match="20 cases of each class"):
        fit_fusion(made_cases(4, count=45), INPUTS, 0)


def test_it_joins_the_versions_that_it_was_fitted_for_and_no_others(fusion_file: Path) -> None:
    fusion = read_fusion(fusion_file)
    assert fusion.joins(INPUTS)
    assert fusion.joins({modality: INPUTS[modality] for modality in MODALITIES[1:]})
    assert not fusion.joins({**INPUTS, Modality.CDFI: "f" * 64})
    assert not fusion.joins({Modality.CDFI: INPUTS[Modality.CDFI]})


def test_contradictions_are_found_among_cases_that_it_had_not_seen() -> None:
    fusion = fit_fusion(made_cases(5, signal=2.5), INPUTS, 0)
    found = measure_conflict(made_cases(6, signal=2.5), SUBSETS, fusion.conflict_below, 7)
    assert found.contradictions > 500
    assert found.recall >= 0.9
    assert found.precision >= 0.9


def test_a_contradiction_is_made_of_two_cases_that_speak_clearly() -> None:
    cases = made_cases(8)
    probabilities, rows = cases.of(MODALITIES[:2])
    made = contradictions(probabilities, cases.labels[rows], np.random.default_rng(0))
    named = made.argmax(axis=2)
    assert made.max(axis=2).min() >= CLEAR
    assert (named[0] != named[1]).all()


@pytest.mark.parametrize(
    ("other", "low", "high"),
    [((0.98, 0.01, 0.01), 0.9, 1.0), ((0.01, 0.98, 0.01), 0.0, 0.05), ((1 / 3,) * 3, 0.3, 0.35)],
)
def test_agreement_is_low_only_where_both_are_sure_of_different_classes(other, low, high) -> None:
    sure = dict(zip(CLASS_NAMES, (0.98, 0.01, 0.01), strict=True))
    answers = {Modality.B_MODE: sure, Modality.CDFI: dict(zip(CLASS_NAMES, other, strict=True))}
    assert low <= agreement(answers) <= high


def test_the_file_answers_as_it_says_and_sees_no_image(fusion_file: Path, capsys) -> None:
    manifest = read_manifest(fusion_file)
    assert largest_difference(read_fusion(fusion_file), golden_examples(manifest.extras)) < 1e-9
    with pytest.raises(ManifestError, match="sees no image"):
        load_checkpoint(fusion_file)


def rewritten(source: Path, out: Path, change) -> Path:
    """The file with another manifest or other tensors; the hash is made to fit."""
    tensors = load_file(source)
    values = json.loads(read_manifest(source).to_json())
    change(values, tensors)
    save_file(tensors, out, {MANIFEST_KEY: json.dumps(values)})
    return out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda values, _: values["extras"].pop("fusion"), "fusion"),
        (lambda values, _: values["extras"]["fusion"].update(conflict_below=7), "not within 0 and 1"),
        (lambda values, _: values["extras"]["fusion"].update(format=9), "another format"),
        (lambda values, _: values["extras"]["fusion"]["inputs"].pop("cdfi"), "no version is named for cdfi"),
        (lambda values, _: values["extras"]["fusion"]["inputs"].update(mri={}), "fusion"),
        (lambda values, _: values["extras"]["fusion"]["subsets"].pop(), "tensors are not those"),
        (lambda values, _: values["metrics"].pop("gains"), "gains"),
        (lambda values, _: values["metrics"]["gains"][0].update(joined_auc=1.5), "not within 0 and 1"),
        (lambda values, _: values.update(architecture="resnet18"), "not a fusion"),
    ],
)
def test_what_is_unfit_is_refused_in_words(fusion_file: Path, tmp_path: Path, change, words: str) -> None:
    with pytest.raises(ManifestError, match=words) as caught:
        read_fusion(rewritten(fusion_file, tmp_path / "bad.safetensors", change))
    assert caught.value.code == "fusion_invalid"


def test_other_weights_are_refused(fusion_file: Path, tmp_path: Path) -> None:
    def shift(_values, tensors) -> None:
        tensors["2d+cdfi.bias"] = tensors["2d+cdfi.bias"] + 1

    with pytest.raises(ManifestError) as caught:
        read_fusion(rewritten(fusion_file, tmp_path / "bad.safetensors", shift))
    assert caught.value.code == "wrong_hash"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny demo with its fusion, made by the command."""
    out = tmp_path_factory.mktemp("models")
    assert main(["demo", "--tiny", "--out", str(out)]) == 0
    return out


def test_the_demo_comes_with_a_fusion_of_its_three_versions(models: Path, tmp_path: Path, capsys) -> None:
    recipe = read_recipe(tiny=True)
    assert is_complete(models, recipe)
    assert read_manifest(models / "demo-fusion.safetensors").synthetic
    assert main(["demo", "--tiny", "--out", str(models)]) == 0
    assert "up to date" in capsys.readouterr().out
    elsewhere = shutil.copytree(models, tmp_path / "models")
    (elsewhere / "demo-fusion.safetensors").unlink()
    assert not is_complete(elsewhere, recipe)


def test_it_is_measured_on_phantoms_that_nobody_used(models: Path, tmp_path: Path, capsys) -> None:
    page, results = tmp_path / "page.md", tmp_path / "fusion.json"
    page.write_text("<!-- table: fusion -->\n<!-- end -->\n")
    words = ["fusion", "measure", "--models", str(models), "--per-class", "30", "--processes", "1"]
    assert main([*words, "--results", str(results), "--page", str(page)]) == 0
    assert "2d + cdfi + elastography" in page.read_text()
    found = json.loads(results.read_text())
    assert found["synthetic"] is True
    assert len(found["gains"]) == 4
    assert main([*words[:-1], "1", "--per-class", "0"]) == 2
    assert "--per-class must be 1 or more" in capsys.readouterr().err


def part(root: Path, modality: Modality, seed: int, **info: object) -> list[str]:
    """A finished run of one modality and the calibrated checkpoint that was exported from it."""
    run = write_run(
        root / f"run-{modality}",
        info={"modality": modality, "fingerprint": f"images-{modality}", "status": "done", "leaking": False,
              "labels_shuffled": False, "grouped_by": "patient", **info},
        seed=seed, patients=240, images_per_patient=2, modality=str(modality),
    )  # fmt: skip
    said = read_predictions(run / "oof.csv", CLASS_NAMES)
    answers = Answers(np.log(said.probabilities), said.labels)
    calibration = fit_calibration(answers, answers, source="its run", synthetic=True)
    tensors = {"tail.weight": np.full((3, 2), seed, np.float32)}
    manifest = replace(
        manifest_of(modality),
        dataset_fingerprint=f"images-{modality}",
        extras=trust_as_extras(Trust(calibration)),
        tensor_sha256=hashlib.sha256(tensors["tail.weight"].tobytes()).hexdigest(),
    )
    path = root / f"{modality}.safetensors"
    save_file(tensors, path, {MANIFEST_KEY: manifest.to_json()})
    return ["--part", str(path), str(run)]


def test_the_command_fits_one_from_runs_a_case_a_patient(tmp_path: Path, capsys) -> None:
    out = tmp_path / "ward.safetensors"
    parts = [
        word for seed, modality in enumerate(MODALITIES, start=1) for word in part(tmp_path, modality, seed)
    ]
    assert main(["fusion", "fit", *parts, "--out", str(out), "--limit", "one scanner", "--seed", "3"]) == 0
    assert "2d + cdfi + elastography: AUC" in capsys.readouterr().out
    manifest = read_manifest(out)
    assert (manifest.name, manifest.seed) == ("ward", 3)
    assert "one scanner" in manifest.limits
    fusion = read_fusion(out)
    assert fusion.stackers[MODALITIES].cases == 240
    shas = {one: read_manifest(tmp_path / f"{one}.safetensors").tensor_sha256 for one in MODALITIES}
    assert fusion.joins(shas)


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ({"status": "running"}, "no finished fine-tuning"),
        ({"fingerprint": "others"}, "was not exported from"),
        ({"leaking": True}, "mean nothing"),
        ({"grouped_by": "image"}, "knows no patients"),
    ],
)
def test_runs_that_can_not_be_joined_are_refused_in_words(tmp_path: Path, info, words, capsys) -> None:
    first = part(tmp_path, Modality.B_MODE, 1)
    second = part(tmp_path, Modality.CDFI, 2, **info)
    out = tmp_path / "f.safetensors"
    assert main(["fusion", "fit", *first, *second, "--out", str(out)]) == 2
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_one_part_or_two_of_one_modality_are_no_fusion(tmp_path: Path, capsys) -> None:
    one = part(tmp_path, Modality.B_MODE, 1)
    for parts in (one, [*one, *one]):
        assert main(["fusion", "fit", *parts, "--out", str(tmp_path / "f.safetensors")]) == 2
        assert "two or three --part" in capsys.readouterr().err
