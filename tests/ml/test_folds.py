"""Nobody on two sides: the tests that the paper's released code would fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ml.data.cache import open_cache
from ml.data.class_folders import read_folder
from ml.data.duplicates import groups_of, near_duplicate_pairs
from ml.data.folds import Fold, Protocol, make_folds, oversample, split_once
from ml.data.leaks import leak_report
from ml.data.samples import DataError, Sample, SampleSet, sample_set
from tests.ml.image_sets import samples_in, write_folder

PAPER_COUNTS = (164, 122, 300)  # patients a class (§3.1)


def made_up(seed: int = 0) -> SampleSet:
    """The paper's imbalance, one to four images a patient, no files."""
    rng = np.random.default_rng(seed)
    samples = []
    for label, count in enumerate(PAPER_COUNTS):
        for patient in range(count):
            for view in range(rng.integers(1, 5)):
                name = f"{label}/{patient}-{view}.png"
                samples.append(Sample(name, None, label, f"{label}-{patient}"))  # type: ignore[arg-type]
    return sample_set("made-up", ("benign", "lymphoma", "metastatic"), samples)


def patients(samples: SampleSet, rows: np.ndarray) -> set[str]:
    return {str(samples.samples[row].patient) for row in rows}


def grouped(samples: SampleSet, **how: object) -> list[Fold]:
    groups = groups_of(samples, [])
    return make_folds(samples, groups, protocol=Protocol.GROUPED, count=5, seed=3, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(3))
def test_no_patient_is_on_two_sides(seed):
    samples = made_up(seed)
    for fold in grouped(samples):
        training, stopping, scored = (
            patients(samples, rows) for rows in (fold.training, fold.stopping, fold.scored)
        )
        assert not training & scored
        assert not training & stopping
        assert not stopping & scored


def test_every_image_is_scored_once_and_every_fold_uses_all():
    samples = made_up()
    folds = grouped(samples)
    assert sorted(np.concatenate([fold.scored for fold in folds])) == list(range(len(samples)))
    for fold in folds:
        used = np.concatenate([fold.training, fold.stopping, fold.scored])
        assert sorted(used) == list(range(len(samples)))


def test_folds_are_stratified():
    samples = made_up()
    labels = np.array(samples.labels)
    whole = np.bincount(labels) / len(labels)
    for fold in grouped(samples):
        for rows in (fold.training, fold.stopping, fold.scored):
            assert np.bincount(labels[rows]) / len(rows) == pytest.approx(whole, abs=0.05)


def test_folds_depend_on_the_seed_only():
    samples = made_up()
    first, second = grouped(samples), grouped(samples)
    assert all(np.array_equal(a.training, b.training) for a, b in zip(first, second, strict=True))


def test_the_inner_split_is_not_the_scored_fold():
    for fold in grouped(made_up()):
        assert len(fold.stopping)
        assert not set(fold.stopping) & set(fold.scored)


def test_the_papers_protocol_stops_on_the_scored_fold_and_says_that_it_leaks():
    samples = made_up()
    folds = make_folds(samples, [], protocol=Protocol.PAPER, count=5, seed=3)
    assert all(np.array_equal(fold.stopping, fold.scored) for fold in folds)
    assert any(patients(samples, fold.training) & patients(samples, fold.scored) for fold in folds)
    assert "LEAKING" in Protocol.PAPER.label
    assert "LEAKING" not in Protocol.GROUPED.label


def test_split_once_is_four_to_one_by_group():
    samples = made_up()
    training, validation = split_once(samples.labels, groups_of(samples, []), parts=5, seed=0)
    assert len(validation) / len(samples) == pytest.approx(0.2, abs=0.03)
    assert not patients(samples, training) & patients(samples, validation)


def test_oversampling_stays_inside_the_training_part():
    samples = made_up()
    labels = np.array(samples.labels)
    for fold in grouped(samples):
        drawn = oversample(labels, fold.training, np.random.default_rng(0))
        counts = np.bincount(labels[drawn])
        assert len(set(counts)) == 1  # balanced
        assert set(drawn) == set(fold.training)  # nothing from elsewhere, nobody lost
        assert not set(drawn) & (set(fold.stopping) | set(fold.scored))
        assert len(set(fold.scored)) == len(fold.scored)  # no copies where it is scored


