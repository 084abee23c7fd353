"""A classifier in two parts: `features` up to the Grad-CAM layer, `tail` from there to the logits."""

from collections import OrderedDict

from torch import Tensor, nn

from ml.backbones import Parts, ReshapeTransform, find_backbone

HIDDEN_UNITS = 256  # paper §2.3


def mlp_head(dim: int, num_classes: int) -> nn.Sequential:
    """Linear(dim → 256), ReLU, Linear(256 → num_classes): the paper's head, one a task (§2.3)."""
    return nn.Sequential(
        OrderedDict(
            hidden=nn.Linear(dim, HIDDEN_UNITS),
            relu=nn.ReLU(),
            logits=nn.Linear(HIDDEN_UNITS, num_classes),
        )
    )


class SplitClassifier(nn.Module):
    """logits N×classes = tail(features(images N×3×H×W)); the tail begins at the Grad-CAM layer `tail.cam`."""

    def __init__(self, architecture: str, parts: Parts, num_classes: int) -> None:
        super().__init__()
        self.architecture = architecture
        self.num_classes = num_classes
        self.feature_dim = parts.dim
        self.reshape: ReshapeTransform | None = parts.reshape
        self.features = parts.features
        # `cam` changes nothing: it is where the grad-cam library hangs its hooks.
        self.tail = nn.Sequential(
            OrderedDict(cam=nn.Identity(), neck=parts.neck, head=mlp_head(parts.dim, num_classes))
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.tail(self.features(images))


def build_model(architecture: str, num_classes: int, input_size: int = 384) -> SplitClassifier:
    """A classifier with random weights; KeyError for an unknown architecture. `input_size` in pixels."""
    if num_classes < 2:
        raise ValueError(f"A classifier needs at least two classes, not {num_classes}.")
    if architecture.startswith("ensemble:"):
        from ml.ensemble import build_ensemble  # noqa: PLC0415  it is made of these classifiers

        return build_ensemble(architecture, num_classes, input_size)
    return SplitClassifier(architecture, find_backbone(architecture)(input_size), num_classes)
