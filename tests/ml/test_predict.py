"""Answers: complete, repeatable, the same alone and in company."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ml.checkpoint import load_checkpoint
from ml.engines.base import Engines, Mode, Used
from ml.engines.torch_engine import TorchEngine
from ml.predict import predict, predict_batch
from ml.taxonomy import CLASS_NAMES
from ml.transforms import eval_transform


@pytest.fixture(scope="module")
def loaded(tiny_checkpoint):
    return load_checkpoint(tiny_checkpoint)


def test_probabilities_are_those_of_the_model(loaded, picture):
    image = picture(1)
    result = predict(image, loaded)
    with torch.no_grad():
        logits = loaded.model(eval_transform(loaded.manifest)(image)[None])[0]
    assert tuple(result.probabilities) == CLASS_NAMES
    np.testing.assert_allclose(list(result.probabilities.values()), logits.softmax(0).numpy(), atol=1e-6)
    np.testing.assert_allclose(result.logits, logits.numpy(), atol=1e-5)
    assert sum(result.probabilities.values()) == pytest.approx(1, abs=1e-12)


def test_maps_have_the_images_size_or_are_none(loaded, picture):
    result = predict(picture(2, width=130, height=47), loaded)
    assert list(result.maps) == list(CLASS_NAMES)
    present = [values for values in result.maps.values() if values is not None]
    assert present
    for values in present:
        assert values.shape == (47, 130)
        assert values.dtype == np.float32
        assert values.min() >= 0
        assert values.max() == pytest.approx(1, abs=1e-6)


def test_a_class_without_evidence_has_no_map(tiny_checkpoint, picture):
    own = load_checkpoint(tiny_checkpoint)
    head = own.model.tail.head
    head.hidden.weight.abs_()
    head.hidden.bias.abs_()
    head.logits.weight[2] = -head.logits.weight[2].abs()
    assert predict(picture(3), own).maps["metastatic"] is None


def test_the_same_image_gives_the_same_answer(loaded, picture):
    first, second = predict(picture(4), loaded), predict(picture(4), loaded)
    assert first.logits == second.logits
    for name in CLASS_NAMES:
        np.testing.assert_array_equal(first.maps.grids[name], second.maps.grids[name])


def test_a_batch_of_unlike_images_gives_the_answers_of_each_alone(loaded, picture):
    images = [picture(5), picture(6, 301, 40).convert("L"), picture(7, 33, 220).convert("RGBA"), picture(8)]
    together = predict_batch(images, loaded)
    for image, result in zip(images, together, strict=True):
        alone = predict(image, loaded)
        np.testing.assert_allclose(result.logits, alone.logits, atol=1e-4)
        for name in CLASS_NAMES:
            np.testing.assert_allclose(result.maps.grids[name], alone.maps.grids[name], atol=1e-3)
            if (values := result.maps[name]) is not None:
                assert values.shape == (image.height, image.width)


def test_an_extreme_neighbour_changes_nothing(loaded, picture):
    black, white = picture(9).point(lambda _: 0), picture(9).point(lambda _: 255)
    company = predict_batch([black, picture(10), white], loaded)[1]
    np.testing.assert_allclose(company.logits, predict(picture(10), loaded).logits, atol=1e-4)


def test_no_image_no_answer(loaded):
    assert predict_batch([], loaded) == []


def test_timings_add_up(loaded, picture):
    timings = predict(picture(11), loaded).timings_ms
    assert set(timings) == {"preprocess", "features", "cam", "total"}
    assert all(spent > 0 for spent in timings.values())
    assert timings["total"] == pytest.approx(timings["preprocess"] + timings["features"] + timings["cam"])


def test_bfloat16_is_close_and_off_by_default(loaded, picture):
    exact = predict(picture(12), loaded)
    assert exact.engine == Used("torch", Mode.EXACT)
    bf16 = Engines(TorchEngine(loaded.model.features, loaded.device, fast=True))
    rough = predict(picture(12), replace(loaded, engines=bf16))
    assert rough.engine == Used("torch", Mode.FAST)
    assert rough.logits != exact.logits
    np.testing.assert_allclose(rough.logits, exact.logits, atol=0.1)


def test_weights_and_gradients_are_untouched(loaded, picture):
    before = {name: tensor.clone() for name, tensor in loaded.model.state_dict().items()}
    predict_batch([picture(13), picture(14)], loaded)
    assert all(torch.equal(before[name], tensor) for name, tensor in loaded.model.state_dict().items())
    assert all(weight.grad is None and not weight.requires_grad for weight in loaded.model.parameters())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_gives_the_answers_of_the_cpu(tiny_checkpoint, loaded, picture):
    on_cuda = predict_batch([picture(15), picture(16)], load_checkpoint(tiny_checkpoint, "cuda"))
    for result, reference in zip(on_cuda, predict_batch([picture(15), picture(16)], loaded), strict=True):
        np.testing.assert_allclose(result.logits, reference.logits, atol=1e-2)