def test_too_few_patients_are_a_sentence():
    short = sample_set(
        "short",
        ("a", "b"),
        [Sample(f"{n}.png", None, n % 2, str(n)) for n in range(8)],  # type: ignore[arg-type]
    )
    with pytest.raises(DataError, match="fewer folds"):
        grouped(short)


def test_near_duplicates_stay_together_where_patients_are_unknown(tmp_path):
    root = write_folder(tmp_path / "images", views=1, patients=12)
    for path in sorted(root.rglob("*.png")):  # each picture a second time, a little brighter, with no patient
        again = Image.open(path).point(lambda level: level * 0.95 + 6)
        again.save(path.with_name(f"copy{path.stem.replace('-', '_')}.png"))
        path.rename(path.with_name(f"{path.stem.replace('-', '_')}.png"))
    cached = open_cache(read_folder(root), 32, tmp_path / "cache")
    pairs = near_duplicate_pairs(cached.perceptual_hashes)
    groups = groups_of(cached.samples, pairs)
    assert 20 <= len(set(groups)) <= 36
    folds = make_folds(cached.samples, groups, protocol=Protocol.GROUPED, count=3, seed=0)
    report = leak_report(cached, folds, groups, Protocol.GROUPED)
    assert report.near_duplicate_pairs >= 30
    assert report.near_duplicate_pairs_across_folds == 0
    assert report.grouped_by == "near-duplicate cluster"


def test_the_leak_report_finds_what_the_papers_protocol_leaks(tmp_path):
    samples = samples_in(tmp_path, patients=8, views=3)
    cached = open_cache(samples, 32, tmp_path / "cache")
    groups = groups_of(samples, [])
    paper = make_folds(samples, groups, protocol=Protocol.PAPER, count=5, seed=0)
    report = leak_report(cached, paper, groups, Protocol.PAPER)
    assert report.patients_in_several_folds
    assert report.sentence.startswith("LEAKING")
    honest = make_folds(samples, groups, protocol=Protocol.GROUPED, count=5, seed=0)
    assert leak_report(cached, honest, groups, Protocol.GROUPED).patients_in_several_folds == []


def test_one_file_with_two_labels_is_reported(tmp_path):
    root = write_folder(tmp_path / "images")
    (root / "lymphoma" / "p90-0.png").write_bytes((root / "benign" / "p00-0.png").read_bytes())
    samples = read_folder(root)
    cached = open_cache(samples, 32, tmp_path / "cache")
    groups = groups_of(samples, [])
    folds = make_folds(samples, groups, protocol=Protocol.GROUPED, count=5, seed=0)
    report = leak_report(cached, folds, groups, Protocol.GROUPED)
    assert report.same_file_with_two_labels == [["benign/p00-0.png", "lymphoma/p90-0.png"]]


def test_pairs_are_found_across_blocks(monkeypatch):
    monkeypatch.setattr("ml.data.duplicates._BLOCK", 7)
    bits = np.random.default_rng(0).random((40, 256)) < 0.5
    bits[33] = bits[2]
    bits[33, :5] ^= True
    assert near_duplicate_pairs(bits) == [(2, 33, 5)]


def test_an_image_without_a_patient_joins_its_double():
    samples = sample_set(
        "x",
        ("a", "b"),
        [Sample(f"{n}.png", None, 0, patient) for n, patient in enumerate(["p", None, "q", None])],  # type: ignore[arg-type]
    )
    groups = groups_of(samples, [(0, 1, 3), (0, 2, 3)])
    assert groups[0] == groups[1]  # unknown patient, nearly the picture of p
    assert groups[0] != groups[2]  # two known patients stay two
    assert len({groups[0], groups[2], groups[3]}) == 3
    assert replace(samples.samples[0], patient=None).patient is None
