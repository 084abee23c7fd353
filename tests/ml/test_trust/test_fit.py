"""Fitting: a known temperature is found, the figures improve, and too little is refused."""

import numpy as np
import pytest
from scipy.special import softmax

from ml.taxonomy import CLASS_NAMES
from ml.trust.fit import Answers, Seen, fit_calibration, fit_likeness, fit_temperature
from ml.trust.likeness import appearance, distances, unlikeness


def drawn(temperature: float, count: int, seed: int = 0) -> Answers:
    """Labels drawn from the softmax of logits that are then multiplied by `temperature`."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(count, 3)) * 2
    chances = softmax(logits, axis=1)
    labels = (rng.random((count, 1)) > chances.cumsum(axis=1)).sum(axis=1)
    return Answers(logits * temperature, np.minimum(labels, 2))


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5, 8.0])
def test_a_known_temperature_is_found(temperature: float) -> None:
    assert fit_temperature(drawn(temperature, 6000)) == pytest.approx(temperature, rel=0.06)


def test_calibration_error_and_brier_score_fall() -> None:
    calibration = fit_calibration(drawn(4.0, 600), drawn(4.0, 3000, seed=1), source="made up", synthetic=True)
    assert calibration.after["ece"] < 0.03 < calibration.before["ece"]
    assert calibration.after["brier"] < calibration.before["brier"]
    assert sum(item.count for item in calibration.reliability["after"]) == calibration.images == 3000
    for name in CLASS_NAMES:
        assert (np.diff(calibration.scores[name]) >= 0).all()


def test_answers_that_are_all_right_give_a_finite_temperature() -> None:
    labels = np.arange(300) % 3
    perfect = Answers(np.eye(3)[labels] * 5, labels)
    calibration = fit_calibration(perfect, perfect, source="made up", synthetic=True)
    assert 0.01 < calibration.temperature < 1


def test_a_class_with_too_few_images_is_refused() -> None:
    labels = np.array([0] * 50 + [1] * 50 + [2] * 5)
    few = Answers(np.zeros((105, 3)), labels)
    with pytest.raises(ValueError, match="only 5 images"):
        fit_calibration(few, few, source="made up", synthetic=True)


def vectors(count: int, seed: int, size: int = 200) -> np.ndarray:
    """Positive, long-tailed, of few directions: as pooled features are."""
    rng = np.random.default_rng(seed)
    mixing = np.random.default_rng(99).normal(size=(6, size))
    return np.maximum(rng.normal(size=(count, 6)) @ mixing + rng.normal(size=(count, size)) + 2, 0)


def seen(count: int, seed: int, size: int = 200) -> Seen:
    return Seen(vectors(count, seed, size), np.random.default_rng(seed).random((count, 19)))


def test_the_stated_share_of_further_images_passes_and_strangers_do_not() -> None:
    likeness = fit_likeness(seen(200, 1), seen(600, 2), source="made up", synthetic=True)
    fresh = seen(3000, 3)
    ratios = np.array(unlikeness(fresh.features, fresh.appearances, likeness))
    assert np.mean(ratios > 1) == pytest.approx(0.01, abs=0.01)
    other = np.random.default_rng(98).normal(size=(6, 200))
    strangers = np.maximum(np.random.default_rng(4).normal(size=(100, 6)) @ other * 2 + 2, 0)
    usual = fresh.appearances[:100]
    assert (np.array(unlikeness(strangers, usual, likeness)) > 1).all()
    assert (np.array(unlikeness(fresh.features[:100] * 4, usual, likeness)) > 1).all()
    assert (np.array(unlikeness(fresh.features[:100], usual + 3, likeness)) > 1).all()


def test_a_batch_is_judged_as_its_images_alone() -> None:
    likeness = fit_likeness(seen(100, 1), seen(200, 2), source="made up", synthetic=True)
    some = vectors(5, 6)
    alone = [distances(some[row : row + 1], likeness.features)[0] for row in range(5)]
    np.testing.assert_allclose(distances(some, likeness.features), alone, rtol=1e-9)


def test_appearance_is_of_bounded_size_and_known_for_plain_images() -> None:
    grey = np.full((2, 40, 40, 3), 128, np.uint8)
    measures = appearance(grey)
    assert measures.shape == (2, 19)
    assert measures[0, :3] == pytest.approx([128 / 255] * 3, abs=1e-6)
    assert measures[:, 9:] == pytest.approx(0, abs=1e-3)  # roots of what rounding leaves
    large = np.random.default_rng(0).integers(0, 256, (1, 384, 384, 3), dtype=np.uint8)
    assert ((appearance(large) >= 0) & (appearance(large) <= 2)).all()


def test_many_features_stay_within_the_manifest() -> None:
    likeness = fit_likeness(
        seen(80, 1, size=10_240), seen(120, 2, size=10_240), source="made up", synthetic=True
    )
    assert likeness.features.components.size <= 98_304


def test_too_few_held_out_images_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        fit_likeness(seen(100, 1), seen(50, 2), source="made up", synthetic=True)
