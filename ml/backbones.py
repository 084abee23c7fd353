"""Known architectures, each split at its Grad-CAM layer; weights random, nothing is downloaded here."""

from collections.abc import Callable
from dataclasses import dataclass

import torchvision
from torch import Tensor, nn

ReshapeTransform = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Parts:
    """One backbone cut in two at the layer that Grad-CAM looks at."""

    features: nn.Module  # image batch N×3×H×W -> what the Grad-CAM layer gives
    neck: nn.Module  # from there to a vector N×dim
    dim: int
    reshape: ReshapeTransform | None = (
        None  # tokens -> N×C×h×w, for grad-cam; None where features are N×C×h×w
    )


def resnet_parts(network: torchvision.models.ResNet) -> Parts:
    """A torchvision ResNet up to `layer4`, then average pooling; tensor names stay torchvision's."""
    names = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4")
    features = nn.Sequential()
    for name in names:
        features.add_module(name, getattr(network, name))
    neck = nn.Sequential()
    neck.add_module("pool", network.avgpool)
    neck.add_module("flatten", nn.Flatten())
    return Parts(features, neck, network.fc.in_features)


def _resnet(name: str) -> Callable[[int], Parts]:
    return lambda _input_size: resnet_parts(torchvision.models.get_model(name, weights=None))


# Architecture name -> builder, which is given the input size in pixels (position embeddings depend on it).
BACKBONES: dict[str, Callable[[int], Parts]] = {
    "resnet18": _resnet("resnet18"),
    "resnet50": _resnet("resnet50"),
    "resnet152": _resnet("resnet152"),
}


def find_backbone(architecture: str) -> Callable[[int], Parts]:
    """The builder of `architecture`; raises KeyError with the known names."""
    if architecture not in BACKBONES:
        raise KeyError(f"Unknown architecture {architecture!r}; known are {', '.join(BACKBONES)}.")
    return BACKBONES[architecture]
