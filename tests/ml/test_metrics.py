"""Metrics: each equals its definition written out by hand, and scikit-learn's, to the 12th digit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from ml import metrics


def predictions(seed: int, count: int = 200, classes: int = 3, decimals: int | None = None):
    rng = np.random.default_rng(seed)
    labels = np.r_[np.arange(classes), rng.integers(0, classes, count - classes)]
    logits = rng.normal(size=(count, classes)) + 1.2 * np.eye(classes)[labels]
    if decimals is not None:
        logits = np.round(logits, decimals)  # ties
    return labels, metrics.softmax(logits)


def auc_by_counting_pairs(positive: np.ndarray, score: np.ndarray) -> float:
    up, down = score[positive][:, None], score[~positive][None, :]
    return float(((up > down) + 0.5 * (up == down)).mean())


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), classes=st.integers(2, 6), decimals=st.sampled_from([None, 0, 1]))
def test_auc_is_the_share_of_pairs_in_the_right_order(seed, classes, decimals):
    labels, p = predictions(seed, classes=classes, decimals=decimals)
    score = p if classes > 2 else np.c_[-p[:, 1], p[:, 1]]
    by_hand = [auc_by_counting_pairs(labels == k, score[:, k]) for k in range(classes)]
    assert metrics.auc_per_class(labels, p) == pytest.approx(by_hand, abs=1e-12)
    assert metrics.auc_ovr(labels, p) == pytest.approx(np.mean(by_hand), abs=1e-12)
    pairs = []
    for a in range(classes):
        for b in range(a + 1, classes):
            keep = (labels == a) | (labels == b)
            pairs += [auc_by_counting_pairs(labels[keep] == k, score[keep, k]) for k in (a, b)]
    assert metrics.auc_ovo(labels, p) == pytest.approx(np.mean(pairs), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), classes=st.integers(2, 6))
def test_confusion_metrics_equal_their_definitions(seed, classes):
    labels, p = predictions(seed, count=60, classes=classes)
    guess = p.argmax(axis=1)
    table = np.zeros((classes, classes), int)
    for truth, answer in zip(labels, guess, strict=True):
        table[truth, answer] += 1
    assert (metrics.confusion(labels, p) == table).all()
    hits, truths, answers = table.diagonal(), table.sum(1), table.sum(0)
    precision = [h / a if a else 0 for h, a in zip(hits, answers, strict=True)]
    recall = [h / t for h, t in zip(hits, truths, strict=True)]
    f1 = [2 * h / (t + a) for h, t, a in zip(hits, truths, answers, strict=True)]
    found = metrics.summary(labels, p)
    for name, value in (("precision", precision), ("recall", recall), ("f1", f1)):
        assert metrics.precision_recall_f1(labels, p)[name] == pytest.approx(value, abs=1e-12)
        assert found[name] == pytest.approx(np.mean(value), abs=1e-12)
    assert found["accuracy"] == pytest.approx(hits.sum() / len(labels), abs=1e-12)
    assert found["mcc"] == pytest.approx(sk.matthews_corrcoef(labels, guess), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), classes=st.integers(2, 6))
def test_summary_equals_scikit_learn_to_the_twelfth_digit(seed, classes):
    labels, p = predictions(seed, classes=classes)
    guess, found = p.argmax(axis=1), metrics.summary(labels, p)
    keywords = {"average": "macro", "zero_division": 0}
    expected = {
        "accuracy": sk.accuracy_score(labels, guess),
        "precision": sk.precision_score(labels, guess, **keywords),
        "recall": sk.recall_score(labels, guess, **keywords),
        "f1": sk.f1_score(labels, guess, **keywords),
        "mcc": sk.matthews_corrcoef(labels, guess),
        "brier": float(np.mean(((p - np.eye(classes)[labels]) ** 2).sum(axis=1))),
    }
    if classes > 2:
        expected["auc_ovr"] = sk.roc_auc_score(labels, p, multi_class="ovr", average="macro")
        expected["auc_ovo"] = sk.roc_auc_score(labels, p, multi_class="ovo", average="macro")
    else:
        expected["auc_ovr"] = expected["auc_ovo"] = sk.roc_auc_score(labels, p[:, 1])
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-12)
    assert set(found) == set(metrics.SUMMARY_METRICS)


def test_no_number_is_adjusted():
    """The authors' published code adds 0.02 to every metric before plotting."""
    labels = np.array([0, 1, 2, 0, 1, 2])
    perfect = metrics.summary(labels, np.eye(3)[labels])
    assert perfect["accuracy"] == perfect["auc_ovr"] == perfect["auc_ovo"] == perfect["f1"] == 1.0
    wrong = metrics.summary(labels, np.eye(3)[(labels + 1) % 3])
    assert wrong["accuracy"] == wrong["f1"] == wrong["precision"] == 0.0


def test_an_auc_that_does_not_exist_is_none():
    p = metrics.softmax(np.random.default_rng(0).normal(size=(4, 3)))
    labels = np.array([0, 0, 1, 1])
    assert metrics.auc_per_class(labels, p)[2] is None
    assert metrics.auc_ovr(labels, p) is None
    assert metrics.auc_ovo(labels, p) is None
    assert metrics.roc_curve(labels, p, 2) is None


def test_roc_curve_encloses_the_auc():
    labels, p = predictions(5)
    false_rate, true_rate = metrics.roc_curve(labels, p, 1)
    assert np.trapezoid(true_rate, false_rate) == pytest.approx(
        metrics.auc_per_class(labels, p)[1], abs=1e-12
    )


def test_reliability_on_a_worked_example():
    labels = np.array([0, 0, 1, 1])
    p = np.array([[0.95, 0.05], [0.85, 0.15], [0.85, 0.15], [0.25, 0.75]])
    # tenths: one right at 0.95; one right of two at 0.85; one right at 0.75
    filled = [b for b in metrics.reliability(labels, p, bins=10) if b.count]
    assert [(b.count, b.accuracy) for b in filled] == [(1, 1.0), (2, 0.5), (1, 1.0)]
    assert [b.confidence for b in filled] == pytest.approx([0.75, 0.85, 0.95])
    expected = (1 * 0.25 + 2 * 0.35 + 1 * 0.05) / 4
    assert metrics.expected_calibration_error(labels, p, bins=10) == pytest.approx(expected, abs=1e-12)


def test_every_case_is_in_one_bin_at_the_edges_too():
    confidence = np.array([0.0, 1 / 3, 0.5, 2 / 3, 1.0])
    assert metrics.bin_index(confidence, bins=3).tolist() == [0, 0, 1, 1, 2]


def test_a_calibrated_model_has_a_small_ece_and_an_overconfident_one_a_large():
    rng = np.random.default_rng(1)
    p = rng.dirichlet([1, 1, 1], size=20_000)
    labels = np.array([rng.choice(3, p=row) for row in p])
    assert metrics.expected_calibration_error(labels, p) < 0.02
    sharp = p**4 / (p**4).sum(axis=1, keepdims=True)
    assert metrics.expected_calibration_error(labels, sharp) > 0.1
    assert metrics.brier(labels, p) < metrics.brier(labels, sharp)
