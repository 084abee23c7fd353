"""Sets of classes: the same counts as a maintained library, and the promise kept by one calibration set."""

import numpy as np
import pytest
from crepes import ConformalClassifier
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ml.metrics import softmax
from ml.taxonomy import CLASS_NAMES
from ml.trust.fit import Answers, fit_calibration
from ml.trust.p_values import CONFIDENCE, as_high, calibrated, p_values, prediction_set, upper_share
from ml.trust.record import Calibration

PAPER = (164, 122, 300)  # cases a class, in the order of the classes


def answers(rng: np.random.Generator, counts: tuple[int, ...], temperature: float = 3.0) -> Answers:
    """Answers of a model that is surer than it should be: the third class is easier than the others."""
    labels = np.repeat(np.arange(3), counts)
    truth = rng.normal(size=(len(labels), 3)) + np.eye(3)[labels] * np.array([1.2, 1.0, 2.2])[labels, None]
    return Answers(truth * temperature, labels)


def calibration_of(rng: np.random.Generator, counts: tuple[int, ...]) -> Calibration:
    return fit_calibration(answers(rng, (60, 60, 60)), answers(rng, counts), source="made up", synthetic=True)


def bounds_of(calibration: Calibration, answers: Answers) -> np.ndarray:
    """The p-values of every image, N×3."""
    return np.array(
        [
            list(p_values(dict(zip(CLASS_NAMES, row, strict=True)), calibration).values())
            for row in softmax(answers.logits / calibration.temperature)
        ]
    )


def test_the_counts_are_those_of_a_maintained_library() -> None:
    """The plain p-value (k + 1) / (n + 1), from which ours differs only in the bound."""
    rng = np.random.default_rng(1)
    known, new = answers(rng, PAPER), answers(rng, (20, 20, 20))
    calibration = fit_calibration(known, known, source="made up", synthetic=True)
    scores = 1 - softmax(known.logits / calibration.temperature)
    new_scores = 1 - softmax(new.logits / calibration.temperature)
    oracle = ConformalClassifier()
    oracle.fit(scores[np.arange(len(scores)), known.labels].astype(np.float32), bins=known.labels)
    for k, name in enumerate(CLASS_NAMES):
        column = new_scores[:, k].astype(np.float32)
        expected = oracle.predict_p(
            column[:, None], bins=np.full(len(column), k), all_classes=True, smoothing=False
        )
        of_class = calibration.scores[name]
        ours = [(as_high(score, of_class) + 1) / (len(of_class) + 1) for score in column]
        np.testing.assert_allclose(ours, expected[:, 0])


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    for found, of in [(0, 1), (0, 50), (3, 122), (121, 122), (40, 300)]:
        expected = stats.binomtest(found, of).proportion_ci(2 * CONFIDENCE - 1, method="exact").high
        assert upper_share(found, of) == pytest.approx(expected)
        assert upper_share(found, of) > (found + 1) / (of + 1)
    assert upper_share(7, 7) == 1.0


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_nearly_every_calibration_set_keeps_the_promise(level: float) -> None:
    """True coverage per class, over 200 calibration sets of the paper's imbalance: a few may miss."""
    rng = np.random.default_rng(2)
    tests = answers(rng, (2000, 2000, 2000))
    missed = np.zeros(3)
    for _ in range(200):
        calibration = calibration_of(rng, PAPER)
        chances = softmax(tests.logits / calibration.temperature)
        for k, name in enumerate(CLASS_NAMES):
            scores = calibration.scores[name]
            least = next(n for n in range(len(scores) + 1) if upper_share(n, len(scores)) > 1 - level)
            own = (1 - chances[tests.labels == k, k]).astype(np.float32)
            covered = np.mean(len(scores) - np.searchsorted(scores, own, side="left") >= least)
            missed[k] += covered < level - 2 * np.sqrt(level * (1 - level) / 2000)
    assert (missed <= 4).all()  # of 200; one in a hundred is allowed to


def test_sets_grow_with_the_level_and_cover() -> None:
    rng = np.random.default_rng(3)
    calibration, tests = calibration_of(rng, (180, 180, 180)), answers(rng, (100, 100, 100))
    bounds = bounds_of(calibration, tests)
    sizes = []
    for level in (0.8, 0.9, 0.95, 0.99):
        inside = bounds > 1 - level
        sizes.append(inside.sum(axis=1).mean())
        assert inside[np.arange(300), tests.labels].mean() > level - 0.03
        named = prediction_set(dict(zip(CLASS_NAMES, bounds[0], strict=True)), level)
        assert named == tuple(name for name, member in zip(CLASS_NAMES, inside[0], strict=True) if member)
    assert sizes == sorted(sizes)
    assert sizes[0] < 2.5
    assert sizes[-1] == 3  # 180 images a class can't promise 99 %: nothing is left out


def test_a_sure_and_right_answer_is_one_class_and_a_doubtful_one_more() -> None:
    calibration = calibration_of(np.random.default_rng(4), (300, 300, 300))
    sure = p_values({"benign": 0.001, "lymphoma": 0.001, "metastatic": 0.998}, calibration)
    unsure = p_values({"benign": 0.34, "lymphoma": 0.33, "metastatic": 0.33}, calibration)
    assert prediction_set(sure, 0.9) == ("metastatic",)
    assert len(prediction_set(unsure, 0.9)) > 1


@pytest.mark.parametrize("level", [0.5, 0.79, 0.995, 1.0])
def test_a_level_out_of_range_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        prediction_set(dict.fromkeys(CLASS_NAMES, 0.5), level)


@given(st.lists(st.floats(-60, 60), min_size=3, max_size=3), st.floats(0.05, 20))
def test_temperature_never_changes_the_order(logits: list[float], temperature: float) -> None:
    raw, tempered = calibrated(logits, None), calibrated(logits, _of_temperature(temperature))
    assert raw.sum() == pytest.approx(1)
    assert tempered.sum() == pytest.approx(1)
    assert tempered[np.argmax(logits)] == tempered.max()


def _of_temperature(temperature: float) -> Calibration:
    scores = {name: np.array([0.5], np.float32) for name in CLASS_NAMES}
    none = {"ece": 0.0, "brier": 0.0}
    return Calibration(temperature, scores, 3, "made up", True, none, none, {"before": (), "after": ()})
