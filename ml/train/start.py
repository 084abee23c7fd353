"""Where the weights begin: at random, from ImageNet, or from a file of this package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError

import torch
import torchvision
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.nn import functional

from ml.backbones import TIMM_PREFIX, find_backbone, network_for, split
from ml.data.samples import DataError
from ml.manifest import MANIFEST_KEY
from ml.model import SplitClassifier, build_model
from ml.parts import Parts
from ml.timm_parts import timm_parts

RANDOM, IMAGENET = "random", "imagenet"
BACKBONE_KEY = "cv4lymphnode-backbone"  # metadata key of backbone.safetensors: weights of no single task
POSITION_EMBEDDINGS = "features.pos_embedding"


def start_model(architecture: str, num_classes: int, input_size: int, start: str) -> SplitClassifier:
    """A classifier with a random head; its backbone starts at `start`: random, imagenet or a file."""
    try:
        if start == IMAGENET:
            model = SplitClassifier(architecture, imagenet_parts(architecture, input_size), num_classes)
        else:
            model = build_model(architecture, num_classes, input_size)
    except (KeyError, ValueError) as error:
        raise DataError(str(error.args[0])) from error
    if start not in (RANDOM, IMAGENET):
        load_backbone(model, Path(start))
    return model


def imagenet_parts(architecture: str, input_size: int) -> Parts:
    """The backbone with torchvision's (or timm's) ImageNet weights, or a sentence why not."""
    find_backbone(architecture)  # an unknown name is an error of its own
    try:
        if architecture.startswith(TIMM_PREFIX):
            return timm_parts(architecture.removeprefix(TIMM_PREFIX), input_size, pretrained=True)
        weights = torchvision.models.get_model_weights(architecture).DEFAULT
        network = network_for(architecture, input_size)
        state = dict(weights.get_state_dict(progress=True, check_hash=True))
    except (OSError, RuntimeError) as error:  # URLError is an OSError; a wrong hash is a RuntimeError
        raise DataError(_offline_message(architecture, error)) from error
    _fit_positions(state, "encoder.pos_embedding", network.state_dict())
    network.load_state_dict(state)
    return split(architecture, network)


def _offline_message(architecture: str, error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if architecture.startswith(TIMM_PREFIX):
        return f"The weights of {architecture} could not be fetched ({reason}). Use --start random or a file."
    url = torchvision.models.get_model_weights(architecture).DEFAULT.url
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    return (
        f"The ImageNet weights of {architecture} could not be fetched ({reason}). Without internet here, "
        f"download {url} elsewhere and put the file into {folder}, or use --start random."
    )


def load_backbone(model: SplitClassifier, path: Path) -> None:
    """Backbone weights from backbone.safetensors or a checkpoint of the same architecture; not the head."""
    tensors, architecture = _read_backbone(path)
    if architecture != model.architecture:
        raise DataError(f"'{path}' holds a {architecture}, but a {model.architecture} is to be trained.")
    wanted = {name for name in model.state_dict() if not name.startswith("tail.head.")}
    _fit_positions(tensors, POSITION_EMBEDDINGS, model.state_dict())
    missing = sorted(wanted - tensors.keys())
    if missing:
        raise DataError(f"'{path}' lacks {len(missing)} tensors of {architecture}, e.g. {missing[0]}.")
    try:
        model.load_state_dict({name: tensors[name] for name in wanted}, strict=False)
    except RuntimeError as error:
        raise DataError(f"The weights in '{path}' do not fit {architecture}: {error}") from error


def _read_backbone(path: Path) -> tuple[dict[str, Tensor], str]:
    if not path.is_file():
        raise DataError(f"The start '{path}' is no file. Use random, imagenet, or a .safetensors file.")
    try:
        with safe_open(path, framework="pt") as file:
            metadata: Mapping[str, str] = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
        described = json.loads(metadata.get(BACKBONE_KEY) or metadata[MANIFEST_KEY])
        return {name: _as_float(tensor) for name, tensor in tensors.items()}, str(described["architecture"])
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        raise DataError(f"'{path}' is no backbone or checkpoint of this package ({error}).") from error


def _as_float(tensor: Tensor) -> Tensor:
    return tensor.float() if tensor.is_floating_point() else tensor


def _fit_positions(state: dict[str, Tensor], key: str, wanted: Mapping[str, Tensor]) -> None:
    """Position embeddings 1×(1+hw)×C interpolated (bicubic) to the grid of another input size, in place."""
    if key not in state or key not in wanted or state[key].shape == wanted[key].shape:
        return
    token, grid = state[key][:, :1], state[key][:, 1:]
    old, new = (round(count**0.5) for count in (grid.shape[1], wanted[key].shape[1] - 1))
    square = grid.transpose(1, 2).reshape(1, -1, old, old)
    resized = functional.interpolate(square, size=(new, new), mode="bicubic", align_corners=True)
    state[key] = torch.cat([token, resized.flatten(2).transpose(1, 2)], dim=1)


def backbone_state(features: nn.Module, neck: nn.Module) -> dict[str, Tensor]:
    """The tensors of a backbone under the names they have in a SplitClassifier."""
    state = {f"features.{name}": tensor for name, tensor in features.state_dict().items()}
    return state | {f"tail.neck.{name}": tensor for name, tensor in neck.state_dict().items()}
