"""One shared backbone, one MLP head a task (paper §2.3, §2.4). Fine-tuning is the case of one task."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from ml.model import SplitClassifier, mlp_head


class MultiTaskClassifier(nn.Module):
    """logits of one task = heads[task](neck(features(images N×3×H×W)))."""

    def __init__(self, backbone: SplitClassifier, classes: Mapping[str, int]) -> None:
        super().__init__()
        self.features = backbone.features
        self.neck: nn.Module = backbone.tail.get_submodule("neck")
        self.heads = nn.ModuleDict({task: mlp_head(backbone.feature_dim, n) for task, n in classes.items()})

    def forward(self, images: Tensor, task: str) -> Tensor:
        return self.heads[task](self.neck(self.features(images)))
