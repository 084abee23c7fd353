"""Intervals: the fast path equals scikit-learn, the patient is the unit, coverage is what it says."""

import math

import numpy as np
import pytest
from sklearn import metrics as sk

from ml import statistics
from ml.metrics import softmax, summary


def predictions(seed: int, count: int = 120, signal: float = 1.0, classes: int = 3):
    rng = np.random.default_rng(seed)
    labels = np.r_[np.arange(classes), rng.integers(0, classes, count - classes)]
    logits = np.round(rng.normal(size=(count, classes)) + signal * np.eye(classes)[labels], 2)
    return labels, softmax(logits)


def test_fast_metrics_equal_scikit_learn_on_every_resample():
    labels, p = predictions(0)
    patients = [str(i // 2) for i in range(len(labels))]
    weights = statistics.patient_multiplicities(patients, resamples=25, seed=3)
    fast = statistics.resampled_metrics(labels, p, weights)
    for b, row in enumerate(weights.astype(int)):
        chosen = np.repeat(np.arange(len(labels)), row)
        slow = summary(labels[chosen], p[chosen])
        assert {name: fast[name][b] for name in slow} == pytest.approx(slow, abs=1e-12)
        for k in range(3):
            weighted = sk.roc_auc_score(labels == k, p[:, k], sample_weight=row)
            assert fast[f"auc:{k}"][b] == pytest.approx(weighted, abs=1e-12)


def test_two_classes_work_too():
    labels, p = predictions(4, classes=2)
    found = statistics.bootstrap(labels, p, [str(i) for i in range(len(labels))], resamples=50)
    assert found["auc_ovr"].value == pytest.approx(sk.roc_auc_score(labels, p[:, 1]), abs=1e-12)
    assert found["auc_ovo"].low == pytest.approx(found["auc_ovr"].low, abs=1e-12)


def test_a_patient_is_drawn_with_all_images_or_not_at_all():
    patients = ["a", "b", "a", "c", "b", "a"]
    weights = statistics.patient_multiplicities(patients, resamples=200, seed=0)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, 0] == weights[:, 5]).all()
    assert (weights[:, 1] == weights[:, 4]).all()
    assert ((weights[:, 0] + weights[:, 1] + weights[:, 3]) == 3).all()


def test_copies_of_a_patients_image_do_not_narrow_the_interval():
    labels, p = predictions(2, count=60)
    patients = [str(i) for i in range(60)]
    once = statistics.bootstrap(labels, p, patients, resamples=300)["auc_ovr"]
    tenfold = statistics.bootstrap(np.tile(labels, 10), np.tile(p, (10, 1)), patients * 10, resamples=300)[
        "auc_ovr"
    ]
    width = once.high - once.low
    assert tenfold.high - tenfold.low == pytest.approx(width, rel=1e-9)
    by_image = statistics.bootstrap(
        np.tile(labels, 10), np.tile(p, (10, 1)), [str(i) for i in range(600)], resamples=300
    )["auc_ovr"]
    assert by_image.high - by_image.low < 0.5 * width  # what forgetting the patient would have claimed


def test_the_95_percent_interval_covers_the_truth_about_95_percent_of_the_time():
    truth = 0.5 * (1 + math.erf(1 / 2))  # the AUC of two normal distributions one SD apart
    inside = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        labels = np.r_[np.zeros(50, int), np.ones(50, int)]
        score = rng.normal(size=100) + labels
        weights = statistics.patient_multiplicities([str(i) for i in range(100)], resamples=300, seed=seed)
        samples = statistics.weighted_auc(labels == 1, score, weights)
        value = sk.roc_auc_score(labels, score)
        inside += statistics.interval(value, samples).contains(truth)
    assert 88 <= inside <= 99


def test_resamples_without_a_class_are_counted_not_guessed():
    labels = np.array([0] * 20 + [1] * 20 + [2])
    p = softmax(np.random.default_rng(0).normal(size=(41, 3)))
    found = statistics.bootstrap(labels, p, [str(i) for i in range(41)], resamples=400)
    assert 80 < found["auc:2"].undefined < 220  # 400 × (1 - 1/41)^41 ≈ 147
    assert found["accuracy"].undefined == 0


def test_one_class_only_has_no_auc_and_no_interval():
    labels = np.zeros(10, int)
    p = softmax(np.random.default_rng(0).normal(size=(10, 3)))
    found = statistics.bootstrap(labels, p, [str(i) for i in range(10)], resamples=20)
    assert found["auc_ovr"].value is None
    assert found["auc_ovr"].low is None
    assert found["accuracy"].low is not None


def test_a_run_compared_with_itself_differs_by_nothing():
    labels, p = predictions(7)
    found = statistics.compare(labels, p, p, [str(i) for i in range(len(labels))], resamples=100)
    assert all(d.interval.value == pytest.approx(0, abs=1e-12) for d in found.values())
    assert found["auc_ovr"].p_value == 1.0


def test_a_better_run_is_found_better_and_pairing_narrows_the_interval():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 300)
    noise = rng.normal(size=(300, 3))
    truth = np.eye(3)[labels]
    weak, strong = softmax(noise + 0.8 * truth), softmax(noise + 1.4 * truth)
    patients = [str(i) for i in range(300)]
    gap = statistics.compare(labels, weak, strong, patients, resamples=500)["auc_ovr"]
    assert gap.interval.low > 0
    assert gap.p_value < 0.01
    alone = statistics.bootstrap(labels, strong, patients, resamples=500)["auc_ovr"]
    assert gap.interval.high - gap.interval.low < alone.high - alone.low
    assert statistics.mcnemar(labels, weak, strong)["p_value"] < 0.01


def test_equal_models_are_called_different_about_one_time_in_twenty():
    alarms = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        labels = rng.integers(0, 3, 90)
        first, second = (softmax(rng.normal(size=(90, 3)) + np.eye(3)[labels]) for _ in range(2))
        gap = statistics.compare(labels, first, second, [str(i) for i in range(90)], resamples=200, seed=seed)
        alarms += gap["auc_ovr"].p_value < 0.05
    assert alarms <= 8


def test_the_mean_of_several_backbones_is_compared_on_the_same_patients():
    labels, weak = predictions(1, signal=0.5)
    _, strong = predictions(1, signal=1.5)
    patients = [str(i) for i in range(len(labels))]
    both = statistics.compare_means(labels, [weak, strong], [strong, weak], patients, resamples=50)
    assert both["auc_ovr"].interval.value == pytest.approx(0, abs=1e-12)


def test_same_seed_same_interval():
    labels, p = predictions(3)
    patients = [str(i) for i in range(len(labels))]
    assert statistics.bootstrap(labels, p, patients, resamples=50, seed=9) == statistics.bootstrap(
        labels, p, patients, resamples=50, seed=9
    )
