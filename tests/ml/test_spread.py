"""How far an ensemble's members disagree: worked out by hand, the same in company and by another engine."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ml.checkpoint import LoadedModel, load_checkpoint, load_tail, save_checkpoint
from ml.engines.base import Engines
from ml.engines.torch_engine import TorchEngine
from ml.ensemble import EnsembleClassifier
from ml.model import build_model
from ml.predict import predict, predict_batch
from ml.spread import Range, spread_of
from ml.taxonomy import CLASS_NAMES, member_count
from ml.transforms import eval_transform
from ml.trust.record import Calibration

CPU = torch.device("cpu")
NAME = "ensemble:3:resnet18"


@pytest.fixture(scope="module")
def ensemble(make_manifest) -> LoadedModel:
    torch.manual_seed(5)
    model = build_model(NAME, 3, 64).eval().requires_grad_(requires_grad=False)
    return LoadedModel(model, make_manifest(architecture=NAME), CPU)


def test_it_runs_from_the_lowest_to_the_highest_of_the_members(ensemble, picture) -> None:
    model, image = ensemble.model, picture(1)
    assert isinstance(model, EnsembleClassifier)
    found = predict(image, ensemble).spread
    batch = eval_transform(ensemble.manifest)(image)[None]
    tails = model.tail.get_submodule("mean").get_submodule("members")
    with torch.no_grad():
        features = model.features.get_submodule("members")
        each = [tail(of(batch))[0].softmax(0) for of, tail in zip(features, tails, strict=True)]
    shares = torch.stack(each).numpy()
    assert found is not None
    assert list(found) == list(CLASS_NAMES)
    for place, name in enumerate(CLASS_NAMES):
        assert found[name].low == pytest.approx(shares[:, place].min(), abs=1e-5)
        assert found[name].high == pytest.approx(shares[:, place].max(), abs=1e-5)
        assert found[name].low < predict(image, ensemble).probabilities[name] < found[name].high


def test_each_member_is_tempered_as_the_whole() -> None:
    members = np.log([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    assert spread_of(members, CLASS_NAMES, None)["benign"] == Range(pytest.approx(0.1), pytest.approx(0.5))
    halved = Calibration(0.5, {}, 0, "made up", True, {}, {}, {})
    squared = np.array([[0.25, 0.0625, 0.0625], [0.01, 0.01, 0.64]])
    shares = squared / squared.sum(axis=1, keepdims=True)
    found = spread_of(members, CLASS_NAMES, halved)
    assert [one.high for one in found.values()] == pytest.approx(shares.max(axis=0))
    assert [one.low for one in found.values()] == pytest.approx(shares.min(axis=0))


def test_it_is_the_same_in_company_and_where_the_features_come_from_elsewhere(
    ensemble, picture, tmp_path
) -> None:
    images = [picture(seed) for seed in (2, 3, 4)]
    path = tmp_path / "ensemble.safetensors"
    save_checkpoint(path, ensemble.model, ensemble.manifest)
    engines = Engines(TorchEngine(ensemble.model.features, CPU))
    elsewhere = replace(ensemble, model=load_tail(path), engines=engines)
    for image, together, other in zip(
        images, predict_batch(images, ensemble), predict_batch(images, elsewhere), strict=True
    ):
        alone = predict(image, ensemble).spread
        for name in CLASS_NAMES:
            expected = (alone[name].low, alone[name].high)
            assert (together.spread[name].low, together.spread[name].high) == pytest.approx(
                expected, abs=1e-5
            )
            assert (other.spread[name].low, other.spread[name].high) == pytest.approx(expected, abs=1e-5)


def test_one_model_alone_has_none(tiny_checkpoint, picture) -> None:
    assert predict(picture(1), load_checkpoint(tiny_checkpoint)).spread is None


def test_the_name_says_how_many_there_are() -> None:
    assert (member_count("resnet18"), member_count(NAME), member_count("ensemble:12:timm:x")) == (1, 3, 12)
