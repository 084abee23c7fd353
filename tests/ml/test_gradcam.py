"""Maps made on the tail equal the grad-cam library's on the whole model, and leave nothing behind."""

import gc

import numpy as np
import pytest
import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

from ml.gradcam import class_maps, upscale
from ml.model import SplitClassifier, build_model


def random_model(architecture: str, seed: int, input_size: int = 64) -> SplitClassifier:
    """Random weights, batch-norm statistics of random images: features as spread as a trained model's."""
    torch.manual_seed(seed)
    model = build_model(architecture, 3, input_size)
    with torch.no_grad():
        for _ in range(2):
            model.train()(torch.randn(4, 3, 64, 64))
    return model.eval()


def library_maps(model: SplitClassifier, images: torch.Tensor) -> np.ndarray:
    """The usual recipe: the library on the whole model, once a class."""
    maps = []
    for index in range(model.num_classes):
        cam = GradCAM(model, [model.features[-1]])
        maps.append(cam(images, [ClassifierOutputTarget(index)] * len(images)))
        cam.activations_and_grads.release()
    model.zero_grad()
    return np.stack(maps, axis=1)


def own_maps(model: SplitClassifier, images: torch.Tensor) -> np.ndarray:
    with torch.inference_mode():
        features = model.features(images)
    size = (images.shape[3], images.shape[2])
    return np.stack([[upscale(grid, size) for grid in grids] for grids in class_maps(model, features)])


def assert_equal_maps(own: np.ndarray, reference: np.ndarray) -> int:
    """Correlation ≥ 0.999 where there is evidence, else both empty; gives the number of empty ones."""
    empty = 0
    for a, b in zip(own.reshape(-1, *own.shape[2:]), reference.reshape(-1, *own.shape[2:]), strict=True):
        assert a.any() == b.any()
        if b.any():
            assert np.corrcoef(a.ravel(), b.ravel())[0, 1] >= 0.999
            np.testing.assert_allclose(a, b, atol=1e-3)
        else:
            empty += 1
    return empty


@pytest.mark.parametrize(("architecture", "size"), [("resnet18", 64), ("resnet18", 128), ("resnet50", 96)])
def test_equals_the_library_on_the_whole_model(architecture, size):
    model = random_model(architecture, seed=size)
    assert_equal_maps(own_maps(model, images := torch.randn(3, 3, size, size)), library_maps(model, images))


def test_equals_the_library_for_resnet152_at_384_pixels():
    model = random_model("resnet152", seed=0)
    images = torch.randn(1, 3, 384, 384)
    assert_equal_maps(own_maps(model, images), library_maps(model, images))


def test_maps_without_evidence_are_empty_in_both():
    model = random_model("resnet18", seed=5)
    with torch.no_grad():
        # Features are never negative: with these weights they only ever speak against class 1.
        model.tail.head.hidden.weight.abs_()
        model.tail.head.logits.weight[1] = -model.tail.head.logits.weight[1].abs()
    images = torch.randn(2, 3, 96, 96)
    own = own_maps(model, images)
    assert assert_equal_maps(own, library_maps(model, images)) >= 2
    assert not own[:, 1].any()


def test_a_batch_gives_the_maps_of_its_images():
    model = random_model("resnet18", seed=1)
    features = model.features(torch.randn(4, 3, 96, 96)).detach()
    together = class_maps(model, features)
    alone = np.concatenate([class_maps(model, features[i : i + 1]) for i in range(4)])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_channels_last_features_give_the_same_maps():
    model = random_model("resnet18", seed=2)
    features = model.features(torch.randn(2, 3, 96, 96)).detach()
    turned = features.to(memory_format=torch.channels_last)
    np.testing.assert_allclose(class_maps(model, features), class_maps(model, turned), atol=1e-5)


def test_a_part_of_the_classes_in_the_order_asked():
    model = random_model("resnet18", seed=3)
    features = model.features(torch.randn(1, 3, 96, 96)).detach()
    every = class_maps(model, features)
    assert every.dtype == np.float32
    assert every.shape == (1, 3, 3, 3)
    assert every.min() >= 0
    assert every.max() <= 1
    np.testing.assert_array_equal(class_maps(model, features, [2, 0]), every[:, [2, 0]])


def living_tensors() -> int:
    gc.collect()
    return sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())


def hooks(model: torch.nn.Module) -> int:
    return sum(len(m._forward_hooks) + len(m._backward_hooks) for m in model.modules())


def test_a_hundred_runs_leave_no_hook_no_gradient_and_no_tensor():
    model = random_model("resnet18", seed=4).train()
    features = model.features(torch.randn(2, 3, 64, 64)).detach()
    class_maps(model, features)
    before = living_tensors()
    for _ in range(100):
        class_maps(model, features)
    assert living_tensors() == before
    assert hooks(model) == 0
    assert all(weight.grad is None for weight in model.parameters())
    assert all(weight.requires_grad for weight in model.parameters())
    assert all(module.training for module in model.modules())
    assert features.grad is None
    assert not features.requires_grad


@pytest.mark.parametrize("index", [3, -1])
def test_an_unknown_class_is_an_error_not_a_printed_line(index, capsys):
    model = random_model("resnet18", seed=6)
    with pytest.raises(IndexError):
        class_maps(model, torch.rand(1, 512, 2, 2), [index])
    assert capsys.readouterr().out == ""


def test_an_error_inside_leaves_no_hook_either():
    model = random_model("resnet18", seed=6)
    with pytest.raises(RuntimeError):
        class_maps(model, torch.rand(1, 7, 2, 2))
    assert hooks(model) == 0
    assert all(weight.requires_grad for weight in model.parameters())


def test_upscale_keeps_width_and_height_apart():
    grid = np.zeros((4, 4), dtype=np.float32)
    grid[0, 3] = 1  # top right
    enlarged = upscale(grid, (80, 40))
    assert enlarged.shape == (40, 80)
    assert enlarged.dtype == np.float32
    assert np.unravel_index(enlarged.argmax(), enlarged.shape)[0] < 10
    assert np.unravel_index(enlarged.argmax(), enlarged.shape)[1] >= 60
    assert enlarged.max() == pytest.approx(1, abs=1e-6)
