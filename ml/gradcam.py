"""Grad-CAM of every class through the grad-cam library, run on the tail alone with the features as its input.

The maps equal the library's on the whole model: gradients at the Grad-CAM layer do not depend on what lies
before it. The backward pass is a pooling and two small layers instead of a whole network.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.image import scale_cam_image
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch import Tensor, nn

from ml.model import SplitClassifier

FloatMap = NDArray[np.float32]


class _FeatureGridGradCAM(GradCAM):
    """The library's Grad-CAM with maps left in the size of the feature grid."""

    def get_target_width_height(self, input_tensor: Tensor) -> None:  # noqa: ARG002 (the library's signature)
        return None


def class_maps(model: SplitClassifier, features: Tensor, classes: Sequence[int] | None = None) -> FloatMap:
    """Maps N×classes×h×w in 0..1 on the feature grid (12×12 at 384 px); all zero where there is no evidence.

    Every class by default. Leaves no hook and no gradient behind; do not call between backward and step.
    """
    wanted = range(model.num_classes) if classes is None else classes
    if not all(0 <= index < model.num_classes for index in wanted):
        raise IndexError(f"Classes {list(wanted)} do not lie in 0..{model.num_classes - 1}.")
    own = features.detach().clone()  # autograd refuses tensors made in inference mode
    with _frozen(model.tail), torch.enable_grad():
        maps = [_one_class(model, own, index) for index in wanted]
    return np.stack(maps, axis=1)


def upscale(grid_map: FloatMap, size: tuple[int, int]) -> FloatMap:
    """A map in 0..1 enlarged to `size` = (width, height) in pixels by the library's own function."""
    enlarged = scale_cam_image(grid_map[None], size)
    return scale_cam_image(enlarged)[0]


def _one_class(model: SplitClassifier, features: Tensor, index: int) -> FloatMap:
    # Not a `with` block: the library's __exit__ swallows an IndexError and prints it.
    cam = _FeatureGridGradCAM(model.tail, [model.tail.cam], reshape_transform=model.reshape)
    try:
        leaf = features.detach().requires_grad_()  # its own leaf a class: hooks and gradients die with it
        return cam(leaf, [ClassifierOutputTarget(index)] * len(leaf))
    finally:
        cam.activations_and_grads.release()


@contextmanager
def _frozen(tail: nn.Module) -> Iterator[None]:
    """No weight gathers a gradient inside; modes and flags are as before afterwards."""
    modes = [(module, module.training) for module in tail.modules()]
    flags = [(weight, weight.requires_grad) for weight in tail.parameters()]
    tail.requires_grad_(requires_grad=False)
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
        for weight, flag in flags:
            weight.requires_grad_(flag)
