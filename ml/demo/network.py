"""The demo's network: shallow while it is trained, then grown into the full architecture unchanged."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

from ml.model import SplitClassifier, build_model, mlp_head
from ml.parts import Parts, resnet_parts
from ml.taxonomy import CLASS_NAMES, MODALITIES, Modality

STAGES = ("layer1", "layer2", "layer3", "layer4")
BLOCKS: dict[str, type[BasicBlock] | type[Bottleneck]] = {"resnet18": BasicBlock, "resnet152": Bottleneck}


class SharedNetwork(nn.Module):
    """One shallow backbone (the first blocks of each stage), a head a modality, two node-mask predictions."""

    def __init__(self, architecture: str, blocks: Sequence[int] = (1, 1, 1, 1)) -> None:
        super().__init__()
        self.architecture = architecture
        self.blocks = list(blocks)
        parts = _shallow_parts(architecture, self.blocks)
        self.features = parts.features
        self.neck = parts.neck
        self.dim = parts.dim
        self.heads = nn.ModuleList(mlp_head(parts.dim, len(CLASS_NAMES)) for _ in MODALITIES)
        self.masks = nn.ModuleList(nn.Conv2d(channels, 1, 1) for channels in (parts.dim // 2, parts.dim))

    def stages(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Feature maps of the last two stages, N×C×h×w."""
        *early, last = self.features.children()
        features = images
        for stage in early:
            features = stage(features)
        return features, last(features)

    def logits(self, features: Tensor, modality_rows: Tensor) -> Tensor:
        """Logits N×classes from last-stage features, each row by the head of its modality (index N)."""
        vectors = self.neck(features)
        every = torch.stack([head(vectors) for head in self.heads], dim=1)
        return every[torch.arange(len(vectors)), modality_rows]

    def classifier(self, modality: Modality) -> SplitClassifier:
        """An own copy of the shallow classifier of one modality, in evaluation mode."""
        parts = _shallow_parts(self.architecture, self.blocks)
        classifier = SplitClassifier(self.architecture, parts, len(CLASS_NAMES))
        classifier.features.load_state_dict(self.features.state_dict())
        classifier.tail.get_submodule("head").load_state_dict(
            self.heads[MODALITIES.index(modality)].state_dict()
        )
        return classifier.eval()


def grow(shallow: SplitClassifier) -> SplitClassifier:
    """The full architecture giving the same answers: every added block adds exactly zero to its input.

    An added block's last batch norm has weight and bias zero, so the block hands on relu(x + 0) = x, because
    what enters it has been through a ReLU already. Its other weights are random.
    """
    full = build_model(shallow.architecture, shallow.num_classes)
    for stage in STAGES:
        trained = len(getattr(shallow.features, stage))
        for block in getattr(full.features, stage)[trained:]:
            last = block.bn3 if isinstance(block, Bottleneck) else block.bn2
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
    full.load_state_dict(full.state_dict() | shallow.state_dict())
    return full.eval()


def without_idle_blocks(model: SplitClassifier) -> SplitClassifier:
    """A copy without the blocks that `grow` added: the same answers in a fraction of the time."""
    slim = copy.deepcopy(model)
    for stage in STAGES:
        blocks = getattr(slim.features, stage)
        setattr(slim.features, stage, nn.Sequential(*(block for block in blocks if not _is_idle(block))))
    return slim


def _is_idle(block: nn.Module) -> bool:
    """It adds exactly zero to its input."""
    last = block.bn3 if isinstance(block, Bottleneck) else block.bn2
    return block.downsample is None and not bool(last.weight.any() or last.bias.any())


def block_count(architecture: str) -> int:
    """Residual blocks of the full architecture."""
    with torch.device("meta"):
        full = build_model(architecture, len(CLASS_NAMES))
    return sum(len(getattr(full.features, stage)) for stage in STAGES)


def round_to_half(model: nn.Module) -> None:
    """Round weights and statistics to what float16 can hold, so that storing them loses nothing."""
    for tensor in [*model.parameters(), *model.buffers()]:
        if tensor.is_floating_point():
            tensor.data.copy_(tensor.data.half().float())


def set_statistics(model: SplitClassifier, images: Tensor, batch: int = 40) -> None:
    """Recompute the batch-norm means and variances from `images` (N×3×H×W, normalised), batch by batch."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain average over the batches
    model.train()
    with torch.no_grad():
        for part in images.split(batch):
            model.features(part)
    model.eval()
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum


def _shallow_parts(architecture: str, blocks: list[int]) -> Parts:
    return resnet_parts(ResNet(BLOCKS[architecture], blocks, zero_init_residual=True))
