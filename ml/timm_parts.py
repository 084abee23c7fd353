"""Any backbone of the timm library, as "timm:<name>": the way to drop in an ultrasound foundation model."""

from typing import Any

import torch
from torch import Tensor, nn

from ml.parts import Parts, ReshapeTransform, token_grid

PREFIX = "timm:"


class MeanOfPatches(nn.Module):
    """Tokens N×(prefix+hw)×C to the mean of the patch tokens N×C."""

    def __init__(self, prefix: int) -> None:
        super().__init__()
        self.prefix = prefix

    def forward(self, tokens: Tensor) -> Tensor:
        return tokens[:, self.prefix :].mean(dim=1)


class ChannelsFirst(nn.Module):
    """N×h×w×C to N×C×h×w."""

    def forward(self, features: Tensor) -> Tensor:
        return features.permute(0, 3, 1, 2).contiguous()


def timm_parts(name: str, input_size: int, *, pretrained: bool = False) -> Parts:
    """The timm model `name` without its head, cut after its last stage; patch tokens are averaged."""
    network = _create(name, input_size, pretrained=pretrained)
    shape = _feature_shape(network, input_size)
    dim = int(getattr(network, "num_features"))  # noqa: B009  timm's own attribute
    if len(shape) == 3:
        prefix = int(getattr(network, "num_prefix_tokens", 0))
        return Parts(network, MeanOfPatches(prefix), dim, reshape=_checked_grid(name, shape, prefix))
    pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    if shape[1] == dim:
        return Parts(network, pool, dim)
    return Parts(nn.Sequential(network, ChannelsFirst()), pool, dim)


def _create(name: str, input_size: int, *, pretrained: bool) -> nn.Module:
    import timm  # noqa: PLC0415  only where such a model is asked for

    if name.partition(".")[0] not in timm.list_models():
        raise KeyError(f"timm {timm.__version__} has no model {name!r}.")
    common: dict[str, Any] = {"pretrained": pretrained, "num_classes": 0, "global_pool": ""}
    try:
        return timm.create_model(name, img_size=input_size, **common)
    except TypeError:  # networks that take any size have no such argument
        return timm.create_model(name, **common)


def _feature_shape(network: nn.Module, input_size: int) -> tuple[int, ...]:
    """Shape of the features, found with one image in evaluation mode (no statistics change)."""
    device = next(network.parameters()).device
    training = network.training
    network.eval()
    with torch.no_grad():
        shape = tuple(network(torch.zeros(1, 3, input_size, input_size, device=device)).shape)
    network.train(training)
    if len(shape) not in (3, 4):
        raise KeyError(f"Features of shape {shape} are neither a map nor tokens: Grad-CAM has no layer.")
    return shape


def _checked_grid(name: str, shape: tuple[int, ...], prefix: int) -> ReshapeTransform:
    side = round((shape[1] - prefix) ** 0.5)
    if side * side != shape[1] - prefix:
        raise KeyError(f"The patches of timm model {name!r} form no square grid ({shape[1]} tokens).")
    return token_grid(prefix)
