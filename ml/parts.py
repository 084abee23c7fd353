"""A backbone cut in two at the layer that Grad-CAM looks at, and how each family is cut."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torchvision.models import ConvNeXt, EfficientNet, ResNet, VisionTransformer

ReshapeTransform = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Parts:
    """One backbone cut in two at the layer that Grad-CAM looks at."""

    features: nn.Module  # image batch N×3×H×W -> what the Grad-CAM layer gives
    neck: nn.Module  # from there to a vector N×dim
    dim: int
    reshape: ReshapeTransform | None = None  # tokens -> N×C×h×w; None where features are N×C×h×w already


def resnet_parts(network: ResNet) -> Parts:
    """A torchvision ResNet up to `layer4`, then average pooling; tensor names stay torchvision's."""
    names = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4")
    features = _named(**{name: getattr(network, name) for name in names})
    return Parts(features, _named(pool=network.avgpool, flatten=nn.Flatten()), network.fc.in_features)


def convnext_parts(network: ConvNeXt) -> Parts:
    """A torchvision ConvNeXt up to its last stage, then pooling and its own layer norm."""
    neck = _named(pool=network.avgpool, norm=network.classifier[0], flatten=nn.Flatten())
    return Parts(network.features, neck, network.classifier[-1].in_features)


def efficientnet_parts(network: EfficientNet) -> Parts:
    """A torchvision EfficientNet up to its last 1×1 convolution, then pooling (no dropout)."""
    neck = _named(pool=network.avgpool, flatten=nn.Flatten())
    return Parts(network.features, neck, network.classifier[-1].in_features)


class VitTokens(nn.Module):
    """Image N×3×S×S to tokens N×(1+hw)×C: all transformer blocks but the last."""

    def __init__(self, network: VisionTransformer) -> None:
        super().__init__()
        self.conv_proj = network.conv_proj
        self.class_token = network.class_token
        self.pos_embedding = network.encoder.pos_embedding
        self.dropout = network.encoder.dropout
        self.layers = network.encoder.layers[:-1]

    def forward(self, images: Tensor) -> Tensor:
        patches = self.conv_proj(images).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.class_token.expand(len(patches), -1, -1), patches], dim=1)
        return self.layers(self.dropout(tokens + self.pos_embedding))


class ClassToken(nn.Module):
    """Tokens N×(1+hw)×C to the class token N×C."""

    def forward(self, tokens: Tensor) -> Tensor:
        return tokens[:, 0]


def vit_parts(network: VisionTransformer) -> Parts:
    """A torchvision ViT cut before its last block: behind it only the class token has a gradient."""
    neck = _named(block=network.encoder.layers[-1], norm=network.encoder.ln, token=ClassToken())
    return Parts(VitTokens(network), neck, network.hidden_dim, reshape=token_grid(1))


def token_grid(prefix: int) -> ReshapeTransform:
    """Tokens N×(prefix+hw)×C to N×C×h×w on the square patch grid; prefix = class and register tokens."""

    def reshape(tokens: Tensor) -> Tensor:
        patches = tokens[:, prefix:]
        side = round(patches.shape[1] ** 0.5)
        return patches.transpose(1, 2).reshape(len(patches), -1, side, side)

    return reshape


def _named(**modules: nn.Module) -> nn.Sequential:
    sequence = nn.Sequential()
    for name, module in modules.items():
        sequence.add_module(name, module)
    return sequence
