"""Known architectures, each split at its Grad-CAM layer; weights random, nothing is downloaded here."""

from collections.abc import Callable
from typing import Any

import torchvision
from torch import nn

from ml.parts import (
    Parts,
    ReshapeTransform,
    convnext_parts,
    efficientnet_parts,
    resnet_parts,
    vit_parts,
)
from ml.taxonomy import ARCHITECTURES
from ml.timm_parts import PREFIX as TIMM_PREFIX
from ml.timm_parts import timm_parts

__all__ = ["BACKBONES", "Parts", "ReshapeTransform", "find_backbone", "network_for", "resnet_parts", "split"]

VIT_PATCH = 16  # pixels

# Family of torchvision names -> how it is cut.
_FAMILIES: dict[str, Callable[[Any], Parts]] = {
    "resnet": resnet_parts,
    "convnext": convnext_parts,
    "efficientnet": efficientnet_parts,
    "vit": vit_parts,
}
_CUTS = {
    name: next(cut for family, cut in _FAMILIES.items() if name.startswith(family)) for name in ARCHITECTURES
}


def network_for(architecture: str, input_size: int) -> nn.Module:
    """The uncut torchvision network with random weights; `input_size` in pixels (ViT depends on it)."""
    if architecture.startswith("vit_"):
        if input_size % VIT_PATCH:
            raise ValueError(f"ViT needs an input size that is a multiple of {VIT_PATCH}, not {input_size}.")
        return torchvision.models.get_model(architecture, weights=None, image_size=input_size)
    return torchvision.models.get_model(architecture, weights=None)


def split(architecture: str, network: nn.Module) -> Parts:
    """`network` cut at its Grad-CAM layer."""
    return _CUTS[architecture](network)


def _builder(architecture: str) -> Callable[[int], Parts]:
    return lambda input_size: split(architecture, network_for(architecture, input_size))


# Architecture name -> builder; a builder is given the input size in pixels (ViT depends on it).
BACKBONES: dict[str, Callable[[int], Parts]] = {name: _builder(name) for name in _CUTS}


def find_backbone(architecture: str) -> Callable[[int], Parts]:
    """The builder of `architecture` (a known name or "timm:<name>"); raises KeyError with the known names."""
    if architecture.startswith(TIMM_PREFIX):
        return lambda input_size: timm_parts(architecture.removeprefix(TIMM_PREFIX), input_size)
    if architecture not in BACKBONES:
        known = ", ".join(BACKBONES)
        raise KeyError(f"Unknown architecture {architecture!r}; known are {known} and timm:<name>.")
    return BACKBONES[architecture]
